// Seeded random numbers (mulberry32), so that every random test can be run again from the seed it prints.

export interface Random {
  /** An integer in [0, n). */
  below(n: number): number
  /** An integer in [from, to]. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
}

export function random(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: probability => next() < probability,
    pick: list => list[below(list.length)]!,
  }
}
