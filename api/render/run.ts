// What is the same wherever a run is shown: its line, its operator, whether its times are live. Legs and board rows share these members.

import type { TimeState } from '#api/contract/board.ts'
import type { Mode } from '#api/contract/common.ts'
import { displayNameIsShortName, modeInVersion } from '#api/contract/versions.ts'
import { NONE, type RouteIdx, type StopIdx } from '#engine/core/ids.ts'
import { type RunKey, wheelchairOn } from '#engine/horizon/runs.ts'
import { runKey } from '#engine/live/runs.ts'
import type { RunSigns } from '#engine/live/signs.ts'
import { Source } from '#engine/live/state.ts'
import { headwayOf } from '#engine/timetable/frequencies.ts'
import { Access, type Timetable, tripBikes } from '#engine/timetable/timetable.ts'
import { modeOfRouteType } from './modes.ts'
import type { View } from './place.ts'
import {
  agencyName,
  colorText,
  inLanguage,
  placeName,
  publicRouteId,
  publicTripId,
  routeLongName,
  routeShortName,
  text,
  textOrNone,
  tripShortName,
} from './texts.ts'

/** Real time is only what a feed states or what follows from it. */
export const isLive = (source: Source): boolean =>
  source === Source.predicted || source === Source.propagated || source === Source.recorded

export function timeState(source: Source): TimeState {
  if (isLive(source)) return 'live'
  if (source === Source.noData) return 'nodata'
  return source === Source.stale ? 'stale' : 'scheduled'
}

/** Of a view what names need. */
export type Said = Pick<View, 'horizon' | 'language' | 'realtime'>

/** What the feed has the run say in place of what is planned (H5). */
const signsOf = ({ horizon, realtime }: Said, run: RunKey): RunSigns | undefined =>
  realtime && horizon.signs?.size ? horizon.signs.get(runKey(run)) : undefined

/** The sign on the vehicle at this call: the stop's own headsign, else the trip's, else where the trip ends. */
export function headsign(view: Said, run: RunKey, position: number): string {
  const { horizon, language: languages } = view
  const tt = horizon.timetable
  const told = signsOf(view, run)
  const own = told?.stops?.[position]
  if (own !== undefined) return own
  const [feed, row] = [tt.tripFeed[run.trip], run.trip]
  const list = tt.tripHeadsigns[run.trip]!
  if (list !== NONE && tt.headsigns[list + position] !== 0) {
    const [sub, own] = [stopSequence(tt, run, position), tt.headsigns[list + position]!]
    return inLanguage(tt, { field: 'stop_times.stop_headsign', feed, row, sub, text: own }, languages)
  }
  if (told?.headsign !== undefined) return told.headsign
  const original = { field: 'trips.trip_headsign', feed, row, text: tt.tripHeadsign[run.trip]! } as const
  return inLanguage(tt, original, languages) || placeName(tt, lastStop(tt, run), languages)
}

function lastStop(tt: Timetable, run: Pick<RunKey, 'trip'>): StopIdx {
  return (tt.slots[tt.slotBegin[tt.tripPattern[run.trip] + 1]! - 1]! >>> 2) as StopIdx
}

/** Stable within the run, whatever realtime adds before it. */
export const stopSequence = (tt: Timetable, run: Pick<RunKey, 'trip'>, position: number): number =>
  tt.sequences[tt.tripSequences[run.trip]! + position]!

/** The trip's own number, as it is called now. */
const shortName = (view: Said, run: RunKey): string =>
  signsOf(view, run)?.shortName ?? tripShortName(view.horizon.timetable, run.trip, view.language)

/** Name riders read on the vehicle: the line, else the trip's own number, else the route's long name. */
export function displayName(view: Said, run: RunKey): string {
  const { horizon, language } = view
  const tt = horizon.timetable
  const route = tt.patternRoute[tt.tripPattern[run.trip]]
  return routeShortName(tt, route, language) || shortName(view, run) || routeLongName(tt, route, language)
}

export function modeOfRun(view: View, run: Pick<RunKey, 'trip'>): Mode {
  const tt = view.horizon.timetable
  return modeOfRoute(view, tt.patternRoute[tt.tripPattern[run.trip]])
}

const modeOfRoute = ({ horizon, version }: View, route: RouteIdx): Mode =>
  modeInVersion(modeOfRouteType(horizon.timetable.routeType[route]!), version)

/** Members that MOTIS' Leg and StopTime have in common. */
export function lineMembers(view: View, run: RunKey) {
  const tt = view.horizon.timetable
  const route = tt.patternRoute[tt.tripPattern[run.trip]]
  return { ...routeMembers(view, route, tt.tripDirection[run.trip]!), ...tripMembers(view, run) }
}

/** Those that all runs of a line have alike. */
export function routeMembers(view: View, route: RouteIdx, direction: number) {
  const tt = view.horizon.timetable
  const agency = tt.routeAgency[route]
  const known = agency < tt.counts.agencies
  return {
    mode: modeOfRoute(view, route),
    routeId: publicRouteId(tt, route),
    routeUrl: textOrNone(tt, tt.routeUrl[route]!),
    directionId: direction === 1 ? ('1' as const) : ('0' as const),
    routeColor: colorText(tt.routeColor[route]!),
    routeTextColor: colorText(tt.routeTextColor[route]!),
    routeType: tt.routeType[route]!,
    agencyId: known ? text(tt, tt.agencyId[agency]!) : '',
    agencyName: agencyName(tt, route, view.language),
    agencyUrl: known ? text(tt, tt.agencyUrl[agency]!) : '',
  }
}

/** Those that are the run's own. */
export function tripMembers(view: View, run: RunKey) {
  const tt = view.horizon.timetable
  const route = tt.patternRoute[tt.tripPattern[run.trip]]
  const display = displayName(view, run)
  const wheelchair = wheelchairOn(view.horizon, run, view.realtime)
  const bikes = tripBikes(tt, run.trip)
  return {
    tripId: publicTripId(tt, run.trip, run.day, run.shift),
    routeShortName: displayNameIsShortName(view.version) ? display : routeShortName(tt, route, view.language),
    routeLongName: routeLongName(tt, route, view.language),
    tripShortName: shortName(view, run),
    displayName: display,
    headway: headwayOf(tt, run.trip, run.shift),
    bikesAllowed: bikes === Access.unknown ? undefined : bikes === Access.yes,
    wheelchairAccessible:
      wheelchair === Access.unknown
        ? undefined
        : wheelchair === Access.yes
          ? ('ACCESSIBLE' as const)
          : ('NOT_ACCESSIBLE' as const),
    reservation: 'NONE' as const,
  }
}
