// Thousands of watched journeys over a random network, for the test and its long version: random realtime batches, and after each exactly
// those journeys must have been told of a change whose full recomputation differs.

import { expect } from 'vitest'
import { readJourney } from '#api/live/journey.ts'
import { watchedJourney } from '#api/live/topics/journey.ts'
import { writeItineraryId } from '#api/render/itinerary-id.ts'
import { publicStopId, publicTripId } from '#api/render/texts.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { patternLength } from '#engine/timetable/timetable.ts'
import { type ChangedRun, liveState, plannedRun } from './horizon.ts'
import { join, type World, world } from './live.ts'
import { random } from './random.ts'
import { timetable } from './timetable.ts'

export interface WatchedFigures {
  readonly journeys: number
  /** Journeys that had to be told, over all batches, and topics read for it. */
  readonly told: number
  readonly reads: number
}

const LINES = 24
const STOPS = 10

/** @param batches of random delays, cancellations and platform changes, of a few lines each */
export function watchMany(count: number, batches: number, seed: number): WatchedFigures {
  const { below } = random(seed)
  // lines in a row: the last stop of each is the first of the next, with two platforms
  const lines = Array.from({ length: LINES }, (_, line) =>
    Array.from({ length: 6 }, (_, run) => {
      const at = (minute: number): string =>
        `${8 + Math.floor((run * 20 + minute) / 60)}:${String((run * 20 + minute) % 60).padStart(2, '0')}`
      const name = (i: number): string => (i === STOPS - 1 ? `X${line + 1}a` : i === 0 ? `X${line}a` : `S${line}x${i}`)
      return `L${line}  ${Array.from({ length: STOPS }, (_, i) => `${name(i)} ${at(3 * i + (line % 5))}`).join('  ')}  [id=T${line}x${run}]`
    }).join('\n'),
  )
  const stations = Array.from({ length: LINES + 1 }, (_, i) => `station X${i}: X${i}a X${i}b`)
  const network = timetable([...stations, ...lines].join('\n'), { days: ['20260110'], change: 60 })
  const w = world('10:00', network)
  w.service.time = (network.day * 86_400 + 7 * 3600) as UnixSeconds
  const { tt } = network
  const day = network.day as ServiceDay
  const planned = (line: number, run: number): ChangedRun => plannedRun(tt, network.trip(`T${line}x${run}`), day)

  const ids = new Set<string>()
  while (ids.size < count) {
    const [line, run] = [below(LINES - 1), below(5)]
    const [first, second] = [planned(line, run), planned(line + 1, Math.min(5, run + 1 + below(2)))]
    const [board, alight] = [below(STOPS - 1), 1 + below(STOPS - 1)]
    ids.add(
      writeItineraryId({
        start: { place: publicStopId(tt, first.calls[board]!.stop), seconds: 0 },
        rides: [ride(w, first, board, STOPS - 1, 0), ride(w, second, 0, alight, 60)],
        end: { place: publicStopId(tt, second.calls[alight]!.stop), seconds: 0 },
        departure: 0,
      }),
    )
  }
  const watched = [...ids].map(id => ({
    listener: join<'journey'>(w, `journey:${id}`),
    saved: watchedJourney(w.service, id, []),
  }))
  const read = (): string[] =>
    watched.map(({ saved }) => {
      const { rows, journey, notices } = readJourney(w.service.horizon, saved, w.service.clock.now())
      return JSON.stringify({ rows, journey, notices })
    })

  const reads = w.maker.reads
  let told = 0
  let before = read()
  for (let batch = 0; batch < batches; batch++) {
    const changed = Array.from({ length: 1 + below(8) }, () =>
      changeRun(network, planned(below(LINES), below(6)), below),
    )
    const unique = new Map(changed.map(one => [one.trip, one]))
    const heard = watched.map(({ listener }) => listener.deltas.length)
    w.service.publish(liveState([...unique.values()]))
    w.pass(1)
    const after = read()
    watched.forEach(({ listener }, i) => {
      const expected = after[i] !== before[i]
      const events = listener.deltas.length - heard[i]!
      // a way on that is found later is news of its own, about a journey that is broken
      expect(events > 0, `seed ${seed}, batch ${batch}, journey ${i}`).toBe(expected)
      if (expected) told++
      const { alternative: _alternative, ...members } = listener.display.members
      const rows = [...listener.display.rows.values()].map(row => ({ ...row, v: undefined }))
      expect(JSON.stringify({ rows, ...members })).toBe(after[i])
    })
    before = after
  }
  expect(w.errors).toEqual([])
  w.hub.close()
  return { journeys: watched.length, told, reads: w.maker.reads - reads }
}

function ride({ service: { timetable: tt } }: World, run: ChangedRun, board: number, alight: number, before: number) {
  const start = (run.day as number) * 86_400
  const [from, to] = [run.calls[board]!, run.calls[alight]!]
  return {
    tripId: publicTripId(tt, run.trip, run.day, 0),
    from: publicStopId(tt, from.stop),
    to: publicStopId(tt, to.stop),
    departure: start + from.departure,
    seconds: to.arrival - from.departure,
    before,
    displayName: 'L',
    mode: 'BUS',
  }
}

function changeRun(network: ReturnType<typeof timetable>, run: ChangedRun, below: (n: number) => number): ChangedRun {
  const { tt } = network
  const last = patternLength(tt, tt.tripPattern[run.trip as TripIdx]) - 1
  const kind = below(10)
  if (kind === 0) return { ...run, state: RunState.cancelled }
  if (kind === 1) run.calls[1 + below(last - 1)]!.skipped = true
  if (kind === 2) run.calls[last]!.stop = (run.calls[last]!.stop + 1) as never // the other platform of its station
  const [from, delay] = [below(last), below(4) * 45]
  for (const call of run.calls.slice(from)) {
    call.arrival += delay
    call.departure += delay
  }
  return run
}
