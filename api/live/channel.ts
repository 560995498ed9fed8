// One channel as all its subscribers see it: it is read once and encoded once, however many watch. Sequence numbers and rows change in the
// same turn, so a snapshot always is the state of its number:
//
//   snap s=7 ──delta p=7 s=8──▶ ──delta p=8 s=9──▶ …        a client with (epoch, 7) can be brought to 9 by the deltas kept
//
// The epoch is drawn anew with each life of a channel: numbers of another life mean nothing here. What is the same at every gateway is the
// content; so every state carries its digest and every row its version, and a client that comes from another gateway (or from before this one's
// restart) is brought on by deltas: those that were kept, whenever this channel is, or has lately been, in the state that the client names, else
// one that is made for it of the rows that it has in another version, or not at all.

import { hash, randomBytes } from 'node:crypto'
import type { UnixSeconds } from '#engine/core/time.ts'
import { encode } from './frame.ts'
import type { Kind } from './rows/kinds.ts'
import type { Content } from './topic.ts'

/** A message to all subscribers of a channel, encoded. */
export interface DeltaFrame {
  readonly s: number
  readonly p: number
  readonly bytes: Buffer
  /** Digest of the state before. */
  readonly before: string
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
  since(resume: Resume): readonly DeltaFrame[] | undefined
}

/** What a client has: a channel's state by its number and, for another gateway, by its digest and the versions of its rows. */
export interface Resume {
  readonly e: string
  readonly s: number
  readonly d?: string | undefined
  readonly have?: Readonly<Record<string, string>> | undefined
}

/** A row or a member as JSON, and of what it says enough of a hash to tell it from any other. */
interface Part {
  readonly text: string
  readonly hash: string
}

export interface ChannelOptions {
  readonly name: string
  readonly kind: Kind
  readonly keepDeltas: number
  /** Beyond a few snapshots' size a snapshot is the shorter answer. */
  readonly keepBytes: number
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
  private rows = new Map<string, Part>()
  private members = new Map<string, Part>()
  private deltas: DeltaFrame[] = []
  private keptBytes = 0
  // of all rows and members together, whatever their order: what changes goes out and comes in again
  private readonly digest = new Uint32Array(2)
  private snapshotText = ''

  constructor(options: ChannelOptions) {
    this.options = options
    this.name = options.name
    this.kind = options.kind
  }

  /** Takes over what was read at `now`. Returns what subscribers have to be told, if anything. */
  update(content: Content, now: UnixSeconds, at: number): DeltaFrame | undefined {
    const first = this.readAt === Number.NEGATIVE_INFINITY
    const before = this.digestText()
    const rows = this.next(
      this.rows,
      content.rows.map(row => [row.id, JSON.stringify(row)]),
    )
    const members = this.next(
      this.members,
      Object.entries(content.members).map(([name, value]) => [name, `,"${name}":${JSON.stringify(value)}`]),
    )
    const up: string[] = []
    for (const [id, part] of rows) if (this.rows.get(id) !== part) up.push(withVersion(part))
    const rm = [...this.rows.keys()].filter(id => !rows.has(id))
    let tail = ''
    for (const [name, part] of members) if (this.members.get(name) !== part) tail += part.text

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
      before,
      bytes: encode(
        `{"type":"delta",${this.address(s)},"p":${p},"asOf":${now},"d":"${this.digestText()}","up":[${up.join()}],"rm":${JSON.stringify(rm)}${tail}}`,
      ),
    }
    this.keep(frame, at)
    return frame
  }

  /** The parts as they are now; those that say what they said before are the same ones. */
  private next(before: ReadonlyMap<string, Part>, texts: [id: string, text: string][]): Map<string, Part> {
    const parts = new Map<string, Part>()
    for (const [id, text] of new Map(texts)) {
      const old = before.get(id)
      const part = old?.text === text ? old : { text, hash: hash('sha1', text).slice(0, HASH_DIGITS) }
      parts.set(id, part)
      if (part === old) continue
      this.toggle(part)
      if (old) this.toggle(old)
    }
    for (const [id, old] of before) if (!parts.has(id)) this.toggle(old)
    return parts
  }

  private keep(frame: DeltaFrame, at: number): void {
    this.deltas.push(frame)
    this.keptBytes += frame.bytes.length
    this.forget(at)
  }

  /** Lets go of deltas that nobody can be brought on by any more: too many, too large, too old. */
  forget(at: number): void {
    const { keepDeltas, keepBytes, keepMs } = this.options
    while (
      this.deltas.length > 0 &&
      (this.deltas.length > keepDeltas || this.keptBytes > keepBytes || this.deltas[0]!.at < at - keepMs)
    )
      this.keptBytes -= this.deltas.shift()!.bytes.length
  }

  snapshot(feed: string): Buffer {
    this.snapshotText ||= this.writeSnapshot()
    return encode(`${this.snapshotText}${feed}}`)
  }

  since(resume: Resume): readonly DeltaFrame[] | undefined {
    const { e, s, d } = resume
    if (e !== this.epoch) return this.from(resume, d) ?? this.difference(resume)
    if (s > this.sequence) return undefined
    const missing = this.deltas.filter(delta => delta.s > s)
    return missing.length === this.sequence - s ? missing : this.difference(resume)
  }

  /** From a state of another epoch that is, by its digest, one of ours: the first delta changes nothing but the numbers. */
  private from({ e, s }: Resume, digest: string | undefined): readonly DeltaFrame[] | undefined {
    if (digest === undefined) return undefined
    const at = digest === this.digestText() ? this.deltas.length : this.deltas.findLastIndex(d => d.before === digest)
    if (at < 0) return undefined
    const missing = this.deltas.slice(at)
    const here = missing[0]?.p ?? this.sequence
    const text = `{"type":"delta",${this.address(here)},"p":${s},"pe":${JSON.stringify(e)},"asOf":${this.asOf},"d":"${digest}","up":[],"rm":[]}`
    return [{ s: here, p: s, at: this.readAt, before: digest, bytes: encode(text) }, ...missing]
  }

  /** From rows that the client names to ours; undefined when it has none of ours, and a snapshot says as much. */
  private difference({ e, s, have }: Resume): readonly DeltaFrame[] | undefined {
    if (!have) return undefined
    const theirs = new Map(Object.entries(have))
    const up = [...this.rows].filter(([id, part]) => theirs.get(id) !== versionOf(part))
    if (up.length === this.rows.size) return undefined
    const rm = [...theirs.keys()].filter(id => !this.rows.has(id))
    const from = e === this.epoch ? '' : `,"pe":${JSON.stringify(e)}`
    const text = `{"type":"delta",${this.address(this.sequence)},"p":${s}${from},"asOf":${this.asOf},"d":"${this.digestText()}","up":[${up.map(([, part]) => withVersion(part)).join()}],"rm":${JSON.stringify(rm)}${this.membersText()}}`
    return [{ s: this.sequence, p: s, at: this.readAt, before: '', bytes: encode(text) }]
  }

  private toggle({ hash }: Part): void {
    this.digest[0]! ^= Number.parseInt(hash.slice(0, 8), 16)
    this.digest[1]! ^= Number.parseInt(hash.slice(8, 16), 16)
  }

  private digestText(): string {
    return `${this.digest[0]!.toString(36)}.${this.digest[1]!.toString(36)}`
  }

  private writeSnapshot(): string {
    const rows = [...this.rows.values()].map(withVersion).join()
    return `{"type":"snap","kind":"${this.kind}",${this.address(this.sequence)},"asOf":${this.asOf},"d":"${this.digestText()}","rows":[${rows}]${this.membersText()},"feed":`
  }

  private membersText(): string {
    return [...this.members.values()].map(({ text }) => text).join('')
  }

  private address(s: number): string {
    return `"ch":${JSON.stringify(this.name)},"e":"${this.epoch}","s":${s}`
  }
}

const HASH_DIGITS = 16
/** One in 2⁴⁸ is taken for another. */
const versionOf = ({ hash }: Part): string => hash.slice(0, 12)
const withVersion = (part: Part): string => `${part.text.slice(0, -1)},"v":"${versionOf(part)}"}`
