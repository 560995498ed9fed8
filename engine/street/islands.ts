// Parts of the map that cannot be reached: a platform's rim, a courtyard behind a gate, what an extract's border cuts off. Whoever starts
// there would find no way, so they are closed to the mode; an edge closed to all modes disappears. Direction is ignored here (weakly connected
// parts); who has to heed one-ways is kept out of their traps as well (traps.ts). What a bicycle is pushed along joins what it is ridden on.

import { ALL_MODES, Mode, mayUse } from './graph.ts'
import { leads } from './pushing.ts'
import { closeTraps } from './traps.ts'

/** Per mode (index): parts closed, edges in them, their metres. */
export interface IslandReport {
  readonly parts: readonly number[]
  readonly edges: readonly number[]
  readonly metres: readonly number[]
}

export interface IslandEdges {
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly millimetres: Uint32Array
  readonly traits: Uint32Array
  readonly form: Uint32Array
}

/** Takes the access bits of short parts out of `edges.traits`; each mode keeps its longest part whatever its length. */
export function closeIslands(edges: IslandEdges, nodeTraits: Uint16Array, minMetres: number): IslandReport {
  const report = { parts: [0, 0, 0, 0], edges: [0, 0, 0, 0], metres: [0, 0, 0, 0] }
  for (const mode of ALL_MODES) closeForMode(edges, nodeTraits, minMetres * 1000, mode, report)
  for (const mode of [Mode.bike, Mode.car]) closeTraps(edges, nodeTraits, minMetres * 1000, mode, report)
  return report
}

function closeForMode(
  { from, to, millimetres, traits, form }: IslandEdges,
  nodeTraits: Uint16Array,
  minLength: number,
  mode: Mode,
  report: { parts: number[]; edges: number[]; metres: number[] },
): void {
  const nodes = nodeTraits.length
  const parent = new Uint32Array(nodes).map((_, n) => n)
  const root = (n: number): number => {
    let at = n
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }
  const passable = (n: number): boolean => ((nodeTraits[n]! >> mode) & 1) === 0
  const joins = (e: number): boolean => leads(mode, traits[e]!, form[e]!, 0) || leads(mode, traits[e]!, form[e]!, 1)
  for (let e = 0; e < traits.length; e++)
    if (passable(from[e]!) && passable(to[e]!) && joins(e)) parent[root(from[e]!)] = root(to[e]!)

  // a barrier belongs to none of the parts that end at it; what lies between two barriers is nobody's: `nodes`
  const rootOf = (e: number): number => (passable(from[e]!) ? root(from[e]!) : passable(to[e]!) ? root(to[e]!) : nodes)
  const length = new Float64Array(nodes)
  let longest = 0
  for (let e = 0; e < traits.length; e++)
    if (mayUse(traits[e]!, mode) && rootOf(e) < nodes) length[rootOf(e)]! += millimetres[e]!
  for (let n = 0; n < nodes; n++) longest = Math.max(longest, length[n]!)

  const closed = new Set<number>()
  for (let e = 0; e < traits.length; e++) {
    if (!mayUse(traits[e]!, mode)) continue
    const part = rootOf(e)
    if (part < nodes && (length[part]! >= minLength || length[part] === longest)) continue
    traits[e] = (traits[e]! & ~(0x11 << mode)) >>> 0
    closed.add(part)
    report.edges[mode]!++
    report.metres[mode]! += millimetres[e]! / 1000
  }
  report.parts[mode] = closed.size
}
