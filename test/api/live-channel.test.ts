import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Channel } from '#api/live/channel.ts'
import { deltaSchema, type SnapOf, snapSchema } from '#api/live/messages.ts'
import type { Row } from '#api/live/rows/board.ts'
import type { Content } from '#api/live/topic.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { expectShape } from '../helpers/api.ts'
import { Display } from '../helpers/board.ts'

const row = (id: string, pred: number): Row => ({
  id,
  trip: id,
  route: 'r',
  line: 'U1',
  headsign: '<img onerror>"\\',
  mode: 'SUBWAY',
  stop: 's',
  sched: 1000,
  pred,
  delay: pred - 1000,
  rt: 'live',
  state: 'normal',
  alerts: [],
  exp: pred + 1,
})
const alert = (id: string) => ({ id, header: id })

const boards = fc.array(
  fc.record({
    rows: fc.dictionary(
      fc.constantFrom('a', 'b', '__proto__', 'constructor', 'd'),
      fc.integer({ min: 1000, max: 1003 }),
    ),
    alerts: fc.subarray(['x', 'y']),
  }),
  { minLength: 1, maxLength: 12 },
)
const boardOf = ({ rows, alerts }: { rows: Record<string, number>; alerts: string[] }): Content => ({
  rows: Object.entries(rows).map(([id, pred]) => row(id, pred)),
  members: {
    stop: { id: 'test_A', name: 'A', lat: 51, lon: 7 },
    alerts: alerts.map(alert),
    stopAlerts: alerts,
    elevators: [],
  },
  due: 0,
})
const channelOf = (keepDeltas = 64, keepMs = 300_000, keepBytes = 1_000_000): Channel =>
  new Channel({
    name: 'stop:test_A',
    kind: 'board',
    keepDeltas,
    keepBytes,
    keepMs,
  })
const snapOf = (channel: Channel): SnapOf<'board'> => JSON.parse(channel.snapshot('{}').toString())

test('fed by deltas = a fresh snapshot, whenever one joins', () => {
  fc.assert(
    fc.property(boards, fc.nat(), (list, join) => {
      const channel = channelOf()
      const display = new Display()
      list.forEach((board, i) => {
        const delta = channel.update(boardOf(board), i as UnixSeconds, i)
        if (i === join % list.length) display.take(snapOf(channel))
        else if (delta && display.sequence >= 0) {
          display.take(JSON.parse(delta.bytes.toString()))
          display.take(JSON.parse(delta.bytes.toString().replace(`"p":${delta.p}`, `"p":${delta.s}`))) // twice does no harm
        }
      })
      const fresh = new Display()
      fresh.take(snapOf(channel))
      expect(display.state).toEqual(fresh.state)
      expect(display.sequence).toBe(fresh.sequence)
    }),
  )
})

test('resumed = a fresh snapshot, for whatever number one comes back with', () => {
  fc.assert(
    fc.property(boards, fc.nat(), fc.integer({ min: 1, max: 12 }), (list, left, keep) => {
      const channel = channelOf(keep)
      const display = new Display()
      list.forEach((board, i) => {
        channel.update(boardOf(board), i as UnixSeconds, i)
        if (i === left % list.length) display.take(snapOf(channel))
      })
      const missed = channel.since({ e: display.epoch, s: display.sequence })
      if (channel.sequence - display.sequence > keep) expect(missed).toBeUndefined()
      else for (const delta of missed!) display.take(JSON.parse(delta.bytes.toString()))
      if (!missed) display.take(snapOf(channel))
      const fresh = new Display()
      fresh.take(snapOf(channel))
      expect(display.state).toEqual(fresh.state)
    }),
  )
})

test('messages have the documented shape', () => {
  const channel = channelOf()
  channel.update(boardOf({ rows: { a: 1000 }, alerts: [] }), 1 as UnixSeconds, 1)
  expectShape(snapSchema('board'), snapOf(channel))
  const delta = channel.update(boardOf({ rows: { a: 1001 }, alerts: ['x'] }), 2 as UnixSeconds, 2)
  expectShape(deltaSchema('board'), JSON.parse(delta!.bytes.toString()))
})

test('nothing changed: nothing is sent', () => {
  const channel = channelOf()
  const board = boardOf({ rows: { a: 1000 }, alerts: ['x'] })
  channel.update(board, 1 as UnixSeconds, 1)
  expect(channel.update(board, 2 as UnixSeconds, 2)).toBeUndefined()
  expect(channel.sequence).toBe(0)
  expect(snapOf(channel).asOf).toBe(2)
})

test('another epoch, a number from the future, deltas too old: only a snapshot helps', () => {
  const channel = channelOf(64, 1000)
  for (let i = 0; i < 5; i++) channel.update(boardOf({ rows: { a: 1000 + i }, alerts: [] }), i as UnixSeconds, i * 400)
  expect(channel.since({ e: 'other', s: 4 })).toBeUndefined()
  expect(channel.since({ e: channel.epoch, s: 9 })).toBeUndefined()
  expect(channel.since({ e: channel.epoch, s: 4 })).toEqual([])
  expect(channel.since({ e: channel.epoch, s: 1 })!.map(delta => delta.s)).toEqual([2, 3, 4]) // sent at 800, 1200, 1600 ms
  expect(channel.since({ e: channel.epoch, s: 0 })).toBeUndefined() // at 400 ms: more than a second ago
})

test('more bytes of deltas than a few snapshots are not kept', () => {
  const channel = channelOf(64, 300_000, 1000)
  for (let i = 0; i < 20; i++) channel.update(boardOf({ rows: { a: 1000 + i }, alerts: [] }), i as UnixSeconds, i)
  // a delta is about 300 bytes
  expect(channel.since({ e: channel.epoch, s: 17 })!.map(delta => delta.s)).toEqual([18, 19])
  expect(channel.since({ e: channel.epoch, s: 10 })).toBeUndefined()
})

test('what is kept for those who come back: in memory of its own, and no longer than its time', () => {
  const channel = channelOf(64, 1000)
  const update = (pred: number, at: number) =>
    channel.update(boardOf({ rows: { a: pred }, alerts: [] }), 0 as UnixSeconds, at)
  update(1000, 0)
  const { bytes } = update(1001, 100)!
  expect(bytes.buffer.byteLength - bytes.length).toBeLessThanOrEqual(10) // the frame's head
  const before = { e: channel.epoch, s: 0 }
  channel.forget(1100)
  expect(channel.since(before)).toHaveLength(1)
  // nothing changes any more
  channel.forget(1101)
  expect(channel.since(before)).toBeUndefined()
})
