// A client that comes to another gateway, or to one that has just started, is brought on by deltas: what is the same everywhere is the content
// of a state, and every state carries its digest.

import { expect, test } from 'vitest'
import { Channel, type DeltaFrame } from '#api/live/channel.ts'
import type { Delta, Snap } from '#api/live/messages.ts'
import type { Content } from '#api/live/topic.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { newChannel, resumeOf, takeDelta, takeSnapshot } from '../../web/shared/live-channel.ts'
import { random } from '../helpers/random.ts'

const gateway = () => new Channel({ name: 'stop:x', kind: 'board', keepDeltas: 64, keepBytes: 32_768, keepMs: 300_000 })
/** A board of so many rows, each with its delay. */
const board = (delays: readonly number[], alerts: readonly string[] = []): Content =>
  ({
    rows: delays.map((delay, i) => ({ id: `r${i}`, delay, exp: 1e9 })),
    members: { alerts, stopAlerts: [], elevators: [], stop: { id: 'x' } },
    due: 0,
  }) as unknown as Content
const told = (frames: readonly DeltaFrame[]): Delta[] => frames.map(({ bytes }) => JSON.parse(String(bytes)))
const snapshotOf = (channel: Channel): Snap => JSON.parse(String(channel.snapshot('{}')))
const stateOf = (channel: { rows: Map<string, unknown>; members: object }) => [
  [...channel.rows].sort(([a], [b]) => (a < b ? -1 : 1)),
  channel.members,
]

test('the same content has the same digest, whatever way led there', () => {
  const [a, b] = [gateway(), gateway()]
  a.update(board([0, 60]), 1 as UnixSeconds, 1)
  a.update(board([0, 60, 90], ['works']), 2 as UnixSeconds, 2)
  a.update(board([30, 60]), 3 as UnixSeconds, 3)
  b.update(board([30, 60]), 9 as UnixSeconds, 9)
  expect(snapshotOf(a).d).toBe(snapshotOf(b).d)
  expect(snapshotOf(a).e).not.toBe(snapshotOf(b).e)
  b.update(board([30, 61]), 10 as UnixSeconds, 10)
  expect(snapshotOf(a).d).not.toBe(snapshotOf(b).d)
})

test('a gateway that knows the state goes on from there, one that does not sends a snapshot', () => {
  const [a, b] = [gateway(), gateway()]
  for (const each of [a, b]) each.update(board([0]), 1 as UnixSeconds, 1)
  const client = newChannel('stop:x')
  takeSnapshot(client, snapshotOf(a))
  for (const each of [a, b]) each.update(board([60]), 2 as UnixSeconds, 2)
  b.update(board([60, 120]), 3 as UnixSeconds, 3)

  const missed = told(b.since({ e: client.epoch!, s: client.seq, d: client.digest! })!)
  expect(missed.map(({ e, s, p, pe }) => [e === b.epoch, s, p, pe === a.epoch])).toEqual([
    [true, 0, 0, true],
    [true, 1, 0, false],
    [true, 2, 1, false],
  ])
  for (const delta of missed) expect(takeDelta(client, delta as never)).toBe('changed')
  const fresh = newChannel('stop:x')
  takeSnapshot(fresh, snapshotOf(b))
  expect(stateOf(client)).toEqual(stateOf(fresh))
  expect([client.epoch, client.seq, client.digest]).toEqual([b.epoch, 2, snapshotOf(b).d])

  expect(b.since({ e: 'elsewhere', s: 5, d: 'nonsense' })).toBeUndefined()
  expect(b.since({ e: 'elsewhere', s: 5 })).toBeUndefined()
})

test('a gateway that has just started knows a client that missed nothing', () => {
  const [old, restarted] = [gateway(), gateway()]
  for (const delay of [0, 60, 120]) old.update(board([delay]), 1 as UnixSeconds, 1)
  const client = newChannel('stop:x')
  takeSnapshot(client, snapshotOf(old))
  restarted.update(board([120]), 5 as UnixSeconds, 5)
  const [only, ...rest] = told(restarted.since({ e: client.epoch!, s: client.seq, d: client.digest! })!)
  expect(rest).toEqual([])
  expect(takeDelta(client, only as never)).toBe('changed')
  const next = restarted.update(board([180]), 6 as UnixSeconds, 6)!
  expect(takeDelta(client, told([next])[0] as never)).toBe('changed')
  expect(stateOf(client)).toEqual(
    stateOf(
      Object.assign(newChannel('stop:x'), {
        rows: new Map(snapshotOf(restarted).rows.map(r => [r.id, r])),
        members: client.members,
      }),
    ),
  )
})

test('a gateway that has just started, after a change: only rows that are others are told', () => {
  const [old, restarted] = [gateway(), gateway()]
  old.update(board([0, 60, 120, 180], ['works']), 1 as UnixSeconds, 1)
  const client = newChannel('stop:x')
  takeSnapshot(client, snapshotOf(old))
  restarted.update(board([0, 90, 120]), 5 as UnixSeconds, 5)
  const [only, ...rest] = told(restarted.since(resumeOf(client)!)!)
  expect(rest).toEqual([])
  expect(only).toMatchObject({ p: client.seq, pe: old.epoch, e: restarted.epoch, s: 0, rm: ['r3'], alerts: [] })
  expect(only!.up.map(({ id }) => id)).toEqual(['r1'])
  expect(takeDelta(client, only!)).toBe('changed')
  const fresh = newChannel('stop:x')
  takeSnapshot(fresh, snapshotOf(restarted))
  expect(stateOf(client)).toEqual(stateOf(fresh))
  expect([client.epoch, client.seq, client.digest]).toEqual([fresh.epoch, fresh.seq, fresh.digest])
  // and the numbers are those of here from then on
  const next = restarted.update(board([0, 90, 150]), 6 as UnixSeconds, 6)!
  expect(takeDelta(client, told([next])[0]!)).toBe('changed')

  // who has nothing of what there is now is told all of it, and so is whoever says what no row can be
  const nothing = { e: 'elsewhere', s: 5, have: { r0: 'x', ['__proto__']: 'y' } }
  expect(restarted.since(nothing)).toBeUndefined()
})

test('away for longer than deltas are kept: the same, with the numbers of here', () => {
  const channel = gateway()
  channel.update(board([0, 0]), 1 as UnixSeconds, 1)
  const client = newChannel('stop:x')
  takeSnapshot(client, snapshotOf(channel))
  for (let i = 1; i <= 100; i++) channel.update(board([0, i]), i as UnixSeconds, i)
  const [only, ...rest] = told(channel.since(resumeOf(client)!)!)
  expect([rest.length, only!.p, only!.pe, only!.s, only!.up.length]).toEqual([0, 0, undefined, 100, 1])
  expect(takeDelta(client, only!)).toBe('changed')
  expect(stateOf(client)[0]).toEqual(snapshotOf(channel).rows.map(row => [row.id, row]))
  // a number that was never given is nobody's
  expect(channel.since({ ...resumeOf(client)!, s: 101 })).toBeUndefined()
})

test('clients that wander between two gateways end with what a fresh snapshot says (200 random histories)', () => {
  let moves = 0
  let resumed = 0
  for (let seed = 1; seed <= 200; seed++) {
    const r = random(seed)
    const gateways = [gateway(), gateway()]
    const client = newChannel('stop:x')
    let at = 0
    let delays = [0, 0, 0]
    let here = gateways[0]!
    for (const each of gateways) each.update(board(delays), 1 as UnixSeconds, ++at)
    takeSnapshot(client, snapshotOf(here))
    for (let step = 0; step < 30; step++) {
      delays = delays.map(delay => (r.chance(0.3) ? r.below(5) * 60 : delay))
      for (const each of gateways) {
        const delta = each.update(board(delays), 1 as UnixSeconds, ++at)
        // now and then the client is away when it comes
        if (delta && each === here && !r.chance(0.2)) takeDelta(client, told([delta])[0] as never)
      }
      if (!r.chance(0.3)) continue
      moves++
      here = r.pick(gateways)
      const resume = resumeOf(client)!
      const missed = here.since(r.chance(0.5) ? resume : { ...resume, d: 'forgotten' })
      if (missed) {
        resumed++
        for (const delta of told(missed)) takeDelta(client, delta as never)
      } else takeSnapshot(client, snapshotOf(here))
      const fresh = newChannel('stop:x')
      takeSnapshot(fresh, snapshotOf(here))
      expect(stateOf(client), `seed ${seed}`).toEqual(stateOf(fresh))
    }
  }
  expect(resumed / moves).toBeGreaterThan(0.95)
})
