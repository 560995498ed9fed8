// One-way traps: what can be entered and not left, or left and not entered: the end of a motorway at the border of an extract, a one-way street
// drawn the wrong way. Whoever starts there, or wants to go there, would find no way; closed, the next street takes their place.
//
//      core ══════╗            the core can be reached from, and reaches, each of its nodes; what lies outside in pieces
//        └──▶──▶──╳ border     shorter than the limit is closed to the mode

import { type Mode, mayGo, mayUse } from './graph.ts'
import type { IslandEdges, IslandReport } from './islands.ts'
import { leads } from './pushing.ts'

/** Tries at a place from which the core is seen. */
const TRIES = 16

/**
 * Takes the mode from the edges of such pieces.
 * @param minLength millimetres; longer pieces stay open
 * @param report counts what was closed
 */
export function closeTraps(
  edges: IslandEdges,
  nodeTraits: Uint16Array,
  minLength: number,
  mode: Mode,
  report: IslandReport & { parts: number[]; edges: number[]; metres: number[] },
): void {
  const core = coreOf(edges, nodeTraits, mode)
  if (!core) return
  const { from, to, millimetres, traits } = edges
  const passable = (n: number): boolean => ((nodeTraits[n]! >> mode) & 1) === 0
  // a two-way street up to a barrier is as good as its open end
  const inCore = (e: number): boolean => {
    const [a, b] = [core[from[e]!] === 1, core[to[e]!] === 1]
    if (a && b) return true
    const twoWay = mayGo(traits[e]!, mode, 0) && mayGo(traits[e]!, mode, 1)
    return twoWay && ((a && !passable(to[e]!)) || (b && !passable(from[e]!)))
  }
  const outside: number[] = []
  for (let e = 0; e < traits.length; e++) if (mayUse(traits[e]!, mode) && !inCore(e)) outside.push(e)
  const piece = piecesOf(edges, outside, nodeTraits.length, n => core[n] === 0 && passable(n))
  const length = new Float64Array(nodeTraits.length + 1)
  for (const e of outside) length[piece(e)]! += millimetres[e]!
  const closed = new Set<number>()
  for (const e of outside) {
    if (length[piece(e)]! >= minLength) continue
    traits[e] = (traits[e]! & ~(0x11 << mode)) >>> 0
    closed.add(piece(e))
    report.edges[mode]!++
    report.metres[mode]! += millimetres[e]! / 1000
  }
  report.parts[mode]! += closed.size
}

/** Which part of what lies outside an edge belongs to; parts meet at nodes that `joins`. */
function piecesOf(
  { from, to }: IslandEdges,
  outside: readonly number[],
  nodes: number,
  joins: (node: number) => boolean,
): (edge: number) => number {
  const parent = Uint32Array.from({ length: nodes + 1 }, (_, n) => n)
  const root = (n: number): number => {
    let at = n
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!
    return at
  }
  for (const e of outside) if (joins(from[e]!) && joins(to[e]!)) parent[root(from[e]!)] = root(to[e]!)
  return e => (joins(from[e]!) ? root(from[e]!) : joins(to[e]!) ? root(to[e]!) : nodes)
}

/** Node → 1 in the part, at least half of the network, in which every place reaches every other; undefined if there is none. */
function coreOf(edges: IslandEdges, nodeTraits: Uint16Array, mode: Mode): Uint8Array | undefined {
  const { from, to, millimetres, traits, form } = edges
  const usable: number[] = []
  let whole = 0
  for (let e = 0; e < traits.length; e++)
    if (leads(mode, traits[e]!, form[e]!, 0) || leads(mode, traits[e]!, form[e]!, 1)) {
      usable.push(e)
      whole += millimetres[e]!
    }
  const [out, into] = [0, 1].map(against => arcsOf(edges, usable, nodeTraits.length, mode, against))
  for (let i = 0; i < TRIES && usable.length > 0; i++) {
    const seed = from[usable[Math.floor((i + 0.5) * (usable.length / TRIES))]!]!
    const [there, back] = [out!, into!].map(arcs => spread(arcs, seed, nodeTraits, mode))
    const core = there!.map((reached, n) => reached & back![n]!)
    const inside = usable.reduce((sum, e) => (core[from[e]!] && core[to[e]!] ? sum + millimetres[e]! : sum), 0)
    if (inside * 2 >= whole) return core
  }
  return undefined
}

interface Arcs {
  readonly begin: Uint32Array
  readonly to: Uint32Array
}

function arcsOf(
  { from, to, traits, form }: IslandEdges,
  usable: readonly number[],
  nodes: number,
  mode: Mode,
  against: number,
): Arcs {
  const begin = new Uint32Array(nodes + 1)
  const each = (take: (a: number, b: number) => void): void => {
    for (const e of usable)
      for (let backward = 0; backward < 2; backward++)
        if (leads(mode, traits[e]!, form[e]!, backward)) {
          if (backward === against) take(from[e]!, to[e]!)
          else take(to[e]!, from[e]!)
        }
  }
  each(a => begin[a + 1]!++)
  for (let n = 0; n < nodes; n++) begin[n + 1]! += begin[n]!
  const next = begin.slice()
  const ends = new Uint32Array(begin[nodes]!)
  each((a, b) => {
    ends[next[a]!++] = b
  })
  return { begin, to: ends }
}

/** Node → 1 if it is reached from the seed; nobody gets past a barrier. */
function spread({ begin, to }: Arcs, seed: number, nodeTraits: Uint16Array, mode: Mode): Uint8Array {
  const reached = new Uint8Array(nodeTraits.length)
  const stack = [seed]
  reached[seed] = 1
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ((nodeTraits[node]! >> mode) & 1) continue
    for (let a = begin[node]!; a < begin[node + 1]!; a++) {
      if (reached[to[a]!] === 1) continue
      reached[to[a]!] = 1
      stack.push(to[a]!)
    }
  }
  return reached
}
