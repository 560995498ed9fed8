// Other runs for one ride of a journey: those before and after it that go from the same station to the same station, whatever their line,
// and fit between the rides around it, so that one ride can be taken instead without touching the others.
//
//   S1 ──▶ B   change   ┌ U2 10:14 ─▶ 10:25 ┐   change   R5 10:40 ──▶       an alternative leaves no sooner than S1's riders can be
//                       └ U2 10:24 ─▶ 10:35 ┘                               there, and arrives in time for R5
//
// The first ride may leave at any time before, the last arrive at any time after. Staying seated counts for the journey's own rides only. With
// places on the way an alternative comes by them as the ride does (via-legs.ts).

import { stopEvents } from '../board/departures.ts'
import type { StopIdx, TripIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { changeBetween } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { type RunKey, readRun } from '../horizon/runs.ts'
import { runKey } from '../live/runs.ts'
import { isServed } from '../live/state.ts'
import { rootStop } from '../timetable/timetable.ts'
import type { Journey, Leg, LegEnd, RideLeg } from '../transit/journey.ts'
import { usableRun, usableStop } from '../transit/options.ts'
import type { Reach } from '../transit/range.ts'
import { platformsOf } from './access.ts'
import { lookAt } from './moment.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { changesOf, endsOf } from './side.ts'
import { passesAll, placesOf } from './via-legs.ts'

/** The way to an alternative, the ride, and the way from it. */
export type Alternative = readonly [before: Leg, ride: RideLeg, after: Leg]

/** Alternatives for the ride that begins at a leg of a journey: at most `limit`, the nearest in time, by departure. */
export type FindAlternatives = (journey: Journey, index: number, limit: number) => Alternative[]

/** How far from the ride's departure is looked, in seconds: first near, then far. */
const SPANS = [2 * 3600, 24 * 3600]

/**
 * @param q the query whose journeys these are: its wishes hold for alternatives as well
 * @param inOrder can these walks be made then?
 */
export function alternativesFor(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  inOrder: (legs: readonly Leg[]) => boolean = () => true,
): FindAlternatives {
  const { timetable: tt } = planner
  const copies = stopCopies(tt)
  const usual = changesOf(planner, q)
  let ends: readonly [access: ReadonlyMap<number, number>, egress: ReadonlyMap<number, number>] | undefined
  const around = () => {
    if (ends) return ends
    const { start, end } = endsOf(planner, q)
    ends = [secondsOf(start), secondsOf(end)]
    return ends
  }

  return (journey, index, limit) => {
    const { legs } = journey
    const first = legs[index] as RideLeg
    const last = lastSeated(legs, index)
    const before = legs.slice(0, index).findLast(leg => leg.kind === 'ride')
    const after = legs.slice(legs.indexOf(last) + 1).find(leg => leg.kind === 'ride')
    const destination = rootStop(tt, last.to)
    const places = placesOf(tt, q.vias, journey, first, last)
    if (places.walked) return []
    const changed = [...(before ? [before.to] : []), ...(after ? platformsOf(tt, destination) : [])]
    const looked = lookAt(planner, changed)
    const footpaths = looked ? changesOf(looked, q) : usual
    const changeTo = (stop: StopIdx, trip: TripIdx, { to, trip: other }: RideLeg): number | undefined =>
      changeBetween(footpaths, copies.at(to, other), copies.at(stop, trip))
    const changeFrom = (stop: StopIdx, trip: TripIdx, { from, trip: other }: RideLeg): number | undefined =>
      changeBetween(footpaths, copies.at(stop, trip), copies.at(from, other))
    const secondsTo = (stop: StopIdx, trip: TripIdx): number | undefined =>
      before ? changeTo(stop, trip, before) : around()[0].get(stop)
    const secondsFrom = (stop: StopIdx, trip: TripIdx): number | undefined =>
      after ? changeFrom(stop, trip, after) : around()[1].get(stop)

    /** The ride from a call to the journey's next place to change, if it gets there in time. */
    const tryRun = (key: RunKey, position: number): Alternative | undefined => {
      if (isSameRun(key, first) || !usableRun(horizon, q, key)) return undefined
      const { calls, state } = readRun(horizon, key, q.realtime)
      const from = calls[position]!
      const way = secondsTo(from.stop, key.trip)
      if (!isServed(state) || !from.canBoard || way === undefined) return undefined
      if (!usableStop(tt, q.wheelchairStops, from.stop) || (before && before.arrival + way > from.departure))
        return undefined
      if (places.before && (from.stop !== first.from || from.departure < first.departure)) return undefined
      for (let alight = position + 1; alight < calls.length; alight++) {
        const to = calls[alight]!
        if (rootStop(tt, to.stop) !== destination || !to.canAlight || !usableStop(tt, q.wheelchairStops, to.stop))
          continue
        const onwards = secondsFrom(to.stop, key.trip)
        if (onwards === undefined) continue
        if (after && to.arrival + onwards > after.departure) return undefined
        if (places.after && (to.stop !== last.to || to.arrival > last.arrival)) continue
        if (!passesAll(places.passed, calls, position, alight)) continue
        const { departure } = from
        const { arrival } = to
        const { trip, day, shift } = key
        const start: LegEnd = before ? { kind: 'stop', stop: before.to } : { kind: 'start' }
        const end: LegEnd = after ? { kind: 'stop', stop: after.from } : { kind: 'end' }
        const [boards, alights] = [atStop(from.stop), atStop(to.stop)]
        const alternative: Alternative = [
          { kind: 'walk', from: start, to: boards, departure: (departure - way) as UnixSeconds, arrival: departure },
          { kind: 'ride', trip, day, shift, board: position, alight, from: from.stop, to: to.stop, departure, arrival },
          { kind: 'walk', from: alights, to: end, departure: arrival, arrival: (arrival + onwards) as UnixSeconds },
        ]
        return inOrder(alternative) ? alternative : undefined
      }
      return undefined
    }

    const platforms = platformsOf(tt, rootStop(tt, first.from))
    const away = ([, ride]: Alternative): number => Math.abs(ride.departure - first.departure)
    const found = new Map<string, Alternative>()
    for (const direction of ['earlier', 'later'] as const) {
      const board = { arrivals: false, from: first.departure, direction, limit: 0, realtime: q.realtime }
      // a run that calls twice is one alternative, from its call nearest in time
      let here = new Map<string, Alternative>()
      for (const window of SPANS) {
        here = new Map()
        for (const event of stopEvents(horizon, platforms, { ...board, window, withClosedCalls: false })) {
          const run = runKey(event)
          const alternative = event.cancelled || here.has(run) ? undefined : tryRun(event, event.position)
          if (alternative) here.set(run, alternative)
          if (here.size === limit) break
        }
        if (here.size === limit) break
      }
      for (const [run, alternative] of here) {
        const other = found.get(run)
        if (!other || away(alternative) < away(other)) found.set(run, alternative)
      }
    }
    return [...found.values()]
      .sort((a, b) => away(a) - away(b))
      .slice(0, limit)
      .sort((a, b) => a[1].departure - b[1].departure || a[1].arrival - b[1].arrival)
  }
}

const atStop = (stop: StopIdx): LegEnd => ({ kind: 'stop', stop })

const isSameRun = (a: RunKey, b: RunKey): boolean => a.trip === b.trip && a.day === b.day && a.shift === b.shift

const secondsOf = ({ count, stops, seconds }: Reach): Map<number, number> =>
  new Map(Array.from({ length: count }, (_, i) => [stops[i]!, seconds[i]!]))

/** The last leg for which the rider keeps the seat taken at `index`. */
function lastSeated(legs: readonly Leg[], index: number): RideLeg {
  let last = legs[index] as RideLeg
  for (let i = index + 1; ; i++) {
    const next = legs[i]
    if (next?.kind !== 'ride' || !next.stayed) return last
    last = next
  }
}
