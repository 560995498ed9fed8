// A network as a process holds it: the tables, opened once and shared by all threads. Threads get the bare buffers and open them again;
// nothing is copied.

import { FreifahrtError } from '#engine/core/errors.ts'
import { type Footpaths, openFootpaths, widenFootpaths } from '#engine/footpaths/footpaths.ts'
import { type Ground, openGround } from '#engine/ground/ground.ts'
import { openPlaces, type Places } from '#engine/places/places.ts'
import { openStreetGraph, type StreetGraph } from '#engine/street/graph.ts'
import { openStopLinks, type StopLinks } from '#engine/street/links.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { openTimetable, type Timetable } from '#engine/timetable/timetable.ts'
import { type Manifest, readNetwork } from './network-files.ts'

export interface NetworkTables {
  readonly timetable: Timetable
  readonly footpaths: Footpaths
  /** The same for those who need ways without steps; absent where nobody knows. */
  readonly wheelchairFootpaths?: Footpaths
  readonly walkerFootpaths?: Footpaths
  readonly pramFootpaths?: Footpaths
  /** Both or none: a network without a map has neither. */
  readonly streets?: StreetGraph
  readonly links?: StopLinks
  /** What a map shows besides streets; a network without a map has none. */
  readonly ground?: Ground
  /** Everything that can be found by name. */
  readonly places?: Places
}

export interface OpenNetwork extends NetworkTables {
  readonly manifest: Manifest
}

/** The same as plain shared memory: what a file holds and what a thread is given. */
export interface NetworkBuffers {
  readonly timetable: SharedArrayBuffer
  readonly footpaths: SharedArrayBuffer
  readonly wheelchairFootpaths?: SharedArrayBuffer
  readonly walkerFootpaths?: SharedArrayBuffer
  readonly pramFootpaths?: SharedArrayBuffer
  readonly streets?: SharedArrayBuffer
  readonly links?: SharedArrayBuffer
  readonly ground?: SharedArrayBuffer
  readonly places?: SharedArrayBuffer
}

/** Tables of those who need ways without steps, each with its own limits. */
const stepFree = ['wheelchairFootpaths', 'walkerFootpaths', 'pramFootpaths'] as const

/** Of these what is there, made into something else. */
const mapStepFree = <A, B>(
  all: { readonly [K in (typeof stepFree)[number]]?: A },
  make: (one: A) => B,
): { [K in (typeof stepFree)[number]]?: B } =>
  Object.fromEntries(stepFree.flatMap(name => (all[name] === undefined ? [] : [[name, make(all[name])]])))

/** Opens what `freifahrt import` wrote. Throws NETWORK_UNREADABLE, saying what to do. */
export function openNetwork(dir: string): OpenNetwork {
  const { manifest, parts } = readNetwork(dir)
  const all: Record<string, SharedArrayBuffer> = Object.fromEntries(parts)
  const { timetable, footpaths, streets, links, ground, places } = all
  if (!timetable || !footpaths || !streets !== !links)
    throw new FreifahrtError('NETWORK_UNREADABLE', dir, 'a table is missing; make it again with `freifahrt import`')
  const tables = openTables({
    timetable,
    footpaths,
    ...mapStepFree(all, (buffer: SharedArrayBuffer) => buffer),
    ...(streets && links && { streets, links }),
    ...(ground && { ground }),
    ...(places && { places }),
  })
  return { manifest, ...withRoom(tables) }
}

/** The same tables with room for what realtime adds; a file has none. */
function withRoom(tables: NetworkTables): NetworkTables {
  const timetable = makeRoom(tables.timetable)
  const wide = (footpaths: Footpaths): Footpaths => widenFootpaths(footpaths, timetable.counts.stops)
  return {
    ...tables,
    timetable,
    footpaths: wide(tables.footpaths),
    ...mapStepFree(tables, wide),
  }
}

/** Timetables whose room a service of this process writes. */
const written = new WeakSet<SharedArrayBuffer>()

/**
 * The network for one service alone to write added runs into, until `leaveRoom`: itself, or over a timetable of its own when another
 * service writes this one. Everything else is only read, and stays shared.
 */
export function takeRoom(network: OpenNetwork): OpenNetwork {
  const { buffer, counts } = network.timetable
  if (counts.roomTrips === 0) return network
  if (!written.has(buffer)) {
    written.add(buffer)
    return network
  }
  const copy = new SharedArrayBuffer(buffer.byteLength)
  new Uint8Array(copy).set(new Uint8Array(buffer))
  written.add(copy)
  return { ...network, timetable: openTimetable(copy) }
}

export function leaveRoom({ timetable }: OpenNetwork): void {
  written.delete(timetable.buffer)
}

/** Views of the buffers, nothing is copied. Throws NETWORK_UNREADABLE. */
export function openTables(buffers: NetworkBuffers): NetworkTables {
  return {
    timetable: openTimetable(buffers.timetable),
    footpaths: openFootpaths(buffers.footpaths),
    ...mapStepFree(buffers, openFootpaths),
    ...(buffers.streets && { streets: openStreetGraph(buffers.streets) }),
    ...(buffers.links && { links: openStopLinks(buffers.links) }),
    ...(buffers.ground && { ground: openGround(buffers.ground) }),
    ...(buffers.places && { places: openPlaces(buffers.places) }),
  }
}

export const buffersOf = ({
  timetable,
  footpaths,
  streets,
  links,
  ground,
  places,
  ...others
}: NetworkTables): NetworkBuffers => ({
  timetable: timetable.buffer,
  footpaths: footpaths.buffer,
  ...mapStepFree(others, one => one.buffer),
  ...(streets && { streets: streets.buffer }),
  ...(links && { links: links.buffer }),
  ...(ground && { ground: ground.buffer }),
  ...(places && { places: places.buffer }),
})
