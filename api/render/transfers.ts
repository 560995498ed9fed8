// Where one can change to from a stop: how long the search allows for it, and how long the way along the streets is for whom.

import type { TransfersResponse } from '#api/contract/map.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { changeBetween } from '#engine/footpaths/footpaths.ts'
import { kindNames, kindOf, traitsOf } from '#engine/street/graph.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile } from '#engine/street/profile.ts'
import type { StreetSearch } from '#engine/street/search.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import { stopPlace, type View } from './place.ts'

const MAX_SECONDS = 3600

/** @param equivalences stops that a board of this one shows as well */
export function renderTransfers(
  view: View,
  streets: StreetSearch | undefined,
  stop: StopIdx,
  equivalences: readonly StopIdx[],
): TransfersResponse {
  const { footpaths, timetable: tt } = view.horizon
  const others = footpaths.outTo.subarray(footpaths.outBegin[stop]!, footpaths.outBegin[stop + 1]!)
  const targets = [stop, ...(Array.from(others) as StopIdx[])]
  return {
    place: stopPlace(view, stop),
    root: stopPlace(view, rootStop(tt, stop)),
    equivalences: equivalences.map(other => stopPlace(view, other)),
    hasFootTransfers: streets !== undefined,
    hasWheelchairTransfers: streets !== undefined,
    hasCarTransfers: false,
    transfers: targets.flatMap(to => {
      // one table is searched: what transfers.txt says where it says something, else the walk along the streets
      const seconds = changeBetween(footpaths, stop, to)
      if (seconds === undefined) return []
      return [{ to: stopPlace(view, to), default: minutesOf(seconds), ...(streets && waysBetween(streets, stop, to)) }]
    }),
  }
}

const minutesOf = (seconds: number): number => Math.round(seconds / 6) / 10

function waysBetween(streets: StreetSearch, from: StopIdx, to: StopIdx) {
  const path = (profile: Profile) =>
    streetPath(streets, { stop: from }, { stop: to }, { profile, maxSeconds: MAX_SECONDS, maxMatchingDistance: 0 })
  const foot = path(Profile.foot)
  const wheelchair = path(Profile.wheelchair)
  const { graph } = streets
  return {
    foot: foot && minutesOf(foot.seconds),
    wheelchair: wheelchair && minutesOf(wheelchair.seconds),
    wheelchairUsesElevator: wheelchair?.stretches.some(
      ({ edge }) => kindNames[kindOf(traitsOf(graph, edge))] === 'elevator',
    ),
  }
}
