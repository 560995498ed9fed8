// Where a way for those on foot comes to a road there is a kerb, lowered or not; hardly any is mapped. A piece of such a way at whose end
// nobody says how high it is carries that with it: who only follows the road has no kerb to get over there.
//
//   ── sidewalk ──┬── crossing ──●── crossing ──┬──        ● on the road; a kerb stated here, or at a short piece's other end, is the kerb
//              kerb=lowered    node          nobody knows

import type { Pieces } from './builder.ts'
import { Kerb, Kind, kerbOf, kindOf, nodeCrossing, withUnknownKerb } from './graph.ts'

/** Roads that have kerbs. */
const hasKerbs = (kind: number): boolean => kind >= Kind.trunk! && kind <= Kind.residential!
/** Farthest from a road to where its kerb is stated, where the way between is not mapped as the crossing. */
const MAX_KERB_MM = 15_000
const onFoot = new Set([Kind.footway, Kind.path, Kind.sidewalk, Kind.crossing])

/** Marks the pieces that lead over a kerb of which nobody knows. */
export function markKerbs({ from, to, traits, form, millimetres }: Pieces, nodeTraits: Uint16Array): void {
  const onRoad = new Uint8Array(nodeTraits.length)
  for (const [p, word] of traits.entries()) if (hasKerbs(kindOf(word))) onRoad[from[p]!] = onRoad[to[p]!] = 1
  const meets = (node: number): boolean => onRoad[node] === 1 || nodeCrossing(nodeTraits[node]!) !== 0
  const stated = (node: number): boolean => {
    const kerb = kerbOf(nodeTraits[node]!)
    return kerb !== Kerb.none && kerb !== Kerb.unknown
  }
  for (const [p, word] of traits.entries()) {
    if (!onFoot.has(kindOf(word))) continue
    const ends = [from[p]!, to[p]!] as const
    const near = kindOf(word) === Kind.crossing || millimetres[p]! <= MAX_KERB_MM
    const unknown = ends.some((end, i) => {
      const other = ends[1 - i]!
      return meets(end) && !stated(end) && (!near || meets(other) || !stated(other))
    })
    const nowhere = kindOf(word) === Kind.crossing && !ends.some(meets) && !ends.some(stated)
    if (unknown || nowhere) form[p] = withUnknownKerb(form[p]!)
  }
}
