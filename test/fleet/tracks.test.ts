// Stopped and off the route (M8): a fleet whose true doings are known drives along a line with noisy positions every 30 s; what is raised is
// compared with what happened.

import { expect, test } from 'vitest'
import { toE7 } from '#engine/core/geo.ts'
import { fleetDefaults } from '#engine/fleet/rules.ts'
import { type Alarm, Tracks } from '#engine/fleet/tracks.ts'
import { type LiveVehicle, silence } from '#engine/live/state.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { timetable } from '../helpers/timetable.ts'

// 20 km due north, 10 m/s
const METRE = 1 / 111_195
const { tt, footpaths, trip, day } = timetable(`
  S1   A 10:00   B 10:15/10:25   C 10:45
  at A 51.50,7.40
  at B ${51.5 + 10_000 * METRE},7.40
  at C ${51.5 + 20_000 * METRE},7.40`)
const horizon = horizonOf(tt, footpaths, silence)
const T = Date.UTC(2026, 0, 10, 10) / 1000
const EVERY = 30

/** Metres along and beside the line, `seconds` after the start. */
type Doing = (seconds: number) => readonly [along: number, beside: number]
const drive: Doing = s => [10 * s, 0]
const standing =
  (from: number, to: number): Doing =>
  s => [10 * (s < from ? s : s < to ? from : s - (to - from)), 0]
const detour =
  (from: number, to: number, beside = 400): Doing =>
  s => [10 * s, s >= from && s < to ? beside : 0]

const vehicleAt = (id: string, seconds: number, [along, beside]: readonly [number, number]): LiveVehicle => ({
  id,
  source: 0,
  trip: trip('S1'),
  day,
  shift: 0,
  lat: toE7(51.5 + along * METRE),
  lon: toE7(7.4 + (beside * METRE) / Math.cos((51.6 * Math.PI) / 180)),
  timestamp: T + seconds,
  ...(Math.abs(beside) > 200 && { offRoute: true as const }),
})

/** `on 390–570`: from and to when each alarm was told, in seconds after the start. */
function alarms(doing: Doing, { until = 1500, noise = (): number => 0, more = {} as Partial<LiveVehicle> } = {}) {
  const tracks = new Tracks(fleetDefaults)
  const told: { alarm: Alarm; from: number; to: number }[] = []
  for (let s = 0; s <= until; s += EVERY) {
    const [along, beside] = doing(s)
    const vehicle = { ...vehicleAt('v', s, [along + noise(), beside + noise()]), ...more }
    tracks.take({ ...horizon, vehicles: [vehicle] })
    const alarm = tracks.alarmOf(vehicle)
    const last = told.at(-1)
    if (alarm && last && last.alarm === alarm && last.to === s - EVERY) last.to = s
    else if (alarm) told.push({ alarm, from: s, to: s })
  }
  return told.map(({ alarm, from, to }) => `${alarm} ${from}–${to}`)
}

test('M8: who drives is neither; who stands for more than five minutes has stopped, until three positions say otherwise', () => {
  expect(alarms(drive)).toEqual([])
  // stands at 3 km from 300 on; 630 is the first position beyond five minutes, 660 the second
  expect(alarms(standing(300, 900))).toEqual(['stopped 660–960'])
  expect(alarms(standing(300, 600))).toEqual([])
})

test('M8: off its route with the second such position, back with the third on it; one bad fix is nothing', () => {
  expect(alarms(detour(300, 900))).toEqual(['off_route 330–930'])
  expect(alarms(detour(300, 330))).toEqual([])
  const flicker: Doing = s => [10 * s, s >= 300 && s < 900 && s !== 600 ? 400 : 0]
  expect(alarms(flicker)).toEqual(['off_route 330–930'])
})

test('M8: where its run begins and ends, without a run, and where its plan lets it wait, a vehicle may stand', () => {
  const here = standing(0, 1500)
  expect(alarms(here)).toEqual([])
  expect(alarms(() => [5000, 0], { more: { trip: undefined! } })).toEqual([])
  // at B from 10:12 to 10:27: it leaves at 10:25 by plan
  const atB: Doing = s => [Math.min(10 * s, 10_000), 0]
  expect(alarms(atB, { until: 1500, more: { status: 'STOPPED_AT', slot: 1 } })).toEqual([])
  expect(alarms(atB, { until: 1620, more: { status: 'STOPPED_AT', slot: 1 } })).toEqual(['stopped 1530–1620'])
})

test('M8: the same measurement told again is one measurement', () => {
  const tracks = new Tracks(fleetDefaults)
  for (let n = 0; n < 5; n++) tracks.take({ ...horizon, vehicles: [vehicleAt('v', 30, [300, 400])] })
  expect(tracks.alarmOf(vehicleAt('v', 30, [300, 400]))).toBeUndefined()
})

test('M8: 400 vehicles with known doings: precision and recall at least 0.95, raised within a minute, no flapping', () => {
  const { below, chance } = random(0xf1ee7)
  // about 10 m, now and then much more
  const noise = (): number => (below(21) + below(21) - 20) * (chance(0.01) ? 10 : 1)
  const figures = { right: 0, wrong: 0, missed: 0, slow: 0, twice: 0 }
  for (let n = 0; n < 400; n++) {
    const from = 300 + EVERY * below(10)
    const kind = n % 4
    const [doing, due, alarm] = [
      [drive, undefined, ''],
      // a jam or a long light
      [standing(from, from + 30 * (1 + below(8))), undefined, ''],
      [standing(from, from + 480 + below(300)), from + fleetDefaults.stoppedSeconds, 'stopped'],
      [detour(from, from + 180 + below(400)), from, 'off_route'],
    ][kind] as [Doing, number | undefined, string]
    const told = alarms(doing, { until: 1740, noise })
    const hits = told.filter(text => alarm !== '' && text.startsWith(alarm))
    figures.wrong += told.length - hits.length
    if (due === undefined) continue
    if (hits.length === 0) figures.missed++
    else figures.right++
    figures.twice += Math.max(0, hits.length - 1)
    if (hits.length > 0 && Number(/ (\d+)/.exec(hits[0]!)![1]) - due > 60) figures.slow++
  }
  expect(figures.right / (figures.right + figures.wrong)).toBeGreaterThanOrEqual(0.95)
  expect(figures.right / (figures.right + figures.missed)).toBeGreaterThanOrEqual(0.95)
  // a bad fix between two good ones costs half a minute
  expect(figures.slow / figures.right).toBeLessThan(0.05)
  expect(figures.twice).toBe(0)
})
