import { describe, expect, test } from 'vitest'
import type { StreetGraph } from '#engine/street/graph.ts'
import { parseArea } from '#feeds/area.ts'
import { loadOsm, type OsmOptions } from '#feeds/osm/load.ts'
import { type OsmMap, writeOsmPbf } from '#feeds/osm/write.ts'
import { dataFile } from '../../helpers/data.ts'
import { streetLines } from '../../helpers/streets.ts'

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
const load = (map: OsmMap, options: OsmOptions = {}) =>
  loadOsm(once(writeOsmPbf(map)), { minIslandMetres: 0, ...options })

// five nodes in a row, 0.001° (69 m) apart
const row = [1, 2, 3, 4, 5].map(id => ({ id, lat: 51.5, lon: 7.46 + id / 1000 }))
const footway = (id: number, nodes: number[], tags: Record<string, string> = {}) => ({
  id,
  nodes,
  tags: { highway: 'footway', ...tags },
})

const everywhere = { west: -18e8, south: -9e8, east: 18e8, north: 9e8 }
/** Name or kind and number of points of each edge, sorted. */
const lines = (graph: StreetGraph): string[] =>
  streetLines(graph, everywhere)
    .map(line => `${line.name || line.kind} ${line.points.length / 2}`)
    .sort()

describe('loadOsm', () => {
  test('ways become streets; buildings, and what nobody may use, do not', async () => {
    const { graph, report } = await load({
      nodes: row,
      ways: [
        footway(1, [1, 2, 3], { name: 'Parkweg' }),
        footway(2, [3, 4], { access: 'private' }),
        { id: 3, nodes: [1, 2, 3, 1], tags: { building: 'yes' } },
      ],
    })
    expect(lines(graph)).toEqual(['Parkweg 3'])
    expect(report).toMatchObject({ nodes: 5, ways: 3, relations: 0, streets: 1, graphNodes: 2, graphEdges: 1 })
    expect(report.graphBytes).toBe(graph.buffer.byteLength)
  })

  test('a missing node cuts a way in two and is counted', async () => {
    const { graph, report } = await load({ nodes: row, ways: [footway(1, [1, 2, 99, 3, 4])] })
    expect(lines(graph)).toEqual(['footway 2', 'footway 2'])
    expect(report.dropped).toMatchObject({ missingNode: 1, streetTooShort: 0 })
  })

  test('ways that lead nowhere are counted', async () => {
    const { report } = await load({
      nodes: row,
      ways: [footway(1, [1, 1]), footway(2, [2]), footway(3, [2, 99]), footway(4, [1, 2])],
    })
    expect(report.streets).toBe(1)
    expect(report.dropped).toMatchObject({ streetTooShort: 3, missingNode: 1 })
  })

  test('repeated nodes and loops of a way onto itself do no harm', async () => {
    const nodes = [...row, { id: 6, lat: 51.501, lon: 7.4625 }]
    const { graph } = await load({ nodes, ways: [footway(1, [1, 2, 2, 2, 3, 6, 2])] })
    expect(lines(graph)).toEqual(['footway 2', 'footway 4'])
  })

  test('nodes in any order', async () => {
    const ways = [footway(1, [1, 2, 3, 4, 5])]
    const sorted = await load({ nodes: row, ways })
    const shuffled = await load({ nodes: [3, 0, 4, 2, 1].map(i => row[i]!), ways })
    expect(Buffer.from(shuffled.graph.buffer)).toEqual(Buffer.from(sorted.graph.buffer))
  })

  test('is cut to an area while reading: ways end at its border', async () => {
    const ways = [footway(1, [1, 2, 3, 4, 5]), footway(2, [4, 5])]
    const { graph, report } = await load({ nodes: row, ways }, { area: parseArea('7.46,51.4,7.4635,51.6') })
    expect(report).toMatchObject({ nodes: 5, nodesInside: 3, streets: 1 })
    expect(lines(graph)).toEqual(['footway 3'])
  })

  test('squares given by a relation can be walked round; its rims that are something else stay that', async () => {
    const nodes = [...row, { id: 6, lat: 51.501, lon: 7.462 }, { id: 7, lat: 51.501, lon: 7.461 }]
    const { graph, report } = await load({
      nodes,
      ways: [
        { id: 1, nodes: [1, 2, 6], tags: {} },
        { id: 2, nodes: [6, 7, 1], tags: {} },
        footway(3, [2, 3]),
        { id: 4, nodes: [3, 4], tags: {} },
      ],
      relations: [
        {
          id: 1,
          members: [1, 2, 3, 88].map(id => ({ type: 'way', id, role: 'outer' })),
          tags: { type: 'multipolygon', highway: 'pedestrian', name: 'Alter Markt' },
        },
        { id: 2, members: [{ type: 'way', id: 4 }], tags: { type: 'multipolygon', building: 'yes' } },
        { id: 3, members: [{ type: 'way', id: 4 }], tags: { type: 'route', route: 'hiking' } },
      ],
    })
    expect(lines(graph)).toEqual(['Alter Markt 2', 'Alter Markt 2', 'Alter Markt 3', 'footway 2'])
    expect(report.dropped.missingRim).toBe(1)
  })

  test('a map without a street is refused, as is one without any in the area', async () => {
    const ways = [footway(1, [1, 2])]
    await expect(load({ nodes: row, ways: [] })).rejects.toThrow(/OSM_EMPTY at map: 0 ways, none of them a street$/)
    await expect(load({ nodes: row, ways }, { area: parseArea('8,51,9,52') })).rejects.toThrow(
      /OSM_EMPTY.* in the area/,
    )
    await expect(loadOsm('/nowhere/map.pbf')).rejects.toThrow(/OSM_UNREADABLE at \/nowhere\/map.pbf/)
  })

  test('tells how far it has read', async () => {
    const seen: number[] = []
    const bytes = writeOsmPbf({ nodes: row, ways: [footway(1, [1, 2])] })
    await loadOsm(once(bytes), { minIslandMetres: 0, onProgress: done => seen.push(done) })
    expect(seen.at(-1)).toBe(bytes.length)
  })
})

describe('real maps', () => {
  const heidelberg = dataFile('heidelberg/heidelberg.osm.pbf')
  test.skipIf(!heidelberg)('Heidelberg', async () => {
    const { graph, report } = await loadOsm(heidelberg!)
    // counted with another reader, see decode.test.ts
    expect(report).toMatchObject({ nodes: 221_009, ways: 31_619, relations: 1700 })
    expect(report.dropped).toMatchObject({ nodeBeyondTheGlobe: 0, missingNode: 0 })
    expect(report.graphEdges).toBeGreaterThan(40_000)
    expect(report.graphBytes / report.graphEdges).toBeLessThan(115)
    // the main street of the old town
    const names = new Set(
      streetLines(graph, { west: 86_900_000, south: 494_080_000, east: 87_100_000, north: 494_130_000 }).map(
        l => l.name,
      ),
    )
    expect(names).toContain('Hauptstraße')
  })
})
