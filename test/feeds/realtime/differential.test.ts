// What has changed becomes the whole (A6): after every message the entities are those of a plain map that was told the same.

import { expect, test } from 'vitest'
import { Differences } from '#feeds/realtime/differential.ts'
import { random } from '../../helpers/random.ts'
import { alert, type Entity, feedMessage, proto, raw, trip } from '../../helpers/realtime.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const late = (id: string, seconds: number): Entity => trip(`T${id}`).withId(id).stop('A').delay(seconds)
const gone = (id: string): Entity => raw({ id, isDeleted: true })

const changed = (...entities: readonly Entity[]): Uint8Array =>
  feedMessage({ timestamp: T, differential: true }, ...entities)
const full = (...entities: readonly Entity[]): Uint8Array => feedMessage({ timestamp: T }, ...entities)

/** `a60 b0`: ids with their delays, in order of id. */
function text(bytes: Uint8Array): string {
  const { header, entity } = proto.FeedMessage.decode(bytes)
  expect([header.incrementality ?? 0, Number(header.timestamp)]).toEqual([0, T])
  const delay = (e: (typeof entity)[number]): number => e.tripUpdate?.stopTimeUpdate?.[0]?.arrival?.delay ?? 0
  return entity
    .map(e => `${e.id}${delay(e)}`)
    .sort()
    .join(' ')
}

test('A6: upserted by entity id, taken out by is_deleted; a full dataset begins anew', () => {
  const differences = new Differences()
  const after = (bytes: Uint8Array): string => text(differences.whole(bytes, 0))
  expect(after(changed(late('a', 60)))).toBe('a60')
  expect(after(full(late('b', 0), late('c', 30), alert('x', {})))).toBe('b0 c30 x0')
  expect(after(changed(late('b', 90), gone('c'), gone('never there')))).toBe('b90 x0')
  expect(after(changed())).toBe('b90 x0')
  expect(after(full(late('d', 1)))).toBe('d1')
})

test('A6: what nobody speaks of for ten minutes goes', () => {
  const differences = new Differences()
  differences.whole(changed(late('a', 60), late('b', 0)), 0)
  expect(text(differences.whole(changed(late('b', 30)), 600_000))).toBe('a60 b30')
  expect(text(differences.whole(changed(), 600_001))).toBe('b30')
})

test('A6, K1: unreadable and late messages change nothing; a clock set back is believed in the end', () => {
  const differences = new Differences()
  const at = (timestamp: number, delay: number) => feedMessage({ timestamp, differential: true }, late('a', delay))
  differences.whole(at(T, 60), 0)
  expect(() => differences.whole(Uint8Array.of(0x0a, 0x7f), 0)).toThrow('REALTIME_UNREADABLE')
  for (let i = 0; i < 5; i++) expect(() => differences.whole(at(T - 30, 90), 0)).toThrow('went_backwards')
  expect(text(differences.whole(changed(), 0))).toBe('a60')
  for (let i = 0; i < 5; i++) expect(() => differences.whole(at(T - 30, 90), 0)).toThrow('went_backwards')
  expect(proto.FeedMessage.decode(differences.whole(at(T - 30, 90), 0)).entity).toHaveLength(1)
})

test('A6: what would become too large is refused and not kept; it goes on once others have gone', () => {
  const differences = new Differences(200)
  const some = (prefix: string): Entity[] => ['1', '2', '3'].map(n => late(prefix + n, 60))
  expect(text(differences.whole(changed(...some('a')), 0))).toBe('a160 a260 a360')
  for (let n = 0; n < 3; n++)
    expect(() => differences.whole(changed(...some(`b${n}`), ...some(`c${n}`)), 300_000)).toThrow('more than 200 bytes')
  expect(text(differences.whole(changed(), 300_000))).toBe('a160 a260 a360')
  expect(text(differences.whole(changed(...some('d')), 600_001))).toBe('d160 d260 d360')
})

test('A6: random messages are what a map makes of them', () => {
  const { below, chance } = random(0xa6)
  const differences = new Differences()
  const expected = new Map<string, number>()
  for (let n = 0; n < 300; n++) {
    const isFull = chance(0.05)
    if (isFull) expected.clear()
    const entities = Array.from({ length: below(6) }, () => {
      const id = 'abcdefghij'[below(10)]!
      if (!isFull && chance(0.3)) {
        expected.delete(id)
        return gone(id)
      }
      const delay = below(1000)
      expected.set(id, delay)
      return late(id, delay)
    })
    const whole = differences.whole((isFull ? full : changed)(...entities), n)
    // a full dataset goes on as it came, repeated entities and all
    if (isFull) continue
    expect(text(whole)).toBe(
      [...expected]
        .map(([id, delay]) => `${id}${delay}`)
        .sort()
        .join(' '),
    )
  }
})
