// Writes OpenStreetMap PBF as any tool reads it: a header block, then zlib'd primitive blocks with dense nodes, ways and relations.
// For the demo city and for tests; versions, authors and dates of the entities are left out (they are optional).
// Format: https://wiki.openstreetmap.org/wiki/PBF_Format; the messages below are the parts of fileformat.proto and osmformat.proto used.

import { deflateSync } from 'node:zlib'
import protobuf from 'protobufjs'

export interface OsmNode {
  readonly id: number
  /** Degrees; 1e-7 of one is the smallest step kept. */
  readonly lat: number
  readonly lon: number
  readonly tags?: OsmTags
}

export interface OsmWay {
  readonly id: number
  /** Ids of its nodes, in order. */
  readonly nodes: readonly number[]
  readonly tags?: OsmTags
}

export interface OsmRelation {
  readonly id: number
  readonly members: readonly {
    readonly type: 'node' | 'way' | 'relation'
    readonly id: number
    readonly role?: string
  }[]
  readonly tags?: OsmTags
}

export type OsmTags = Readonly<Record<string, string>>

export interface OsmMap {
  readonly nodes: readonly OsmNode[]
  readonly ways: readonly OsmWay[]
  readonly relations?: readonly OsmRelation[]
}

const { root } = protobuf.parse(
  `syntax = "proto2";
  message BlobHeader { required string type = 1; required int32 datasize = 3; }
  message Blob { optional int32 raw_size = 2; optional bytes zlib_data = 3; }
  message HeaderBlock { optional BBox bbox = 1; repeated string required_features = 4; repeated string optional_features = 5; optional string writingprogram = 16; }
  message BBox { required sint64 left = 1; required sint64 right = 2; required sint64 top = 3; required sint64 bottom = 4; }
  message PrimitiveBlock { required StringTable stringtable = 1; repeated Group primitivegroup = 2; }
  message StringTable { repeated bytes s = 1; }
  message Group { optional Dense dense = 2; repeated Way ways = 3; repeated Relation relations = 4; }
  message Dense { repeated sint64 id = 1 [packed = true]; repeated sint64 lat = 8 [packed = true]; repeated sint64 lon = 9 [packed = true]; repeated int32 keys_vals = 10 [packed = true]; }
  message Way { required int64 id = 1; repeated uint32 keys = 2 [packed = true]; repeated uint32 vals = 3 [packed = true]; repeated sint64 refs = 8 [packed = true]; }
  message Relation { required int64 id = 1; repeated uint32 keys = 2 [packed = true]; repeated uint32 vals = 3 [packed = true]; repeated int32 roles_sid = 8 [packed = true]; repeated sint64 memids = 9 [packed = true]; repeated int32 types = 10 [packed = true]; }`,
  { keepCase: true },
)

/** Entities of one block: the format allows any number, tools write 8,000. */
const BLOCK = 8000
const MEMBER_TYPE = { node: 0, way: 1, relation: 2 } as const

/** Entities are written in the order given; readers expect each kind sorted by id. */
export function writeOsmPbf({ nodes, ways, relations = [] }: OsmMap): Uint8Array {
  return Buffer.concat([...osmBlobs({ nodes, ways, relations }, nodes)])
}

/** The same piece by piece, for maps that no memory holds. @param outline nodes that say where the map is */
export function* osmBlobs(
  { nodes, ways, relations }: { nodes: Iterable<OsmNode>; ways: Iterable<OsmWay>; relations: Iterable<OsmRelation> },
  outline: readonly OsmNode[],
): Generator<Uint8Array> {
  yield blob('OSMHeader', header(outline))
  for (const some of chunks(nodes)) yield primitives(strings => ({ dense: dense(some, strings) }))
  for (const some of chunks(ways)) yield primitives(strings => ({ ways: some.map(w => way(w, strings)) }))
  for (const some of chunks(relations))
    yield primitives(strings => ({ relations: some.map(r => relation(r, strings)) }))
}

function* chunks<T>(all: Iterable<T>): Generator<readonly T[]> {
  let some: T[] = []
  for (const one of all) {
    some.push(one)
    if (some.length < BLOCK) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

const encode = (type: string, message: object): Uint8Array => root.lookupType(type).encode(message).finish()

/** Length of the blob header (4 bytes, big end first), blob header, blob. */
function blob(type: string, block: Uint8Array): Buffer {
  const body = encode('Blob', { raw_size: block.length, zlib_data: deflateSync(block) })
  const head = encode('BlobHeader', { type, datasize: body.length })
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, body])
}

function header(nodes: readonly OsmNode[]): Uint8Array {
  const box = { left: 180, right: -180, top: -90, bottom: 90 }
  for (const { lat, lon } of nodes) {
    box.left = Math.min(box.left, lon)
    box.right = Math.max(box.right, lon)
    box.top = Math.max(box.top, lat)
    box.bottom = Math.min(box.bottom, lat)
  }
  const bbox = Object.fromEntries(Object.entries(box).map(([side, degrees]) => [side, Math.round(degrees * 1e9)]))
  return encode('HeaderBlock', {
    ...(nodes.length > 0 && { bbox }),
    required_features: ['OsmSchema-V0.6', 'DenseNodes'],
    optional_features: ['Sort.Type_then_ID'],
    writingprogram: 'freifahrt',
  })
}

/** Text → its place in the block's string table; place 0 is kept empty: dense nodes use 0 as the end of a node's tags. */
class Strings {
  readonly #places = new Map<string, number>([['', 0]])
  place(text: string): number {
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.#places.size)
    return this.#places.size - 1
  }
  table(): Uint8Array[] {
    const utf8 = new TextEncoder()
    return [...this.#places.keys()].map(text => utf8.encode(text))
  }
}

function primitives(groupOf: (strings: Strings) => object): Buffer {
  const strings = new Strings()
  const group = groupOf(strings)
  return blob('OSMData', encode('PrimitiveBlock', { stringtable: { s: strings.table() }, primitivegroup: [group] }))
}

// The block's granularity is left at its default of 100 nanodegrees: 1e-7 degrees.
const steps = (degrees: number): number => Math.round(degrees * 1e7)

function dense(nodes: readonly OsmNode[], strings: Strings): object {
  const tagged = nodes.some(node => node.tags)
  return {
    id: deltas(nodes.map(node => node.id)),
    lat: deltas(nodes.map(node => steps(node.lat))),
    lon: deltas(nodes.map(node => steps(node.lon))),
    keys_vals: tagged ? nodes.flatMap(({ tags = {} }) => [...places(tags, strings), 0]) : [],
  }
}

const places = (tags: OsmTags, strings: Strings): number[] =>
  Object.entries(tags).flatMap(([key, value]) => [strings.place(key), strings.place(value)])

const deltas = (values: readonly number[]): number[] => values.map((value, i) => value - (values[i - 1] ?? 0))

function way({ id, nodes, tags = {} }: OsmWay, strings: Strings): object {
  return { id, ...tagColumns(tags, strings), refs: deltas(nodes) }
}

function relation({ id, members, tags = {} }: OsmRelation, strings: Strings): object {
  return {
    id,
    ...tagColumns(tags, strings),
    roles_sid: members.map(m => strings.place(m.role ?? '')),
    memids: deltas(members.map(m => m.id)),
    types: members.map(m => MEMBER_TYPE[m.type]),
  }
}

function tagColumns(tags: OsmTags, strings: Strings): object {
  return {
    keys: Object.keys(tags).map(key => strings.place(key)),
    vals: Object.values(tags).map(value => strings.place(value)),
  }
}
