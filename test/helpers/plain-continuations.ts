// The slow twin of timetable/continuations.ts: which trips a rider may stay on, trip by trip as the rules say it (S31, S35).

import { metresBetween } from '#engine/core/geo.ts'
import { NONE, type ServiceIdx, type TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { CAN_ALIGHT, rootStop, runsOn, slotStop, type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'

interface Trip {
  readonly trip: number
  readonly block: string
  readonly runs: boolean
  readonly repeated: boolean
  readonly zone: number
  readonly start: number
  readonly end: number
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

/** Chains of trips of one vehicle on a day, each as long as a rider may stay. */
export function plainChains(tt: Timetable, day: ServiceDay): number[][] {
  const trips = Array.from({ length: tt.counts.trips }, (_, t) => tripOf(tt, t as TripIdx, day))
  const said = {
    trips,
    ofBlock: Map.groupBy(trips, ({ block }) => block),
    rulesOf: Map.groupBy(tripRules(tt), ({ from }) => from),
  }
  const chains: number[][] = []
  for (const first of trips) {
    const chain = [first]
    while (chain.length < 4) {
      const next = nextOf(tt, said, chain.at(-1)!)
      const been = chain.flatMap(({ calls }) => calls.map(({ station }) => station))
      const isNew = next?.calls.slice(1).some(({ station, alight }, i, calls) => {
        const before = [...been, ...calls.slice(0, i).map(call => call.station)]
        return alight && !before.includes(station)
      })
      if (!next || !isNew) break
      chain.push(next)
    }
    if (chain.length > 1) chains.push(chain.map(({ trip }) => trip))
  }
  return chains
}

function tripOf(tt: Timetable, trip: TripIdx, day: ServiceDay): Trip {
  const pattern = tt.tripPattern[trip]
  const words = tt.slots.subarray(tt.slotBegin[pattern]!, tt.slotBegin[pattern + 1]!)
  const lastArrival = tt.profileTimes[tt.tripProfile[trip]! + 2 * words.length - 2]!
  return {
    trip,
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

/** What transfers.txt says of the trip itself comes first; without a type 4 it is whichever of its block leaves next that day. */
function nextOf(tt: Timetable, { trips, ofBlock, rulesOf }: Said, from: Trip): Trip | undefined {
  if (!from.runs || from.repeated) return undefined
  const rules = rulesOf.get(from.trip) ?? []
  const stay = rules
    .filter(({ type }) => type === 4)
    .map(({ to }) => trips[to]!)
    .filter(to => !to.repeated && to.zone === from.zone)
  if (stay.length > 0) return stay.find(to => to.runs && to.start >= from.end)
  if (from.block === '') return undefined
  const later = ofBlock
    .get(from.block)!
    .filter(to => to.zone === from.zone && to.runs && !to.repeated)
    .filter(to => to.start > from.start || (to.start === from.start && to.trip > from.trip))
    .sort((a, b) => a.start - b.start || a.trip - b.trip)
  const [to] = later
  if (!to || rules.some(rule => rule.type === 5 && rule.to === to.trip)) return undefined
  const isInTime = to.start >= from.end && to.start <= from.end + 3600
  return isInTime && standsStill(tt, from.calls.at(-1)!, to.calls[0]!) ? to : undefined
}

function standsStill(tt: Timetable, a: Trip['calls'][number], b: Trip['calls'][number]): boolean {
  if (a.station === b.station) return true
  if (!tt.stopHasPosition[a.stop] || !tt.stopHasPosition[b.stop]) return false
  return metresBetween(tt.stopLat[a.stop]!, tt.stopLon[a.stop]!, tt.stopLat[b.stop]!, tt.stopLon[b.stop]!) <= 150
}
