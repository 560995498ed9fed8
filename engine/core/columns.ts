// A table is declared once, as a spec; size, views and file image follow from it. All columns of one table group lie in one
// SharedArrayBuffer of fixed length (growable ones are four times slower in V8), so threads share them and a file is their image.
//
//   byte 0        8        16                      16+4n            first multiple of 64
//   | "FREIFAHR" | version | counts c0 … cn-1 (u32) |  padding … | column 0 | column 1 | …   each aligned to 8

import { FreifahrtError, verify } from './errors.ts'

type TypedArrayCtor =
  | Uint8ArrayConstructor
  | Int8ArrayConstructor
  | Uint16ArrayConstructor
  | Int16ArrayConstructor
  | Uint32ArrayConstructor
  | Int32ArrayConstructor
  | Float64ArrayConstructor

/** name → [element type, number of elements] in the order they lie in memory. */
export type Spec = Readonly<Record<string, readonly [TypedArrayCtor, number]>>
export type Views<S extends Spec> = { readonly [K in keyof S]: InstanceType<S[K][0]> }

const MAGIC = 0x52464645_49464148n
const align = (n: number, to: number): number => Math.ceil(n / to) * to
const headerLength = (counts: number): number => align(16 + 4 * counts, 64)

/** Bytes that a table of this spec needs, header included. */
function byteLength(spec: Spec, counts: number): number {
  let at = headerLength(counts)
  for (const [ctor, length] of Object.values(spec)) at = align(at, 8) + ctor.BYTES_PER_ELEMENT * length
  return align(at, 8)
}

/** Views into `buffer`, one per column; nothing is copied. */
function carve<S extends Spec>(spec: S, counts: number, buffer: SharedArrayBuffer): Views<S> {
  const views: Record<string, unknown> = {}
  let at = headerLength(counts)
  for (const [name, [ctor, length]] of Object.entries(spec)) {
    at = align(at, 8)
    views[name] = new (ctor as Uint8ArrayConstructor)(buffer as unknown as ArrayBuffer, at, length)
    at += ctor.BYTES_PER_ELEMENT * length
  }
  verify(at <= buffer.byteLength, () => `columns end at ${at}, buffer holds ${buffer.byteLength}`)
  return views as Views<S>
}

/** A table group: `specOf` derives the spec from a few counts, which the header carries. */
export interface TableFormat<Counts extends Readonly<Record<string, number>>, S extends Spec> {
  readonly name: string
  /** Raised with every change of layout; other versions are refused on read. */
  readonly version: number
  readonly countNames: readonly (keyof Counts & string)[]
  readonly specOf: (counts: Counts) => S
}

export type Table<Counts, S extends Spec> = Views<S> & { readonly counts: Counts; readonly buffer: SharedArrayBuffer }

/** Bytes of a table with these counts. */
export function tableBytes<C extends Readonly<Record<string, number>>, S extends Spec>(
  format: TableFormat<C, S>,
  counts: C,
): number {
  return byteLength(format.specOf(counts), format.countNames.length)
}

/** A new, zeroed table; `buffer` may be a pooled one that is large enough (its old content stays where not overwritten). */
export function createTable<C extends Readonly<Record<string, number>>, S extends Spec>(
  format: TableFormat<C, S>,
  counts: C,
  buffer = new SharedArrayBuffer(tableBytes(format, counts)),
): Table<C, S> {
  const head = new DataView(buffer)
  head.setBigUint64(0, MAGIC, true)
  head.setUint32(8, format.version, true)
  head.setUint32(12, format.countNames.length, true)
  for (let i = 0; i < format.countNames.length; i++)
    head.setUint32(16 + 4 * i, counts[format.countNames[i]!] as number, true)
  return { ...carve(format.specOf(counts), format.countNames.length, buffer), counts, buffer }
}

/** Attach to a table somebody else made: another thread's memory or a file's image. Throws NETWORK_UNREADABLE. */
export function openTable<C extends Readonly<Record<string, number>>, S extends Spec>(
  format: TableFormat<C, S>,
  buffer: SharedArrayBuffer,
): Table<C, S> {
  const bad = (detail: string): FreifahrtError => new FreifahrtError('NETWORK_UNREADABLE', format.name, detail)
  if (buffer.byteLength < headerLength(format.countNames.length)) throw bad('too short for a header')
  const head = new DataView(buffer)
  if (head.getBigUint64(0, true) !== MAGIC) throw bad('not a Freifahrt table')
  const version = head.getUint32(8, true)
  if (version !== format.version) throw bad(`version ${version}, this program reads ${format.version}: import again`)
  if (head.getUint32(12, true) !== format.countNames.length) throw bad('another number of counts')
  const counts = Object.fromEntries(
    format.countNames.map((name, i) => [name, head.getUint32(16 + 4 * i, true)]),
  ) as unknown as C
  const needed = tableBytes(format, counts)
  if (buffer.byteLength < needed) throw bad(`truncated: ${buffer.byteLength} of ${needed} bytes`)
  return { ...carve(format.specOf(counts), format.countNames.length, buffer), counts, buffer }
}

type Growable = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** A column that grows while its table is being built; read `data` only below `length`. */
export class GrowColumn<A extends Growable> {
  data: A
  length = 0
  constructor(make: new (n: number) => A, capacity = 1024) {
    this.data = new make(capacity)
  }
  push(value: number): number {
    if (this.length === this.data.length) this.grow(this.length + 1)
    this.data[this.length] = value
    return this.length++
  }
  /** Room for `n` more, set by the caller through `data`; returns where they begin. */
  reserve(n: number): number {
    const begin = this.length
    if (begin + n > this.data.length) this.grow(begin + n)
    this.length = begin + n
    return begin
  }
  clear(): void {
    this.length = 0
  }
  /** The filled part, not a copy. */
  view(): A {
    return this.data.subarray(0, this.length) as A
  }
  private grow(needed: number): void {
    const old = this.data
    this.data = new (old.constructor as new (n: number) => A)(Math.max(needed, old.length * 2))
    this.data.set(old as never)
  }
}
