// What holds for every journey, whoever found it. Its own test (invariants.test.ts) shows that it fails on broken ones.

import assert from 'node:assert/strict'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import type { Journey, Leg, LegEnd, RideLeg } from '#engine/transit/journey.ts'
import type { PlainRules } from './plain-rules.ts'
import type { PlainRun } from './plain-runs.ts'

const endOf = (leg: Leg, which: 'from' | 'to'): LegEnd =>
  leg.kind === 'ride' ? { kind: 'stop', stop: leg[which] } : leg[which]

const secondsBetween = (
  footpaths: Footpaths,
  rules: PlainRules | undefined,
  a: RideLeg,
  b: RideLeg,
): number | undefined =>
  rules?.from.get(b.from)?.has(a.to)
    ? rules.seconds(a.to, a.trip, b.from, b.trip)
    : changeBetween(footpaths, a.to, b.from)

/** Throws an AssertionError naming what is wrong. `runs`: all runs as they really go (reference.ts). */
export function assertJourney(j: Journey, runs: readonly PlainRun[], footpaths: Footpaths, rules?: PlainRules): void {
  const { legs } = j
  assert.ok(legs.length > 0, 'has legs')
  assert.equal(legs[0]!.departure, j.departure, 'departs with its first leg')
  assert.equal(legs.at(-1)!.arrival, j.arrival, 'arrives with its last leg')
  assert.equal(
    j.transfers,
    Math.max(0, legs.filter(l => l.kind === 'ride' && !l.stayed).length - 1),
    'counts its transfers',
  )
  legs.forEach((leg, i) => {
    assert.ok(leg.arrival >= leg.departure, 'a leg takes time')
    const before = legs[i - 1]
    if (before) {
      if (leg.kind === 'ride' && leg.stayed)
        assert.ok(before.kind === 'ride' && leg.board === 0, 'stays where the vehicle goes on')
      else assert.deepEqual(endOf(leg, 'from'), endOf(before, 'to'), 'legs chain')
      assert.ok(leg.departure >= before.arrival, 'time never runs back')
      assert.ok(leg.kind === 'ride' || before.kind === 'ride', 'no two walks in a row')
      if (leg.kind === 'ride' && before.kind === 'ride' && !leg.stayed) {
        const needed = secondsBetween(footpaths, rules, before, leg)
        assert.ok(needed !== undefined && leg.departure >= before.arrival + needed, 'there is time to change')
      }
    }
    if (leg.kind === 'walk') {
      if (leg.from.kind === 'stop' && leg.to.kind === 'stop') {
        const [last, next] = [legs[i - 1], legs[i + 1]]
        const seconds =
          last?.kind === 'ride' && next?.kind === 'ride' ? secondsBetween(footpaths, rules, last, next) : undefined
        assert.ok(seconds !== undefined && leg.arrival - leg.departure >= seconds, 'walks take their footpath')
      }
      return
    }
    const run = runs.find(r => !r.parts && r.trip === leg.trip && r.day === leg.day && r.shift === leg.shift)
    assert.ok(run, 'rides a run that exists')
    const board = run.calls[leg.board]
    const alight = run.calls[leg.alight]
    assert.ok(leg.board < leg.alight, 'boards before it alights')
    const next = legs[i + 1]
    const staysOn = next?.kind === 'ride' && next.stayed
    assert.ok(board && (board.board || leg.stayed), 'boards where it may')
    assert.ok(alight && (alight.alight || staysOn), 'alights where it may')
    assert.equal(board.stop, leg.from, 'boards at the stop it says')
    assert.equal(alight.stop, leg.to, 'alights at the stop it says')
    // a vehicle that comes in late goes on late, whatever the next trip's feed says
    if (leg.stayed) assert.ok(leg.departure >= board.departure && leg.arrival >= alight.arrival, 'goes on when it can')
    else {
      assert.equal(board.departure, leg.departure, 'leaves when the run leaves')
      assert.equal(alight.arrival, leg.arrival, 'arrives when the run arrives')
    }
  })
}
