// What somebody means by a few letters: entries whose names have all the words typed, in any order and language, the last perhaps unfinished.
// A word may also be the city or suburb an entry is in, or a house number or postcode of a street. If no name has all of them, slips are
// forgiven; if still none has, the names with most of them are found.

import { metresBetween } from '../core/geo.ts'
import { textOf } from '../core/strings.ts'
import { foldWords } from './fold.ts'
import { EntryType, type Places } from './places.ts'
import { hasWord, INITIAL, wordsLike, wordsNearly } from './words.ts'

export interface PlaceQuery {
  readonly text: string
  readonly limit: number
  /** 1e-7 degrees; what is nearer is more likely meant. */
  readonly near?: { readonly lat: number; readonly lon: number; readonly weight: number } | undefined
  readonly accepts?: (entry: number) => boolean
}

export interface PlaceHit {
  readonly entry: number
  /** The name by which it was found. */
  readonly label: number
  /** Of a street: the house, when its number was typed. */
  readonly address: number | undefined
  readonly score: number
  /** Every word that was typed is accounted for. */
  readonly whole: boolean
}

const IMPORTANCE_WEIGHT = 0.45
/** Who asks a transit engine for a name that a stop has means the stop. */
const STOP_BONUS = 0.25
/** How much a word counts that names the city or suburb. */
const AREA_FIT = 0.9
const NUMBER_FIT = 1
/** A place so far away has lost half of what nearness can add. */
const NEAR_METRES = 5000
const MAX_WORDS = 12

/** Best first. */
export function searchPlaces(p: Places, q: PlaceQuery): PlaceHit[] {
  const typed = [...new Set(foldWords(q.text))].slice(0, MAX_WORDS)
  if (typed.length === 0) return []
  const exact = ranked(p, q, typed, false)
  if (exact.isWhole) return exact.hits.slice(0, q.limit)
  // two words for one, one for two: `Haupt Bahnhof`. Words that thousands of names have are no name in two halves
  let looked = exact.looked
  for (const words of rewritten(p, typed)) {
    if (looked > MOST_LOOKED) break
    const found = ranked(p, q, words, false)
    if (found.isWhole) return found.hits.slice(0, q.limit)
    looked += found.looked
  }
  const nearly = ranked(p, q, typed, true)
  return (nearly.hits.length > 0 ? nearly : exact).hits.slice(0, q.limit)
}

/** Words looked for in names, as many as take some milliseconds: so much for all ways to write a query anew. */
const MOST_LOOKED = 100_000

/** What was typed with two words joined, then with one cut in two. */
function* rewritten(p: Places, typed: readonly string[]): Generator<string[]> {
  for (let i = 0; i + 1 < typed.length; i++) yield typed.toSpliced(i, 2, typed[i]! + typed[i + 1]!)
  for (let i = 0; i < typed.length; i++)
    for (const halves of splits(p, typed[i]!)) yield typed.toSpliced(i, 1, ...halves)
}

const LEAST_HALF = 3

/** `Ebertplatz` → `ebert`, `platz`: a word of some name, and the beginning of another. */
function* splits(p: Places, word: string): Generator<[string, string]> {
  for (let at = word.length - LEAST_HALF; at >= LEAST_HALF; at--) {
    const halves: [string, string] = [word.slice(0, at), word.slice(at)]
    if (hasWord(p, halves[0], false) && hasWord(p, halves[1], true)) yield halves
  }
}

interface Matches {
  readonly found: Map<number, LabelMatch>
}

interface LabelMatch {
  /** Typed words found in the name, a bit each. */
  words: number
  letters: number
  fit: number
  /** Words of the name that stand for them: each for one only. */
  readonly used: number[]
}

interface Ranked {
  /** Best first: those that account for most of the words. */
  readonly hits: readonly PlaceHit[]
  /** They account for all. */
  readonly isWhole: boolean
  /** What it cost: names times words. */
  readonly looked: number
}

function ranked(p: Places, q: PlaceQuery, typed: readonly string[], slips: boolean): Ranked {
  const { found } = matchLabels(p, typed, slips)
  const areas = new AreaWords(p, typed)
  const houses = new TypedHouses(p, typed)
  const best = new Map<number, PlaceHit & { words: number }>()
  let most = 0
  for (const [label, match] of found) {
    const entry = p.labelEntry[label]!
    if (match.fit <= INITIAL * ones(match.words) || (q.accepts && !q.accepts(entry))) continue
    const fits = rest(p, entry, match.words, typed, areas, houses)
    const words = ones(match.words) + fits.words
    if (words < most) continue
    most = words
    const covered = Math.min(1, match.letters / p.labelLetters[label]!)
    const score =
      ((match.fit + fits.fit) / typed.length) * (0.4 + 0.6 * covered) +
      IMPORTANCE_WEIGHT * (p.entryImportance[entry]! / 255) +
      (p.entryType[entry] === EntryType.stop ? STOP_BONUS : 0) +
      nearness(p, entry, q.near)
    const known = best.get(entry)
    if (known && (known.words > words || (known.words === words && known.score >= score))) continue
    best.set(entry, { entry, label, address: fits.address, score, whole: words === typed.length, words })
  }
  const hits = [...best.values()]
    .filter(hit => hit.words === most)
    .sort((a, b) => b.score - a.score || a.entry - b.entry)
    .map(({ words: _, ...hit }) => hit)
  return { hits, isWhole: hits.length > 0 && most === typed.length, looked: found.size * typed.length }
}

/**
 * Names in which one typed word may be looked for when nothing narrows them down, and half of those that all may be. Those of important stops
 * come first in the table.
 */
const MOST_LABELS = 5000

interface Meant {
  readonly w: number
  readonly fit: number
  readonly letters: number
}

function matchLabels(p: Places, typed: readonly string[], slips: boolean): Matches {
  const found = new Map<number, LabelMatch>()
  const count = (w: number): number => p.postingsBegin[w + 1]! - p.postingsBegin[w]!
  const meant = typed.map((word, i) => {
    const words: Meant[] = []
    // the city's name says little about which of its stops is meant
    const take = (w: number, fit: number, letters: number): void =>
      void words.push({ w, fit, letters: p.wordHead[w] === 1 ? 0 : letters })
    wordsLike(p, word, typed.length === 1, take)
    if (slips) wordsNearly(p, word, take)
    words.sort((a, b) => b.fit - a.fit || b.letters - a.letters)
    return { i, words, labels: words.reduce((sum, { w }) => sum + count(w), 0) }
  })
  // rare words first: names that have none of them are not gathered for a word that thousands have
  meant.sort((a, b) => a.labels - b.labels)
  for (const { i, words, labels } of meant)
    addWord(p, words, 1 << i, labels > MOST_LABELS || found.size + labels > 2 * MOST_LABELS, found)
  return { found }
}

/** Adds one typed word to all names that have it; `common`: only to those found before, or to so many. */
function addWord(
  p: Places,
  words: readonly Meant[],
  bit: number,
  common: boolean,
  found: Map<number, LabelMatch>,
): void {
  const narrowed = common && found.size > 0
  let room = common && !narrowed ? MOST_LABELS : Number.POSITIVE_INFINITY
  // the best fit comes first, so the first word that a name has for it counts
  for (const { w, fit, letters } of words)
    for (let at = p.postingsBegin[w]!; at < p.postingsBegin[w + 1]!; at++) {
      const label = p.postings[at]!
      const known = found.get(label)
      if (known) {
        if ((known.words & bit) !== 0 || known.used.includes(w)) continue
        known.words |= bit
        known.fit += fit
        known.letters += letters
        known.used.push(w)
      } else if (!narrowed) {
        if (room-- <= 0) return
        found.set(label, { words: bit, fit, letters, used: [w] })
      }
    }
}

/** Words typed that are not in the name but about it: where it is, which house. */
function rest(
  p: Places,
  entry: number,
  matched: number,
  typed: readonly string[],
  areas: AreaWords,
  houses: TypedHouses,
): { words: number; fit: number; address: number | undefined } {
  let [words, fit, numbers] = [0, 0, 0]
  for (let i = 0; i < typed.length; i++) {
    if ((matched >>> i) & 1) continue
    if (areas.has(p.entryArea[entry]!, i) || areas.has(p.entryCity[entry]!, i)) {
      words++
      fit += AREA_FIT
    } else if (/^\d/.test(typed[i]!)) numbers |= 1 << i
  }
  if (numbers === 0 || p.entryType[entry] !== EntryType.street) return { words, fit, address: undefined }
  const found = houses.at(entry, numbers)
  return { words: words + ones(found.words), fit: fit + NUMBER_FIT * ones(found.words), address: found.address }
}

/** `12`, `12a`, `12 a` in two words, and postcodes. A number is read once, however many streets have a house of it. */
class TypedHouses {
  private readonly p: Places
  private readonly typed: readonly string[]
  // text → typed words that are this house number (a bit each), from bit 16 on those that are it with the word behind them
  private readonly numbers = new Map<number, number>()
  // text → typed words that are this postcode
  private readonly postcodes = new Map<number, number>()

  constructor(p: Places, typed: readonly string[]) {
    this.p = p
    this.typed = typed
  }

  /** Which of the words `wanted` a street's addresses have, and the house that the last of them names. */
  at(entry: number, wanted: number): { words: number; address: number | undefined } {
    const { p } = this
    let words = 0
    const alone: number[] = []
    const both: number[] = []
    for (let a = p.addressesBegin[entry]!; a < p.addressesBegin[entry + 1]!; a++) {
      words |= this.postcodes.getOrInsertComputed(p.addressPostcode[a]!, text => this.postcode(text)) & wanted
      const is = this.numbers.getOrInsertComputed(p.addressNumber[a]!, text => this.number(text))
      if (is === 0) continue
      for (let i = 0; i < this.typed.length; i++) {
        if (((wanted >>> i) & 1) === 0) continue
        if ((is >>> i) & 1) alone[i] = a
        if ((is >>> (i + 16)) & 1) both[i] ??= a
      }
    }
    let address: number | undefined
    for (let i = 0; i < this.typed.length; i++) {
      const house = both[i] ?? alone[i]
      if (house === undefined) continue
      address = house
      words |= 1 << i
    }
    return { words, address }
  }

  private number(text: number): number {
    const house = textOf(this.p, text).toLowerCase().replace(/\s+/g, '')
    const { typed } = this
    return typed.reduce((bits, word, i) => {
      const behind = i + 1 < typed.length && house === word + typed[i + 1]!
      return bits | (house === word ? 1 << i : 0) | (behind ? 1 << (i + 16) : 0)
    }, 0)
  }

  private postcode(text: number): number {
    const postcode = textOf(this.p, text)
    return this.typed.reduce((bits, word, i) => bits | (postcode === word ? 1 << i : 0), 0)
  }
}

/** Which of the typed words an area's or city's name has: asked for the same few names again and again. */
class AreaWords {
  private readonly p: Places
  private readonly typed: readonly string[]
  private readonly known = new Map<number, number>()

  constructor(p: Places, typed: readonly string[]) {
    this.p = p
    this.typed = typed
  }

  has(name: number, i: number): boolean {
    if (name === 0) return false
    const bits = this.known.getOrInsertComputed(name, () => {
      const words = foldWords(textOf(this.p, name))
      return this.typed.reduce((all, typed, at) => (words.some(w => standsFor(typed, w)) ? all | (1 << at) : all), 0)
    })
    return ((bits >>> i) & 1) === 1
  }
}

const standsFor = (typed: string, word: string): boolean =>
  word.startsWith(typed) || (typed.length >= 2 && typed.length <= 3 && inOrder(typed, word))

function inOrder(short: string, long: string): boolean {
  if (short[0] !== long[0]) return false
  let at = 0
  for (let i = 0; i < long.length && at < short.length; i++) if (long[i] === short[at]) at++
  return at === short.length
}

function nearness(p: Places, entry: number, near: PlaceQuery['near']): number {
  if (!near) return 0
  const metres = metresBetween(near.lat, near.lon, p.entryLat[entry]!, p.entryLon[entry]!)
  return near.weight / (1 + metres / NEAR_METRES)
}

/** Bits set in a word of 32. */
function ones(word: number): number {
  let n = 0
  for (let w = word; w !== 0; w &= w - 1) n++
  return n
}
