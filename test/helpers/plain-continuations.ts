// The slow twin of timetable/continuations.ts: which trips a rider may stay on, trip by trip as the rules say it (S31, S35).

import { metresBetween } from '#engine/core/geo.ts'
import { NONE, type ServiceIdx, type TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import {
  CAN_ALIGHT,
  dayStart,
  rootStop,
  runsOn,
  slotStop,
  type Timetable,
  zoneOfTrip,
} from '#engine/timetable/timetable.ts'

interface Trip extends PlainPart {
  readonly block: string
  readonly runs: boolean
  readonly repeated: boolean
  readonly zone: number
  /** Seconds of the service day. */
  readonly start: number
  readonly end: number
  /** When its service day begins. */
  readonly midnight: number
  readonly calls: readonly { readonly stop: number; readonly station: number; readonly alight: boolean }[]
}

interface Rule {
  readonly from: number
  readonly to: number
  readonly type: number
}

interface Said {
  readonly trips: readonly Trip[]
  readonly ofBlock: ReadonlyMap<string, readonly Trip[]>
  readonly rulesOf: ReadonlyMap<number, readonly Rule[]>
}

/** Rows of transfers.txt between two trips. */
const tripRules = (tt: Timetable): Rule[] =>
  Array.from({ length: tt.counts.transfers }, (_, i) => ({
    from: tt.transferFromTrip[i]!,
    to: tt.transferToTrip[i]!,
    type: tt.transferType[i]!,
  })).filter(rule => rule.from !== NONE && rule.to !== NONE)

/** A trip on a service day. */
export interface PlainPart {
  readonly trip: number
  readonly day: number
}

/** Chains of trips of one vehicle that begin on a day, each as long as a rider may stay. */
export function plainChains(tt: Timetable, day: ServiceDay): PlainPart[][] {
  const known = new Map<number, Said>()
  const saidOn = (d: number): Said =>
    known.getOrInsertComputed(d, () => {
      const trips = Array.from({ length: tt.counts.trips }, (_, t) => tripOf(tt, t as TripIdx, d as ServiceDay))
      return {
        trips,
        ofBlock: Map.groupBy(trips, ({ block }) => block),
        rulesOf: Map.groupBy(tripRules(tt), ({ from }) => from),
      }
    })
  const chains: PlainPart[][] = []
  for (const first of saidOn(day).trips) {
    const chain = [first]
    while (chain.length < 4) {
      const last = chain.at(-1)!
      const next = nextOf(tt, saidOn(last.day), saidOn(last.day + 1), last)
      const been = chain.flatMap(({ calls }) => calls.map(({ station }) => station))
      const isNew = next?.calls.slice(1).some(({ station, alight }, i, calls) => {
        const before = [...been, ...calls.slice(0, i).map(call => call.station)]
        return alight && !before.includes(station)
      })
      if (!next || !isNew) break
      chain.push(next)
    }
    if (chain.length > 1) chains.push(chain)
  }
  return chains
}

function tripOf(tt: Timetable, trip: TripIdx, day: ServiceDay): Trip {
  const pattern = tt.tripPattern[trip]
  const words = tt.slots.subarray(tt.slotBegin[pattern]!, tt.slotBegin[pattern + 1]!)
  const lastArrival = tt.profileTimes[tt.tripProfile[trip]! + 2 * words.length - 2]!
  const isKnown = day >= tt.counts.firstDay && day < tt.counts.firstDay + tt.counts.days
  return {
    trip,
    day,
    midnight: isKnown ? dayStart(tt, zoneOfTrip(tt, trip), day) : 0,
    block: tt.tripBlock[trip] === 0 ? '' : `${tt.tripFeed[trip]} ${tt.tripBlock[trip]}`,
    runs: runsOn(tt, tt.tripService[trip] as ServiceIdx, day),
    repeated: tt.tripFrequencyBegin[trip + 1]! > tt.tripFrequencyBegin[trip]!,
    zone: zoneOfTrip(tt, trip),
    start: tt.tripStart[trip]!,
    end: tt.tripStart[trip]! + lastArrival,
    calls: Array.from(words, word => {
      const stop = slotStop(word)
      return { stop, station: rootStop(tt, stop), alight: (word & CAN_ALIGHT) !== 0 }
    }),
  }
}

/**
 * What transfers.txt says of the trip itself comes first; without a type 4 it is whichever of its block leaves next that day, or first on the
 * next. The clock says how long the vehicle stands; the service day's seconds, which day transfers.txt means.
 */
function nextOf(tt: Timetable, { ofBlock, rulesOf, trips }: Said, tomorrow: Said, from: Trip): Trip | undefined {
  if (!from.runs || from.repeated) return undefined
  const isFit = (to: Trip): boolean => to.zone === from.zone && !to.repeated
  const standing = (to: Trip): number => to.midnight + to.start - from.midnight - from.end
  const rules = rulesOf.get(from.trip) ?? []
  const stay = rules.filter(({ type }) => type === 4).filter(({ to }) => isFit(trips[to]!))
  if (stay.length > 0) {
    const today = stay.map(({ to }) => trips[to]!).filter(to => to.start >= from.end)
    const next = stay
      .map(({ to }) => tomorrow.trips[to]!)
      .filter(to => to.start + 43_200 <= from.end && to.start + 86_400 >= from.end && standing(to) >= 0)
    return today.find(to => to.runs) ?? next.find(to => to.runs)
  }
  if (from.block === '') return undefined
  const inOrder = (said: Said): Trip[] =>
    said.ofBlock
      .get(from.block)!
      .filter(to => isFit(to) && to.runs)
      .sort((a, b) => a.start - b.start || a.trip - b.trip)
  const later = (to: Trip): boolean => to.start > from.start || (to.start === from.start && to.trip > from.trip)
  const to = inOrder({ ofBlock, rulesOf, trips }).find(later) ?? inOrder(tomorrow)[0]
  if (!to || rules.some(rule => rule.type === 5 && rule.to === to.trip)) return undefined
  const isInTime = standing(to) >= 0 && standing(to) <= 3600
  return isInTime && standsStill(tt, from.calls.at(-1)!, to.calls[0]!) ? to : undefined
}

function standsStill(tt: Timetable, a: Trip['calls'][number], b: Trip['calls'][number]): boolean {
  if (a.station === b.station) return true
  if (!tt.stopHasPosition[a.stop] || !tt.stopHasPosition[b.stop]) return false
  return metresBetween(tt.stopLat[a.stop]!, tt.stopLon[a.stop]!, tt.stopLat[b.stop]!, tt.stopLon[b.stop]!) <= 150
}
