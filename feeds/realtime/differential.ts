// Producers that send only what has changed (DIFFERENTIAL, A6; off unless the source's options say so). What each entity said last is kept by its
// id, so that everybody behind here is given full datasets and nothing else:
//
//   FULL          a b c              ──▶ a b c
//   DIFFERENTIAL  b′  c is_deleted   ──▶ a b′
//   DIFFERENTIAL  d                  ──▶ a b′ d       an entity that nobody speaks of for ten minutes goes

import { FreifahrtError } from '#engine/core/errors.ts'
import { isLate } from '#engine/live/envelope.ts'
import { NO_TIME } from '#engine/live/message.ts'
import { decodeMessage, MAX_MESSAGE_BYTES } from './decode.ts'
import { Wire } from './wire.ts'

/** Milliseconds for which an entity is believed: the specification names no way to find out that a change was lost. */
const KEPT_MS = 600_000
const DIFFERENTIAL = 1

interface Kept {
  readonly bytes: Uint8Array
  readonly at: number
}

interface Entity {
  readonly id: string
  /** With its tag and length, as it stands in a FeedMessage. */
  readonly bytes: Uint8Array
  readonly deleted: boolean
}

export class Differences {
  private readonly maxBytes: number
  private entities: ReadonlyMap<string, Kept> = new Map()
  private last = { timestamp: NO_TIME, backwards: 0 }

  /** @param maxBytes of a full dataset */
  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.maxBytes = maxBytes
  }

  /**
   * The full dataset that a message makes of those before; a full dataset itself as it is, and the beginning of what follows.
   * Throws REALTIME_UNREADABLE and leaves what is kept as it was; so do a message older than the last and one that would make it too large.
   * @param now monotonic milliseconds
   */
  whole(message: Uint8Array, now: number): Uint8Array {
    const { incrementality, timestamp } = decodeMessage(message)
    if (isLate(this.last, timestamp))
      throw new FreifahrtError(
        'REALTIME_UNREADABLE',
        'header',
        `went_backwards: ${timestamp} after ${this.last.timestamp}`,
      )
    const { header, entities } = split(message)
    const isFull = incrementality !== DIFFERENTIAL
    const kept = new Map(isFull ? [] : this.entities)
    // in the order in which they were last said
    for (const [id, { at }] of kept) {
      if (now - at <= KEPT_MS) break
      kept.delete(id)
    }
    for (const { id, bytes, deleted } of entities) {
      kept.delete(id)
      if (!deleted) kept.set(id, { bytes, at: now })
    }
    const whole = isFull ? message : joined(header, [...kept.values()], this.maxBytes)
    this.entities = kept
    this.last = { timestamp, backwards: 0 }
    return whole
  }
}

/** The header's content, and the entities one by one, each in memory of its own. */
function split(message: Uint8Array): { header: Uint8Array; entities: Entity[] } {
  const wire = new Wire()
  wire.open(message)
  let header = new Uint8Array(0)
  const entities: Entity[] = []
  while (wire.pos < message.length) {
    const begin = wire.pos
    const tag = wire.tag()
    if (tag !== 0x0a && tag !== 0x12) {
      wire.skip(tag, message.length)
      continue
    }
    const end = wire.enter(message.length)
    if (tag === 0x0a) header = message.slice(wire.pos, end)
    else entities.push({ ...readHead(wire, end), bytes: message.slice(begin, end) })
    wire.pos = end
  }
  return { header, entities }
}

function readHead(wire: Wire, end: number): { id: string; deleted: boolean } {
  let id = ''
  let deleted = false
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) id = wire.text(end)
    else if (tag === 0x10) deleted = wire.varint() !== 0
    else wire.skip(tag, end)
  }
  return { id, deleted }
}

/** A FeedMessage of this header, its incrementality FULL_DATASET: of a field that comes twice the last counts. */
function joined(header: Uint8Array, entities: readonly Kept[], maxBytes: number): Uint8Array {
  const full = [0x10, 0x00]
  const head = [Uint8Array.from([0x0a, ...varint(header.length + full.length)]), header, Uint8Array.from(full)]
  const parts = [...head, ...entities.map(entity => entity.bytes)]
  if (parts.reduce((sum, part) => sum + part.length, 0) > maxBytes)
    throw new FreifahrtError('REALTIME_UNREADABLE', 'differences', `more than ${maxBytes} bytes together`)
  return new Uint8Array(Buffer.concat(parts))
}

function varint(n: number): number[] {
  const bytes: number[] = []
  for (let rest = n; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}
