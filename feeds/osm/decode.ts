// One inflated block → columns: nodes, ways and relations with their tags, no object for any of them. The columns belong to the block and
// are filled anew by the next `decodeBlock`. Metadata (authors, versions, times) is skipped.

import { GrowColumn } from '#engine/core/columns.ts'
import { Cursor } from './cursor.ts'

const u32 = (): GrowColumn<Uint32Array> => new GrowColumn(Uint32Array, 1 << 14)
const i32 = (): GrowColumn<Int32Array> => new GrowColumn(Int32Array, 1 << 14)
const f64 = (): GrowColumn<Float64Array> => new GrowColumn(Float64Array, 1 << 14)

/** Tags of rows: those of row i are [begin[i], begin[i + 1]), each a pair of numbers of texts of the block. */
export interface TagColumns {
  readonly begin: GrowColumn<Uint32Array>
  readonly key: GrowColumn<Uint32Array>
  readonly value: GrowColumn<Uint32Array>
}
const tagColumns = (): TagColumns => ({ begin: u32(), key: u32(), value: u32() })

export class OsmBlock {
  // ids are doubles: they passed 2^32 long ago and stay below 2^53
  readonly nodeId = f64()
  readonly nodeLat = i32() // 1e-7 degrees
  readonly nodeLon = i32()
  readonly nodeTags = tagColumns()

  readonly wayId = f64()
  readonly wayTags = tagColumns()
  readonly refsBegin = u32()
  readonly refs = f64()

  readonly relationId = f64()
  readonly relationTags = tagColumns()
  readonly membersBegin = u32()
  readonly memberId = f64()
  readonly memberType = f64() // 0 node, 1 way, 2 relation
  readonly memberRole = f64() // text

  readonly textBegin = u32()
  readonly textEnd = u32()
  private buffer: Buffer = Buffer.alloc(0)
  private texts: (string | undefined)[] = []

  /** Text `i` of this block, '' if there is none. */
  text(i: number): string {
    const known = this.texts[i]
    if (known !== undefined) return known
    if (i >= this.textBegin.length) return ''
    const text = this.buffer.toString('utf8', this.textBegin.data[i], this.textEnd.data[i])
    this.texts[i] = text
    return text
  }

  clear(bytes: Uint8Array): void {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.texts = []
    for (const column of Object.values(this)) if (column instanceof GrowColumn) column.clear()
    for (const tags of [this.nodeTags, this.wayTags, this.relationTags])
      for (const column of [tags.begin, tags.key, tags.value]) column.clear()
    for (const begin of [
      this.nodeTags.begin,
      this.wayTags.begin,
      this.relationTags.begin,
      this.refsBegin,
      this.membersBegin,
    ])
      begin.push(0)
  }
}

// raw coordinates of the rows at hand, before granularity and offsets
const rawLat = f64()
const rawLon = f64()

/** Throws OSM_UNREADABLE at `where`. */
export function decodeBlock(bytes: Uint8Array, where: string, into: OsmBlock): void {
  into.clear(bytes)
  const c = new Cursor(bytes, where)
  const groups: Cursor[] = []
  let [granularity, latOffset, lonOffset] = [100, 0, 0]
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) readTexts(c.message(), into)
    else if (field === 2) groups.push(c.message())
    else if (field === 17) granularity = c.varint()
    else if (field === 19) latOffset = c.int()
    else if (field === 20) lonOffset = c.int()
    else c.skip()
  }
  rawLat.clear()
  rawLon.clear()
  for (const group of groups) {
    for (let field = group.field(); field !== 0; field = group.field()) {
      if (field === 1) readNode(group.message(), into)
      else if (field === 2) readDense(group.message(), into)
      else if (field === 3) readWay(group.message(), into)
      else if (field === 4) readRelation(group.message(), into)
      else group.skip()
    }
  }
  // nanodegrees → 1e-7 degrees
  into.nodeLat.reserve(rawLat.length)
  into.nodeLon.reserve(rawLon.length)
  for (let i = 0; i < rawLat.length; i++) {
    into.nodeLat.data[i] = Math.round((latOffset + granularity * rawLat.data[i]!) / 100)
    into.nodeLon.data[i] = Math.round((lonOffset + granularity * rawLon.data[i]!) / 100)
  }
}

function readTexts(c: Cursor, into: OsmBlock): void {
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field !== 1) {
      c.skip()
      continue
    }
    const end = c.enter()
    into.textBegin.push(c.pos)
    into.textEnd.push(end)
    c.pos = end
  }
}

function readNode(c: Cursor, into: OsmBlock): void {
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) into.nodeId.push(c.sint())
    else if (field === 2) pushNumbers(c, into.nodeTags.key)
    else if (field === 3) pushNumbers(c, into.nodeTags.value)
    else if (field === 8) rawLat.push(c.sint())
    else if (field === 9) rawLon.push(c.sint())
    else c.skip()
  }
  if (into.nodeId.length !== rawLat.length || rawLat.length !== rawLon.length) c.fail('a node without id or position')
  endTags(c, into.nodeTags)
}

function readDense(c: Cursor, into: OsmBlock): void {
  const first = into.nodeId.length
  let tags: Cursor | undefined
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) pushDeltas(c, into.nodeId)
    else if (field === 8) pushDeltas(c, rawLat)
    else if (field === 9) pushDeltas(c, rawLon)
    else if (field === 10) tags = c.message()
    else c.skip()
  }
  const count = into.nodeId.length
  if (rawLat.length !== count || rawLon.length !== count) c.fail('dense nodes with columns of different length')
  const { begin, key, value } = into.nodeTags
  if (!tags || tags.pos === tags.end) {
    const at = begin.reserve(count - first)
    begin.data.fill(key.length, at, at + count - first)
    return
  }
  // key, value, key, value, …, 0 for each node
  for (let node = first; node < count; node++) {
    for (let k = tags.varint(); k !== 0; k = tags.varint()) {
      key.push(k)
      value.push(tags.varint())
    }
    begin.push(key.length)
  }
}

function readWay(c: Cursor, into: OsmBlock): void {
  let id = Number.NaN
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) id = c.int()
    else if (field === 2) pushNumbers(c, into.wayTags.key)
    else if (field === 3) pushNumbers(c, into.wayTags.value)
    else if (field === 8) pushDeltas(c, into.refs)
    else c.skip()
  }
  if (Number.isNaN(id)) c.fail('a way without id')
  into.wayId.push(id)
  into.refsBegin.push(into.refs.length)
  endTags(c, into.wayTags)
}

function readRelation(c: Cursor, into: OsmBlock): void {
  let id = Number.NaN
  for (let field = c.field(); field !== 0; field = c.field()) {
    if (field === 1) id = c.int()
    else if (field === 2) pushNumbers(c, into.relationTags.key)
    else if (field === 3) pushNumbers(c, into.relationTags.value)
    else if (field === 8) pushNumbers(c, into.memberRole)
    else if (field === 9) pushDeltas(c, into.memberId)
    else if (field === 10) pushNumbers(c, into.memberType)
    else c.skip()
  }
  if (Number.isNaN(id)) c.fail('a relation without id')
  const members = into.memberId.length
  if (into.memberRole.length !== members || into.memberType.length !== members)
    c.fail(`relation ${id}: members, roles and types differ in number`)
  into.relationId.push(id)
  into.membersBegin.push(members)
  endTags(c, into.relationTags)
}

function endTags(c: Cursor, { begin, key, value }: TagColumns): void {
  if (key.length !== value.length) c.fail('keys and values differ in number')
  begin.push(key.length)
}

/** Packed uint32. */
function pushNumbers(c: Cursor, into: GrowColumn<Uint32Array> | GrowColumn<Float64Array>): void {
  const end = c.enter()
  const outer = c.end
  c.end = end
  while (c.pos < end) into.push(c.varint())
  c.end = outer
}

/** Packed sint64, each the difference to the one before: nearly all bytes of a file are here. */
function pushDeltas(c: Cursor, into: GrowColumn<Float64Array>): void {
  const end = c.enter()
  const { bytes } = c
  let at = into.reserve(end - c.pos) // no number is shorter than a byte
  const out = into.data
  let pos = c.pos
  let value = 0
  while (pos < end) {
    const begin = pos
    let b = bytes[pos++]!
    let low = b & 0x7f
    if (b >= 0x80) {
      b = bytes[pos++]!
      low |= (b & 0x7f) << 7
      if (b >= 0x80) {
        b = bytes[pos++]!
        low |= (b & 0x7f) << 14
        if (b >= 0x80) {
          b = bytes[pos++]!
          low |= (b & 0x7f) << 21
        }
      }
    }
    if (b < 0x80) value += (low >>> 1) ^ -(low & 1)
    else {
      // more than 28 bits: the first of a list, mostly
      c.pos = begin
      value += c.sint()
      pos = c.pos
    }
    out[at++] = value
  }
  if (pos > end) c.fail('a number is cut off')
  into.length = at
  c.pos = end
}
