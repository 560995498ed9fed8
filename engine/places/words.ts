// Which words of the gazetteer somebody may mean: those that begin with what was typed, abbreviations either way, and, when nothing else is
// found, those that a slip of the fingers makes of it. Words are compared as bytes where they lie.

import type { Places } from './places.ts'

/** A word, and how well it fits: 1 the whole word, less for a beginning or a slip. */
export type TakeWord = (word: number, fit: number, letters: number) => void

const BEGINNING = 0.94
const ABBREVIATED = 0.85
/** By its first letter alone: enough beside other words of a name, too little by itself. */
export const INITIAL = 0.4
/** By slips. */
const SLIP = [1, 0.7, 0.5] as const
/** A word no longer than this may stand for the name of a city: `DO-Hörde`, `HD Hbf`. */
const ABBREVIATION = 3
const DOT = 46

const utf8 = new TextEncoder()

/** Words that begin with `typed`, and abbreviations of which `typed` may be the whole word. */
export function wordsLike(p: Places, typed: string, alone: boolean, take: TakeWord): void {
  const bytes = utf8.encode(typed)
  for (let w = lowerBound(p, bytes); w < p.counts.words && startsWith(p, w, bytes); w++)
    take(w, lengthOf(p, w) === bytes.length ? 1 : BEGINNING, typed.length)
  // `Grenzw.` for `Grenzweg`: its beginnings with a dot; a single letter says little, and by itself nothing
  for (let n = alone ? 2 : 1; n < bytes.length; n++) {
    const cut = bytes.slice(0, n + 1)
    cut[n] = DOT
    const w = lowerBound(p, cut)
    if (w < p.counts.words && lengthOf(p, w) === n + 1 && startsWith(p, w, cut))
      take(w, n === 1 ? INITIAL : ABBREVIATED, n)
  }
  if (alone) return
  // `HD` for `Heidelberg`, and `MA` in the name where `Mannheim` was typed
  if (bytes.length >= 2 && bytes.length <= ABBREVIATION) {
    for (let w = 0; w < p.counts.words; w++)
      if (p.wordHead[w] === 1 && abbreviates(bytes, wordBytes(p, w))) take(w, ABBREVIATED, typed.length)
  } else if (bytes.length > ABBREVIATION) {
    for (let w = 0; w < p.counts.words; w++) {
      const length = lengthOf(p, w)
      const short = length === 2 || (length === ABBREVIATION && p.wordHead[w] === 1)
      if (short && abbreviates(wordBytes(p, w), bytes)) take(w, ABBREVIATED, length)
    }
  }
}

/**
 * Words that begin with something at most one slip (of long words: two) away from `typed`: a letter too many, too few, another, or two
 * swapped. The sorted words are walked as a tree, the table of distances is kept for the letters that a word shares with the one before.
 */
export function wordsNearly(p: Places, typed: string, take: TakeWord): void {
  const bytes = utf8.encode(typed)
  const most = bytes.length < 4 ? 0 : bytes.length < 8 ? 1 : 2
  if (most === 0) return
  const n = bytes.length
  const deepest = n + most
  const rows = Array.from({ length: deepest + 1 }, () => new Uint8Array(n + 1))
  for (let i = 0; i <= n; i++) rows[0]![i] = i
  const path = new Uint8Array(deepest + 1)
  const least = new Uint8Array(deepest + 1).fill(255)
  least[0] = n
  let depth = 0
  for (let w = 0; w < p.counts.words; ) {
    const [begin, length] = [p.wordsBegin[w]!, lengthOf(p, w)]
    let shared = 0
    while (shared < depth && shared < length && p.wordBytes[begin + shared] === path[shared + 1]) shared++
    depth = shared
    let dead = false
    while (depth < length && depth < deepest) {
      depth++
      const letter = p.wordBytes[begin + depth - 1]!
      path[depth] = letter
      const row = rows[depth]!
      const above = rows[depth - 1]!
      row[0] = depth
      let smallest: number = row[0]
      for (let i = 1; i <= n; i++) {
        let cost = Math.min(above[i]! + 1, row[i - 1]! + 1, above[i - 1]! + (bytes[i - 1] === letter ? 0 : 1))
        if (i > 1 && depth > 1 && bytes[i - 1] === path[depth - 1] && bytes[i - 2] === letter)
          cost = Math.min(cost, rows[depth - 2]![i - 2]! + 1)
        row[i] = cost
        smallest = Math.min(smallest, cost)
      }
      // the least for any beginning of this word so far
      least[depth] = Math.min(least[depth - 1]!, row[n]!)
      if (smallest > most && least[depth]! > most) {
        dead = true
        break
      }
    }
    if (dead) {
      w = afterPrefix(p, w, path.subarray(1, depth + 1))
      continue
    }
    if (least[depth]! <= most) {
      const whole = depth === length && rows[depth]![n] === least[depth]
      take(w, SLIP[least[depth]! as 0 | 1 | 2] * (whole ? 1 : BEGINNING), Math.min(length, n))
    }
    w++
  }
}

/** `DO` and `Dortmund`, `HD` and `Heidelberg`: its first letter and others of it in their order. */
function abbreviates(short: Uint8Array, long: Uint8Array): boolean {
  if (short[0] !== long[0] || short.length >= long.length) return false
  let at = 0
  for (let i = 0; i < long.length && at < short.length; i++) if (long[i] === short[at]) at++
  return at === short.length
}

const lengthOf = (p: Places, w: number): number => p.wordsBegin[w + 1]! - p.wordsBegin[w]!
const wordBytes = (p: Places, w: number): Uint8Array => p.wordBytes.subarray(p.wordsBegin[w]!, p.wordsBegin[w + 1]!)

function startsWith(p: Places, w: number, bytes: Uint8Array): boolean {
  const begin = p.wordsBegin[w]!
  if (lengthOf(p, w) < bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (p.wordBytes[begin + i] !== bytes[i]) return false
  return true
}

/** The first word that is not before `bytes`. */
function lowerBound(p: Places, bytes: Uint8Array): number {
  let [low, high] = [0, p.counts.words]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(p, middle, bytes) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function compare(p: Places, w: number, bytes: Uint8Array): number {
  const [begin, length] = [p.wordsBegin[w]!, lengthOf(p, w)]
  for (let i = 0; i < length && i < bytes.length; i++) {
    const difference = p.wordBytes[begin + i]! - bytes[i]!
    if (difference !== 0) return difference
  }
  return length - bytes.length
}

/** The first word after `from` that does not begin so. */
function afterPrefix(p: Places, from: number, prefix: Uint8Array): number {
  let [low, high] = [from + 1, p.counts.words]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startsWith(p, middle, prefix)) low = middle + 1
    else high = middle
  }
  return low
}

/** Is there such a word, and one that begins so? */
export function hasWord(p: Places, word: string, beginning: boolean): boolean {
  const bytes = utf8.encode(word)
  const w = lowerBound(p, bytes)
  return w < p.counts.words && startsWith(p, w, bytes) && (beginning || lengthOf(p, w) === bytes.length)
}
