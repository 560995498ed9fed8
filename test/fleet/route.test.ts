// A line every ten minutes (helpers/ten-minute-line.ts), watched from 10:00 on. Every number worked out on paper.

import { expect, test } from 'vitest'
import { Observations } from '#engine/fleet/observations.ts'
import { readRoute } from '#engine/fleet/route.ts'
import { fleetDefaults } from '#engine/fleet/rules.ts'
import { RunState } from '#engine/live/state.ts'
import { type ChangedRun, horizonOf, liveState } from '../helpers/horizon.ts'
import { at, late, route, world } from '../helpers/ten-minute-line.ts'

/** Generations one after the other; the reading after the last. */
function watch(generations: readonly (readonly [hhmm: string, ...runs: ChangedRun[]])[], speaking = true) {
  const seen = new Observations(at('9:45'))
  let horizon = horizonOf(world.tt, world.footpaths)
  let now = at('9:45')
  for (const [hhmm, ...runs] of generations) {
    now = at(hhmm)
    horizon = horizonOf(world.tt, world.footpaths, liveState(runs))
    seen.take(horizon, now)
  }
  return readRoute(horizon, route, seen, now, fleetDefaults, speaking)
}

test('runs under way: next stop, delay, distance to the run ahead', () => {
  // at 10:14: T0 is over; T1 (9 min late) is at B 10:19, T2 (30 s late) at B 10:20:30
  const { runs, delays, directions } = watch([['10:14', late('T1', 540), late('T2', 30)]])
  expect(
    runs.map(({ position, delay, headway, headwayPlanned, spacing }) => ({
      position,
      delay,
      headway,
      headwayPlanned,
      spacing,
    })),
  ).toEqual([
    { position: 1, delay: 540, headway: undefined, headwayPlanned: undefined, spacing: 'unknown' },
    { position: 1, delay: 30, headway: 90, headwayPlanned: 600, spacing: 'bunched' },
  ])
  expect(delays).toEqual({ median: 30, p90: 540, max: 540 })
  expect(directions).toHaveLength(1)
})

test('a gap: the run ahead is cancelled', () => {
  // T1 cancelled: T2 at B 10:20 follows T0 at B 10:00, twice the planned headway
  const cancelled = { ...late('T1', 0), state: RunState.cancelled }
  const { runs, cancelled: count } = watch([
    ['10:05', late('T0', 0)],
    ['10:14', late('T0', 0), cancelled, late('T2', 0)],
  ])
  const t2 = runs.find(({ run }) => run.trip === world.trip('T2'))!
  expect([t2.headway, t2.headwayPlanned, t2.spacing]).toEqual([1200, 600, 'gap'])
  expect(count).toBe(1)
})

test('M1: what has happened is kept when the feed forgets it', () => {
  // T0: A 9:50 (seen before), B 10:02, C 10:10; T1: A 10:07. The feed drops each stop once it is passed
  const reading = watch([
    ['9:49', late('T0', 0), late('T1', 0)],
    ['9:58', late('T0', 120), late('T1', 420)],
    ['10:08', late('T1', 420)],
    ['10:15'],
  ])
  // departures by 10:15: T0 A 9:50+2 min (the last word before it was gone), B 10:02; T1 A 10:07; T2 A 10:10 nobody saw; T1 B is due
  // at 10:10 and unknown since the feed fell silent, but was said to be at 10:17
  expect(reading.punctuality).toMatchObject({ observed: 3, onTime: 2, late: 1, early: 0 })
})

test('M6: a ghost: five minutes under way and nothing heard, while the feed speaks', () => {
  const ghosts = (hhmm: string, speaking: boolean): number => watch([[hhmm, late('T1', 0)]], speaking).ghosts
  expect([ghosts('10:14', true), ghosts('10:14', false)]).toEqual([0, 0]) // T2 began four minutes ago
  expect([ghosts('10:15', true), ghosts('10:15', false)]).toEqual([1, 0])
})

test('a run that another stands for is neither under way nor a ghost', () => {
  const { runs, ghosts, punctuality } = watch([['10:15', { ...late('T1', 0), state: RunState.superseded }]])
  expect(runs.map(({ run }) => run.trip)).toEqual([world.trip('T2')])
  expect(ghosts).toBe(1) // T2
  // by 10:15: T0 at A and B, T2 at A
  expect(punctuality.missing).toBe(3)
})

test('the last hour at the station where most runs call: headways of 12, 6 and 12 minutes where 10 were planned', () => {
  // at A: 9:50, 10:02, 10:08, 10:20
  const runs = [late('T0', 0), late('T1', 120), late('T2', -120), late('T3', 0)]
  const [figures] = watch([['10:21', ...runs]]).directions
  expect(figures).toMatchObject({
    station: world.stop('A'),
    planned: 600,
    actual: 600,
    adherence: 1,
    bunched: 0,
    gaps: 0,
  })
  // deviations of 2, −4, 2 minutes: √8 / 10
  expect(figures!.cv).toBeCloseTo(Math.sqrt(8) / 10, 10)
  // (144 + 36 + 144) / (2 · 30) = 5.4 min, planned 5
  expect(figures!.excessWait).toBeCloseTo(24, 10)
})
