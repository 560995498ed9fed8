// Recorded messages applied to the timetables they speak of. Caltrain's expected times come from another program, in another language.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { LiveRunIdx, StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, type UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import { createMessage } from '#engine/live/message.ts'
import { type LiveRuns, Source } from '#engine/live/state.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { dayStart, type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { dataFile } from '../helpers/data.ts'
import { random } from '../helpers/random.ts'
import { apply, proto, storeOf } from '../helpers/realtime.ts'
import { tarEntries } from '../helpers/tar.ts'

const load = async (path: string): Promise<Timetable> =>
  makeRoom((await loadGtfs([{ tag: 'x', source: await openSource(path) }])).timetable)

const caltrain = dataFile('gtfs-rt/transitland-lib/ct.zip')

describe.skipIf(!caltrain)('Caltrain', () => {
  test('every one of 308 stop times is the second opinion’s, to the second', async () => {
    const tt = await load(caltrain!)
    const store = storeOf(tt)
    const expected = JSON.parse(readFileSync(dataFile('gtfs-rt/expected/caltrain.expected.json')!, 'utf8'))
    const message = readFileSync(dataFile('gtfs-rt/transitland-lib/ct-trip-updates.pb')!)
    const { state } = apply(store, message, expected.header_timestamp)
    expect(state.sources[0]).toMatchObject({ tripUpdates: 19, matched: 19, unmatched: 0, rejected: {}, warnings: {} })

    let compared = 0
    for (const { trip_id, start_date, stops } of expected.trips) {
      const rows = rowsOf(tt, state.runs, `${trip_id} ${start_date}`)
      expect(rows.length, trip_id).toBe(stops.length)
      stops.forEach((stop: unknown[], i: number) => {
        const [sequence, stopId, plannedArrival, plannedDeparture, arrival, departure, source] = stop
        const row = rows[i]!
        const where = `trip ${trip_id}, stop ${sequence}`
        expect([row.stopId, row.plannedArrival, row.plannedDeparture], where).toEqual([
          stopId,
          plannedArrival,
          plannedDeparture,
        ])
        if (arrival !== null) expect(row.arrival, where).toBe(arrival)
        if (departure !== null) expect(row.departure, where).toBe(departure)
        const said = {
          none: [Source.schedule],
          rt: [Source.predicted, Source.recorded],
          propagated: [Source.propagated],
        }
        // a last stop has only an arrival, a first one only a departure
        const sources = said[source as keyof typeof said]
        expect(
          sources.includes(row.arrivalSource as never) || sources.includes(row.departureSource as never),
          where,
        ).toBe(true)
        compared++
      })
    }
    expect(compared).toBe(308)
  })
})

const kingston = dataFile('kingston/gtfs.zip')

describe.skipIf(!kingston)('Kingston: 193 messages of two days', () => {
  let tt: Timetable
  let messages: { made: number; bytes: Uint8Array }[]

  beforeAll(async () => {
    tt = await load(kingston!)
    messages = tarEntries(gunzipSync(readFileSync(dataFile('kingston/tripupdates.tar.gz')!)))
      .filter(({ name }) => name.endsWith('.pb'))
      .map(({ name, bytes }) => ({ made: Number(/tu_(\d+)/.exec(name)![1]), bytes }))
      .sort((a, b) => a.made - b.made)
  })

  test('replayed, the last state equals that of the last message alone; changes are told exactly', () => {
    const store = storeOf(tt)
    const message = createMessage()
    const sum = { updates: 0, matched: 0, unmatched: 0 }
    for (const [i, { made, bytes }] of messages.entries()) {
      const before = store.state
      const result = applyMessage(store, 0, decodeMessage(bytes, message), made as UnixSeconds)
      expect(result.refused).toBeUndefined()
      const status = result.state.sources[0]!
      sum.updates += status.tripUpdates
      sum.matched += status.matched
      sum.unmatched += status.unmatched
      expect(status.matched + status.unmatched).toBe(status.tripUpdates)
      // an added run of which only the last stop is left carries nobody
      const { trip_not_found: unknown = 0, too_few_stops: ending = 0 } = status.rejected
      expect(unknown + ending).toBe(status.unmatched)
      if (i % 24 === 0) expect(stopsThatDiffer(tt, before.runs, result.state.runs)).toEqual([...result.changedStops])
    }
    expect(sum).toEqual(countedByBindings().sum)
    const alone = storeOf(tt)
    const last = messages.at(-1)!
    apply(alone, last.bytes, last.made)
    expect(everyRow(tt, store.state.runs)).toEqual(everyRow(tt, alone.state.runs))
    expect(store.state.runs.runs).toBeGreaterThan(100)
  })

  test('643 of its 793 trip ids are the timetable’s', () => {
    const { ids, known } = countedByBindings()
    expect([ids.size, [...ids].filter(id => known.has(id)).length]).toEqual([793, 643])
  })

  test('the order of entities makes no difference (A10)', () => {
    const { made, bytes } = messages[100]!
    const inOrder = storeOf(tt)
    apply(inOrder, bytes, made)
    const { header, entity } = proto.FeedMessage.decode(bytes)
    const dice = random(7)
    for (let round = 0; round < 10; round++) {
      for (let i = entity.length - 1; i > 0; i--) {
        const j = dice.below(i + 1)
        ;[entity[i], entity[j]] = [entity[j]!, entity[i]!]
      }
      const shuffled = storeOf(tt)
      apply(shuffled, proto.FeedMessage.encode({ header, entity }).finish(), made)
      expect(shuffled.state).toEqual(inOrder.state)
    }
  })

  /** Another program's count of what there is to match. */
  function countedByBindings() {
    const known = new Set(Array.from({ length: tt.counts.trips }, (_, t) => textOf(tt, tt.tripId[t]!)))
    const ids = new Set<string>()
    const sum = { updates: 0, matched: 0, unmatched: 0 }
    for (const { bytes } of messages)
      for (const { tripUpdate } of proto.FeedMessage.decode(bytes).entity) {
        const { tripId, scheduleRelationship } = tripUpdate!.trip
        ids.add(tripId!)
        sum.updates++
        const added = scheduleRelationship === proto.TripDescriptor.ScheduleRelationship.ADDED
        if (added ? tripUpdate!.stopTimeUpdate!.length > 1 : known.has(tripId!)) sum.matched++
        else sum.unmatched++
      }
    return { ids, known, sum }
  }
})

interface Row {
  readonly run: string
  readonly stopId: string
  readonly plannedArrival: number
  readonly plannedDeparture: number
  readonly arrival: number
  readonly departure: number
  readonly arrivalSource: number
  readonly departureSource: number
  readonly flags: number
  readonly uncertainty: number
  readonly state: number
}

function everyRow(tt: Timetable, runs: LiveRuns): Row[] {
  const rows: Row[] = []
  for (let r = 0 as LiveRunIdx; r < runs.runs; r++) {
    const trip = runs.runTrip[r]
    const start = dayStart(tt, zoneOfTrip(tt, trip), runs.runDay[r])
    const planned = start + tt.tripStart[trip]! + runs.runShift[r]
    const run = `${textOf(tt, tt.tripId[trip]!)} ${formatDate(runs.runDay[r])}`
    const begin = runs.eventBegin[r]
    for (let e = begin; e < runs.eventBegin[(r + 1) as LiveRunIdx]; e++)
      rows.push({
        run,
        stopId: textOf(tt, tt.stopId[runs.eventStop[e] as StopIdx]!),
        plannedArrival: planned + tt.profileTimes[tt.tripProfile[trip]! + 2 * (e - begin)]!,
        plannedDeparture: planned + tt.profileTimes[tt.tripProfile[trip]! + 2 * (e - begin) + 1]!,
        arrival: start + runs.eventArrival[e]!,
        departure: start + runs.eventDeparture[e]!,
        arrivalSource: runs.eventArrivalSource[e]!,
        departureSource: runs.eventDepartureSource[e]!,
        flags: runs.eventFlags[e]!,
        uncertainty: runs.eventUncertainty[e]!,
        state: runs.runState[r],
      })
  }
  return rows
}

const rowsOf = (tt: Timetable, runs: LiveRuns, run: string): Row[] => everyRow(tt, runs).filter(row => row.run === run)

/** The slow way to what changedStops tells. */
function stopsThatDiffer(tt: Timetable, before: LiveRuns, after: LiveRuns): number[] {
  const at = (runs: LiveRuns): Map<string, Set<string>> => {
    const calls = new Map<string, Set<string>>()
    for (const { stopId, ...rest } of everyRow(tt, runs))
      calls.getOrInsertComputed(stopId, () => new Set()).add(JSON.stringify(rest))
    return calls
  }
  const [a, b] = [at(before), at(after)]
  const stops: number[] = []
  for (let s = 0; s < tt.counts.stops; s++) {
    const id = textOf(tt, tt.stopId[s]!)
    const [x, y] = [a.get(id) ?? new Set<string>(), b.get(id) ?? new Set<string>()]
    if (x.size !== y.size || [...x].some(call => !y.has(call))) stops.push(s)
  }
  return stops
}
