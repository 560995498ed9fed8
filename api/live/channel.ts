// One channel as all its subscribers see it: it is read once and encoded once, however many watch. Sequence numbers and rows change in the
// same turn, so a snapshot always is the state of its number:
//
//   snap s=7 ──delta p=7 s=8──▶ ──delta p=8 s=9──▶ …        a client with (epoch, 7) can be brought to 9 by the deltas kept
//
// The epoch is drawn anew with each life of a channel: numbers of another life mean nothing here.

import { randomBytes } from 'node:crypto'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Kind } from './rows.ts'
import type { Content } from './topic.ts'

/** A message to all subscribers of a channel, encoded. */
export interface DeltaFrame {
  readonly s: number
  readonly p: number
  readonly bytes: Buffer
  /** Monotonic milliseconds. */
  readonly at: number
}

/** A channel to those who deliver it, wherever it was made. */
export interface LiveChannel {
  readonly name: string
  readonly epoch: string
  readonly sequence: number
  /** The state of `sequence`, whole. `feed` is what the feeds' states are now, as JSON. */
  snapshot(feed: string): Buffer
  /** The deltas that lead from (epoch, sequence) to now; undefined when only a snapshot helps. */
  since(epoch: string, sequence: number): readonly DeltaFrame[] | undefined
}

export interface ChannelOptions {
  readonly name: string
  readonly kind: Kind
  readonly keepDeltas: number
  readonly keepMs: number
}

export class Channel implements LiveChannel {
  readonly name: string
  readonly kind: Kind
  readonly epoch = randomBytes(6).toString('base64url')
  sequence = 0
  /** When the rows were read: the world's clock, and monotonic. */
  asOf = 0 as UnixSeconds
  readAt = Number.NEGATIVE_INFINITY
  changedAt = Number.NEGATIVE_INFINITY
  private readonly options: ChannelOptions
  private rows = new Map<string, string>()
  private members = new Map<string, string>()
  private deltas: DeltaFrame[] = []
  private snapshotText = ''

  constructor(options: ChannelOptions) {
    this.options = options
    this.name = options.name
    this.kind = options.kind
  }

  /** Takes over what was read at `now`. Returns what subscribers have to be told, if anything. */
  update(content: Content, now: UnixSeconds, at: number): DeltaFrame | undefined {
    const first = this.readAt === Number.NEGATIVE_INFINITY
    const rows = new Map(content.rows.map(row => [row.id, JSON.stringify(row)]))
    const members = new Map(Object.entries(content.members).map(([name, value]) => [name, JSON.stringify(value)]))
    const up: string[] = []
    const rm: string[] = []
    for (const [id, text] of rows) if (this.rows.get(id) !== text) up.push(text)
    for (const id of this.rows.keys()) if (!rows.has(id)) rm.push(id)
    let tail = ''
    for (const [name, text] of members) if (this.members.get(name) !== text) tail += `,"${name}":${text}`

    this.rows = rows
    this.members = members
    this.asOf = now
    this.readAt = at
    this.snapshotText = ''
    if (first || (up.length === 0 && rm.length === 0 && tail === '')) return undefined

    const p = this.sequence
    const s = ++this.sequence
    this.changedAt = at
    const frame = {
      s,
      p,
      at,
      bytes: Buffer.from(
        `{"type":"delta",${this.address(s)},"p":${p},"asOf":${now},"up":[${up.join()}],"rm":${JSON.stringify(rm)}${tail}}`,
      ),
    }
    this.deltas.push(frame)
    while (this.deltas.length > this.options.keepDeltas || this.deltas[0]!.at < at - this.options.keepMs)
      this.deltas.shift()
    return frame
  }

  snapshot(feed: string): Buffer {
    this.snapshotText ||= this.writeSnapshot()
    return Buffer.from(`${this.snapshotText}${feed}}`)
  }

  since(epoch: string, sequence: number): readonly DeltaFrame[] | undefined {
    if (epoch !== this.epoch || sequence > this.sequence) return undefined
    const missing = this.deltas.filter(delta => delta.s > sequence)
    return missing.length === this.sequence - sequence ? missing : undefined
  }

  private writeSnapshot(): string {
    const members = [...this.members].map(([name, text]) => `"${name}":${text},`).join('')
    return `{"type":"snap","kind":"${this.kind}",${this.address(this.sequence)},"asOf":${this.asOf},"rows":[${[...this.rows.values()].join()}],${members}"feed":`
  }

  private address(s: number): string {
    return `"ch":${JSON.stringify(this.name)},"e":"${this.epoch}","s":${s}`
  }
}
