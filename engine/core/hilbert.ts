// Order along a Hilbert curve: what is close on the ground is close in memory, so that a search's working set stays small.

const BITS = 13
const SIDE = (1 << BITS) - 1
// key = place on the curve (26 bits) · 2^27 + row: sorting plain doubles sorts the rows, up to 134 million of them
const ROWS = 2 ** 27

/** Rows with a flag, sorted along the curve; positions in 1e-7 degrees. */
export function hilbertOrder(lat: Int32Array, lon: Int32Array, wanted: Uint8Array): Uint32Array {
  let [west, south, east, north, count] = [Infinity, Infinity, -Infinity, -Infinity, 0]
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === 0) continue
    count++
    west = Math.min(west, lon[i]!)
    east = Math.max(east, lon[i]!)
    south = Math.min(south, lat[i]!)
    north = Math.max(north, lat[i]!)
  }
  const keys = new Float64Array(count)
  const [scaleX, scaleY] = [SIDE / Math.max(1, east - west), SIDE / Math.max(1, north - south)]
  for (let i = 0, k = 0; i < wanted.length; i++)
    if (wanted[i] !== 0) keys[k++] = onCurve((lon[i]! - west) * scaleX, (lat[i]! - south) * scaleY) * ROWS + i
  keys.sort()
  return Uint32Array.from(keys, key => key % ROWS)
}

/** Distance along the curve of the cell (x, y), both 0 … SIDE (Warren, Hacker's Delight, 16-1: turn the square, halve it, go on). */
function onCurve(fx: number, fy: number): number {
  let [x, y, d] = [fx | 0, fy | 0, 0]
  for (let s = 1 << (BITS - 1); s > 0; s >>= 1) {
    const rx = (x & s) > 0 ? 1 : 0
    const ry = (y & s) > 0 ? 1 : 0
    d += s * s * ((3 * rx) ^ ry)
    if (ry === 0) {
      if (rx === 1) {
        x = SIDE - x
        y = SIDE - y
      }
      const t = x
      x = y
      y = t
    }
  }
  return d
}
