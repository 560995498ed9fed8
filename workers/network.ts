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
  readonly streets?: SharedArrayBuffer
  readonly links?: SharedArrayBuffer
  readonly ground?: SharedArrayBuffer
  readonly places?: SharedArrayBuffer
}

/** Opens what `freifahrt import` wrote. Throws NETWORK_UNREADABLE, saying what to do. */
export function openNetwork(dir: string): OpenNetwork {
  const { manifest, parts } = readNetwork(dir)
  const { timetable, footpaths, wheelchairFootpaths, streets, links, ground, places } = Object.fromEntries(parts)
  if (!timetable || !footpaths || !streets !== !links)
    throw new FreifahrtError('NETWORK_UNREADABLE', dir, 'a table is missing; make it again with `freifahrt import`')
  const tables = openTables({
    timetable,
    footpaths,
    ...(wheelchairFootpaths && { wheelchairFootpaths }),
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
  const { footpaths, wheelchairFootpaths } = tables
  return {
    ...tables,
    timetable,
    footpaths: wide(footpaths),
    ...(wheelchairFootpaths && { wheelchairFootpaths: wide(wheelchairFootpaths) }),
  }
}

export function openTables(buffers: NetworkBuffers): NetworkTables {
  return {
    timetable: openTimetable(buffers.timetable),
    footpaths: openFootpaths(buffers.footpaths),
    ...(buffers.wheelchairFootpaths && { wheelchairFootpaths: openFootpaths(buffers.wheelchairFootpaths) }),
    ...(buffers.streets && { streets: openStreetGraph(buffers.streets) }),
    ...(buffers.links && { links: openStopLinks(buffers.links) }),
    ...(buffers.ground && { ground: openGround(buffers.ground) }),
    ...(buffers.places && { places: openPlaces(buffers.places) }),
  }
}

export const buffersOf = ({
  timetable,
  footpaths,
  wheelchairFootpaths,
  streets,
  links,
  ground,
  places,
}: NetworkTables): NetworkBuffers => ({
  timetable: timetable.buffer,
  footpaths: footpaths.buffer,
  ...(wheelchairFootpaths && { wheelchairFootpaths: wheelchairFootpaths.buffer }),
  ...(streets && { streets: streets.buffer }),
  ...(links && { links: links.buffer }),
  ...(ground && { ground: ground.buffer }),
  ...(places && { places: places.buffer }),
})
