// Every run as it goes, straight from the timetable and the live state: no horizon, no lanes. What the slow twin (reference.ts) rides.

import type { PatternIdx, TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { DROP_OFF_SHIFT, isOpen, type LiveState, PICKUP_SHIFT, RunState } from '#engine/live/state.ts'
import { frequencyShifts } from '#engine/timetable/frequencies.ts'
import {
  CAN_ALIGHT,
  CAN_BOARD,
  dayStart,
  runsOn,
  slotStop,
  type Timetable,
  zoneOfTrip,
} from '#engine/timetable/timetable.ts'
import type { Need, Wishes } from '#engine/transit/options.ts'
import { plainChains } from './plain-continuations.ts'

export interface PlainCall {
  readonly stop: number
  readonly arrival: number
  readonly departure: number
  readonly board: boolean
  readonly alight: boolean
  readonly trip: number
}

export interface PlainRun {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  readonly calls: PlainCall[]
  /** The trips of one vehicle laid end to end, for riders who stay: boarded in the first, left in a later one. */
  readonly parts?: readonly number[]
}

/** Every run of every day as it really goes, in UnixSeconds. */
export function allRuns(tt: Timetable, live?: LiveState): PlainRun[] {
  const runs: PlainRun[] = []
  const changed = new Map<string, number>()
  for (let r = 0; r < (live?.runs.runs ?? 0); r++) {
    const { runTrip, runDay, runShift } = live!.runs as unknown as Record<string, number[]>
    changed.set(`${runTrip![r]}@${runDay![r]}+${runShift![r]}`, r)
  }
  for (let t = 0; t < tt.counts.trips; t++) {
    const trip = t as TripIdx
    const pattern = tt.tripPattern[trip] as PatternIdx
    const shifts = tt.tripFrequencyBegin[t + 1]! > tt.tripFrequencyBegin[t]! ? [...frequencyShifts(tt, trip)] : [0]
    for (let d = 0; d < tt.counts.days; d++) {
      const day = (tt.counts.firstDay + d) as ServiceDay
      if (!runsOn(tt, tt.tripService[trip], day)) continue
      const start = dayStart(tt, zoneOfTrip(tt, trip), day)
      for (const shift of shifts) {
        const r = changed.get(`${t}@${day}+${shift}`)
        const runsLive = live?.runs as unknown as Record<string, number[]>
        if (r !== undefined && runsLive.runState![r] !== RunState.running) continue
        const calls: PlainCall[] = []
        const length = tt.slotBegin[pattern + 1]! - tt.slotBegin[pattern]!
        for (let i = 0; i < length; i++) {
          const word = tt.slots[tt.slotBegin[pattern]! + i]!
          const at = tt.tripProfile[t]! + 2 * i
          const e = r === undefined ? -1 : runsLive.eventBegin![r]! + i
          const flags = e < 0 ? 0 : runsLive.eventFlags![e]!
          calls.push({
            stop: e < 0 ? slotStop(word) : runsLive.eventStop![e]!,
            arrival: start + (e < 0 ? tt.tripStart[t]! + shift + tt.profileTimes[at]! : runsLive.eventArrival![e]!),
            departure:
              start + (e < 0 ? tt.tripStart[t]! + shift + tt.profileTimes[at + 1]! : runsLive.eventDeparture![e]!),
            board: i < length - 1 && isOpen(flags, PICKUP_SHIFT, (word & CAN_BOARD) !== 0),
            alight: i > 0 && isOpen(flags, DROP_OFF_SHIFT, (word & CAN_ALIGHT) !== 0),
            trip,
          })
        }
        runs.push({ trip, day, shift, calls })
      }
    }
  }
  return [...runs, ...throughRuns(tt, runs)]
}

function throughRuns(tt: Timetable, runs: readonly PlainRun[]): PlainRun[] {
  const through: PlainRun[] = []
  for (let d = 0; d < tt.counts.days; d++) {
    const day = (tt.counts.firstDay + d) as ServiceDay
    for (const chain of plainChains(tt, day))
      for (let n = 2; n <= chain.length; n++) {
        const parts = chain.slice(0, n)
        const ridden = parts.map(part => runs.find(r => r.trip === part.trip && r.day === part.day))
        if (ridden.includes(undefined)) break
        let latest = Number.NEGATIVE_INFINITY
        const calls = ridden.flatMap((run, p) =>
          run!.calls.slice(p === 0 ? 0 : 1).map(c => {
            const arrival = Math.max(latest, c.arrival)
            latest = Math.max(arrival, c.departure)
            return { ...c, arrival, departure: latest, board: c.board && p === 0, alight: c.alight && p > 0 }
          }),
        )
        const trips = parts.map(({ trip }) => trip)
        through.push({ trip: trips[0] as TripIdx, day, shift: 0, calls, parts: trips })
      }
  }
  return through
}

/** The runs that a traveller with these wishes can use, doors closed at stops that are no good. */
export function usableRuns(
  tt: Timetable,
  runs: readonly PlainRun[],
  { allowedRoutes, bikes, wheelchair, wheelchairStops }: Wishes,
): PlainRun[] {
  const good = (need: Need, value: number): boolean =>
    need === 'no' || value === 1 || (need === 'yes-or-unknown' && value === 0)
  return runs
    .filter(({ trip, parts = [trip] }) =>
      parts.every(part => {
        const access = tt.tripAccess[part]!
        const route = tt.patternRoute[tt.tripPattern[part as TripIdx]]
        return (
          (!allowedRoutes || allowedRoutes[route] === 1) &&
          good(wheelchair, access & 3) &&
          good(bikes, (access >> 2) & 3)
        )
      }),
    )
    .map(run => ({
      ...run,
      calls: run.calls.map(c => {
        const open = good(wheelchairStops, tt.stopWheelchair[c.stop]!)
        return { ...c, board: c.board && open, alight: c.alight && open }
      }),
    }))
}

/** The same runs with time running backwards. */
export const backwards = (runs: readonly PlainRun[]): PlainRun[] =>
  runs.map(run => ({
    ...run,
    calls: run.calls
      .map(c => ({ ...c, arrival: -c.departure, departure: -c.arrival, board: c.alight, alight: c.board }))
      .reverse(),
  }))
