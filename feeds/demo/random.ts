// Chance without state: the same words give the same number, whoever asks, whenever and in whatever order. That is what lets the
// simulator answer for any moment without having lived through the moments before. (Mixing: the finaliser of MurmurHash3.)

/** Two words → one, well mixed, 0 … 2^32 − 1. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

export function mixText(seed: number, text: string): number {
  let h = seed >>> 0
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i))
  return h
}

/** The dice `b` of `a`: [0, 1). */
export const roll = (a: number, b: number): number => mix(a, b) / 0x1_0000_0000

/** A smooth curve through random heights at whole x: −1 … 1, no corner anywhere. */
export function wave(seed: number, x: number): number {
  const cell = Math.floor(x)
  const f = x - cell
  const a = roll(seed, cell)
  return 2 * (a + (roll(seed, cell + 1) - a) * f * f * (3 - 2 * f)) - 1
}
