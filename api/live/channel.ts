// One channel: the board of a stop as all its subscribers see it. It is read once and encoded once, however many watch. Sequence numbers and
// rows change in the same turn, so a snapshot always is the state of its number:
//
//   snap s=7 ──delta p=7 s=8──▶ ──delta p=8 s=9──▶ …        a client with (epoch, 7) can be brought to 9 by the deltas kept
//
// The epoch is drawn anew with each channel: numbers of another life mean nothing here.

import { randomBytes } from 'node:crypto'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Board } from './board.ts'
import type { StopHead } from './messages.ts'

/** A message to all subscribers of a channel, encoded. */
export interface DeltaFrame {
  readonly s: number
  readonly p: number
  readonly bytes: Buffer
  /** Monotonic milliseconds. */
  readonly at: number
}

export interface ChannelOptions {
  readonly name: string
  readonly stops: readonly StopIdx[]
  readonly language: readonly string[]
  readonly head: StopHead
  readonly keepDeltas: number
  readonly keepMs: number
}

export class Channel<Subscriber = unknown> {
  readonly name: string
  readonly stops: readonly StopIdx[]
  readonly language: readonly string[]
  readonly epoch = randomBytes(6).toString('base64url')
  readonly subscribers = new Set<Subscriber>()
  sequence = 0
  /** When the rows were read: the world's clock, and monotonic. */
  asOf = 0 as UnixSeconds
  readAt = Number.NEGATIVE_INFINITY
  changedAt = Number.NEGATIVE_INFINITY
  /** Of the horizon that the rows were read from. */
  generation = 0
  /** The rows are to be read again from here on: one of them is over, or alerts may have begun. */
  due = 0
  /** Since when nobody watches, monotonic. */
  idleSince = 0
  private readonly options: ChannelOptions
  private rows = new Map<string, string>()
  private alerts = '[]'
  private stopAlerts = '[]'
  private deltas: DeltaFrame[] = []
  private snapshotText = ''

  constructor(options: ChannelOptions) {
    this.options = options
    this.name = options.name
    this.stops = options.stops
    this.language = options.language
  }

  /** Takes over a board read at `now`. Returns what subscribers have to be told, if anything. */
  update(board: Board, now: UnixSeconds, at: number): DeltaFrame | undefined {
    const first = this.readAt === Number.NEGATIVE_INFINITY
    const rows = new Map(board.rows.map(row => [row.id, JSON.stringify(row)]))
    const up: string[] = []
    const rm: string[] = []
    for (const [id, text] of rows) if (this.rows.get(id) !== text) up.push(text)
    for (const id of this.rows.keys()) if (!rows.has(id)) rm.push(id)
    const alerts = JSON.stringify(board.alerts)
    const stopAlerts = JSON.stringify(board.stopAlerts)
    const alertsChanged = alerts !== this.alerts || stopAlerts !== this.stopAlerts

    this.rows = rows
    this.alerts = alerts
    this.stopAlerts = stopAlerts
    this.asOf = now
    this.readAt = at
    this.snapshotText = ''
    if (first || (up.length === 0 && rm.length === 0 && !alertsChanged)) return undefined

    const p = this.sequence
    const s = ++this.sequence
    this.changedAt = at
    const tail = alertsChanged ? `,"alerts":${alerts},"stopAlerts":${stopAlerts}` : ''
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

  /** The state of `sequence`, whole. `feed` is what the feeds' states are now, as JSON. */
  snapshot(feed: string): Buffer {
    this.snapshotText ||= `{"type":"snap",${this.address(this.sequence)},"asOf":${this.asOf},"rows":[${[...this.rows.values()].join()}],"stop":${JSON.stringify(this.options.head)},"alerts":${this.alerts},"stopAlerts":${this.stopAlerts},"feed":`
    return Buffer.from(`${this.snapshotText}${feed}}`)
  }

  /** The deltas that lead from (epoch, sequence) to now; undefined when only a snapshot helps. */
  since(epoch: string, sequence: number): readonly DeltaFrame[] | undefined {
    if (epoch !== this.epoch || sequence > this.sequence) return undefined
    const missing = this.deltas.filter(delta => delta.s > sequence)
    return missing.length === this.sequence - sequence ? missing : undefined
  }

  private address(s: number): string {
    return `"ch":${JSON.stringify(this.name)},"e":"${this.epoch}","s":${s}`
  }
}
