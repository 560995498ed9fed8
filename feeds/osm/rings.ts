// Multipolygons and squares: ways laid end to end become closed rings, and every hole finds the ring it lies in.

/** Closed rings (the first node is not repeated) out of ways of node ids in any order and direction; what does not close is left out. */
export function assembleRings(ways: readonly (readonly number[])[]): number[][] {
  const rings: number[][] = []
  const open = ways.filter(way => way.length > 1).map(way => [...way])
  const ends = new Map<number, Set<number[]>>()
  const at = (node: number): Set<number[]> => ends.getOrInsertComputed(node, () => new Set())
  for (const way of open) {
    if (way[0] === way.at(-1)) {
      if (way.length > 3) rings.push(way.slice(0, -1))
      continue
    }
    at(way[0]!).add(way)
    at(way.at(-1)!).add(way)
  }
  const forget = (way: number[]): void => {
    at(way[0]!).delete(way)
    at(way.at(-1)!).delete(way)
  }
  for (const first of open) {
    if (!at(first[0]!).has(first)) continue
    forget(first)
    const ring = [...first]
    while (ring[0] !== ring.at(-1)) {
      const [next] = at(ring.at(-1)!)
      if (!next) break
      forget(next)
      const piece = next[0] === ring.at(-1) ? next : next.toReversed()
      for (let i = 1; i < piece.length; i++) ring.push(piece[i]!)
    }
    if (ring[0] === ring.at(-1) && ring.length > 3) rings.push(ring.slice(0, -1))
  }
  return rings
}

/** Is the point inside the ring? Both as lat, lon, …; on the rim either. */
export function inRing(lat: number, lon: number, ring: ArrayLike<number>): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [latA, lonA, latB, lonB] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!]
    if (latA > lat !== latB > lat && lon < ((lonB - lonA) * (lat - latA)) / (latB - latA) + lonA) inside = !inside
  }
  return inside
}
