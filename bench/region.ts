// A synthetic region: so many nodes of streets and houses, written as OSM PBF, read again and built, in this process; what it costs.
//
//   node bench/region.ts [MILLIONS_OF_NODES]          default 20
//
// A lattice of points a dozen metres apart, each row a chain of ways of twenty points. Two rows of three are walls of houses, the third is a
// street; every tenth column is a street as well, so that a street edge has about as many bends as in a real city.

import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOsm } from '#feeds/osm/load.ts'
import { type OsmNode, type OsmWay, osmBlobs } from '#feeds/osm/write.ts'
import { random } from '../test/helpers/random.ts'
import { digits, machine, spentSince } from './harness.ts'

const millions = Number(process.argv[2] ?? 20)
const COLUMNS = 4000
const rows = Math.round((millions * 1e6) / COLUMNS)
const PER_WAY = 20
const STEP = 0.000_11

const id = (row: number, column: number): number => row * COLUMNS + column + 1

function* nodes(): Generator<OsmNode> {
  const r = random(1)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < COLUMNS; column++)
      yield {
        id: id(row, column),
        lat: 50 + row * STEP + r.between(-200, 200) / 1e7,
        lon: 7 + column * STEP * 1.5 + r.between(-200, 200) / 1e7,
      }
}

function* ways(): Generator<OsmWay> {
  let way = 1
  for (let row = 0; row < rows; row++) {
    const tags =
      row % 3 === 0 ? { highway: 'residential', name: `Street ${row}`, surface: 'asphalt' } : { building: 'yes' }
    for (let column = 0; column + 1 < COLUMNS; column += PER_WAY) {
      const points = Math.min(PER_WAY + 1, COLUMNS - column)
      yield { id: way++, nodes: Array.from({ length: points }, (_, i) => id(row, column + i)), tags }
    }
  }
  for (let column = 0; column < COLUMNS; column += 10)
    for (let row = 0; row + 3 < rows; row += 18) {
      const crossings = Math.min(7, Math.ceil((rows - row) / 3))
      const points = Array.from({ length: crossings }, (_, i) => id(row + 3 * i, column))
      yield { id: way++, nodes: points, tags: { highway: column % 100 === 0 ? 'secondary' : 'footway', lit: 'yes' } }
    }
}

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-region-'))
try {
  const file = join(dir, 'region.osm.pbf')
  const handle = openSync(file, 'w')
  for (const blob of osmBlobs({ nodes: nodes(), ways: ways(), relations: [] }, [])) writeSync(handle, blob)
  closeSync(handle)
  const before = process.cpuUsage()
  const { graph, report } = await loadOsm(file)
  const seconds = spentSince(before) / 1000
  const entities = report.nodes + report.ways
  console.log(`${machine()}
  file                        ${digits(statSync(file).size / 1e6)} MB
  nodes, ways                 ${digits(report.nodes)}, ${digits(report.ways)}
  graph nodes, edges          ${digits(graph.counts.nodes)}, ${digits(graph.counts.edges)}
  CPU                         ${digits(seconds)} s: ${digits(entities / seconds / 1e6)} M entities per CPU-second, graph included
  bytes for an edge           ${digits(graph.buffer.byteLength / graph.counts.edges)}
  memory at its highest       ${digits(process.resourceUsage().maxRSS / 1024)} MB`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
