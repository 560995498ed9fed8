// An OSM PBF file → the street graph, in one pass: positions of all nodes inside the area as sorted columns (18 bytes each), streets with
// their node ids; at the end ids become positions and the builder cuts the ways. A missing node (an extract's border, broken data) cuts a
// way in two.

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import type { IslandReport } from '#engine/street/islands.ts'
import type { Area } from '../area.ts'
import { readBlobs } from './blocks.ts'
import { decodeBlock, OsmBlock } from './decode.ts'
import { type DropReason, StreetCollector } from './streets.ts'

export interface OsmReport {
  /** Read from the file. */
  readonly nodes: number
  readonly ways: number
  readonly relations: number
  /** Nodes inside the area; all, if there is none. */
  readonly nodesInside: number
  /** Ways that are streets. */
  readonly streets: number
  /** Areas that are walked across, and the straight ways across them. */
  readonly squares: number
  readonly linesAcross: number
  /** Turn restrictions over ways instead of a node. */
  readonly restrictionsOverWays: number
  /** Benches, charging points, racks, car parks and entrances. */
  readonly spots: number
  readonly graphNodes: number
  readonly graphEdges: number
  readonly graphBytes: number
  /** Why something was left out → how often. */
  readonly dropped: Readonly<Record<DropReason, number>>
  /** Per mode (foot, bike, wheelchair, car): parts of the map that nothing leads to. */
  readonly islands: IslandReport
}

export interface OsmOptions {
  readonly area?: Area
  /** Bytes read and, if known, bytes of the file. */
  readonly onProgress?: (done: number, total: number | undefined) => void
  /** See StreetBuilder.finish. */
  readonly minIslandMetres?: number
}

/**
 * @param source path of a file, or its bytes in pieces
 * @throws OSM_UNREADABLE (saying at which byte), OSM_EMPTY when no street is left
 */
export async function loadOsm(
  source: string | AsyncIterable<Uint8Array>,
  { area, onProgress, minIslandMetres }: OsmOptions = {},
): Promise<{ graph: StreetGraph; report: OsmReport }> {
  const name = typeof source === 'string' ? basename(source) : 'map'
  const total = typeof source === 'string' ? await fileSize(source) : undefined
  const chunks = typeof source === 'string' ? createReadStream(source, { highWaterMark: 1 << 20 }) : source
  const streets = new StreetCollector(area)
  const block = new OsmBlock()
  for await (const { type, bytes, where } of readBlobs(chunks, name, done => onProgress?.(done, total))) {
    if (type === 'header') continue
    decodeBlock(bytes, where, block)
    streets.take(block)
  }
  const built = streets.finish(minIslandMetres)
  if (!built)
    throw new FreifahrtError(
      'OSM_EMPTY',
      name,
      `${streets.counts.ways} ways, none of them a street${area ? ' in the area' : ''}`,
    )
  const { nodes, edges } = built.graph.counts
  return {
    graph: built.graph,
    report: {
      ...streets.counts,
      graphNodes: nodes,
      graphEdges: edges,
      graphBytes: built.graph.buffer.byteLength,
      dropped: streets.dropped,
      islands: built.islands,
    },
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    throw new FreifahrtError('OSM_UNREADABLE', path, (error as Error).message)
  }
}
