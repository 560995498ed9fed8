// Finding stops by what people type: words in any order, the last one perhaps unfinished, umlauts and abbreviations as they come.
// Names and queries are folded alike, so that `Universitaet`, `universität` and `UNIVERSITAT` are one word, as are `Hbf` and
// `Hauptbahnhof`, `Kampstr.` and `Kampstraße`. No typing errors are forgiven.

import { metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { Timetable } from './timetable.ts'

export interface NameIndex {
  /** Distinct folded words, sorted; beside it the entries that have the word. */
  readonly words: readonly string[]
  readonly entriesOf: readonly (readonly number[])[]
  /** Those of them that may be abbreviations. */
  readonly shortWords: readonly number[]
  /** Stations and stops without one, most important first; of stops with one name next to each other only the first. */
  readonly stops: readonly StopIdx[]
  /** Entry → letters of its name. */
  readonly letters: readonly number[]
}

export interface NameHit {
  readonly stop: StopIdx
  /** 0 … 1.6: how much of the name was typed, and how important the stop is. */
  readonly score: number
  /** Its name has every word that was typed, not just some of them. */
  readonly whole: boolean
}

const SHORT: Readonly<Record<string, string>> = {
  hbf: 'hauptbahnhof',
  hb: 'hauptbahnhof',
  bf: 'bahnhof',
  bhf: 'bahnhof',
  bft: 'bahnhof',
  pl: 'platz',
  st: 'sankt',
  str: 'strasse',
}
/** Stops of one name closer than this are one entry: the two sides of a street. Metres. */
const SAME_PLACE = 400
/** A word of a name no longer than this may stand for one of several that were typed: `DO-Hörde` for `Dortmund Hörde`. */
const ABBREVIATION = 3
const IMPORTANCE_WEIGHT = 0.6

/** Lower case, no accents (ä, ae → a), abbreviations written out; words are what lies between other characters. */
export function foldWords(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .map(word => SHORT[word] ?? word.replace(/str$/, 'strasse').replace(/(?<=[aou])e/g, ''))
}

/** @param departures stop → departures a day, a station's with those of its platforms */
export function buildNameIndex(tt: Timetable, departures: ArrayLike<number>): NameIndex {
  const roots: StopIdx[] = []
  for (let s = 0 as StopIdx; s < tt.counts.stops; s++)
    if (tt.stopParent[s] >= tt.counts.stops && tt.stopLocationType[s]! <= 1 && tt.stopName[s] !== 0) roots.push(s)
  roots.sort((a, b) => departures[b]! - departures[a]! || a - b)

  const stops: StopIdx[] = []
  const letters: number[] = []
  const byName = new Map<number, StopIdx[]>()
  const byWord = new Map<string, number[]>()
  for (const stop of roots) {
    const namesakes = byName.get(tt.stopName[stop]!) ?? []
    if (namesakes.some(other => near(tt, stop, other))) continue
    byName.set(tt.stopName[stop]!, [...namesakes, stop])
    const words = foldWords(textOf(tt, tt.stopName[stop]!))
    for (const word of new Set(words)) {
      const entries = byWord.get(word)
      if (entries) entries.push(stops.length)
      else byWord.set(word, [stops.length])
    }
    stops.push(stop)
    letters.push(words.reduce((n, word) => n + word.length, 0))
  }
  const words = [...byWord.keys()].sort()
  const shortWords = words.flatMap((word, at) => (word.length > 1 && word.length <= ABBREVIATION ? [at] : []))
  return { words, entriesOf: words.map(word => byWord.get(word)!), shortWords, stops, letters }
}

function near(tt: Timetable, a: StopIdx, b: StopIdx): boolean {
  if (!tt.stopHasPosition[a] || !tt.stopHasPosition[b]) return false
  return metresBetween(tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!) < SAME_PLACE
}

/** Stops whose names have all the words typed, best first; if none has all, those that have most of them. */
export function searchNames(index: NameIndex, departures: ArrayLike<number>, query: string, limit: number): NameHit[] {
  const typed = [...new Set(foldWords(query))]
  const matched = new Map<number, { words: number; letters: number }>()
  for (const word of typed)
    for (const [entry, letters] of entriesWith(index, word, typed.length)) {
      const hit = matched.get(entry)
      if (hit) {
        hit.words++
        hit.letters += letters
      } else matched.set(entry, { words: 1, letters })
    }
  let most = 0
  for (const { words } of matched.values()) most = Math.max(most, words)
  const highest = Math.log1p(index.stops.length > 0 ? departures[index.stops[0]!]! : 0) || 1
  const hits: NameHit[] = []
  for (const [entry, { words, letters }] of matched) {
    if (words < most) continue
    const stop = index.stops[entry]!
    const typedPart = Math.min(1, letters / index.letters[entry]!) * (words / typed.length)
    const score = typedPart + (IMPORTANCE_WEIGHT * Math.log1p(departures[stop]!)) / highest
    hits.push({ stop, score, whole: words === typed.length })
  }
  return hits.sort((a, b) => b.score - a.score || a.stop - b.stop).slice(0, limit)
}

/** `DO` and `Dortmund`, `HD` and `Heidelberg`: its first letter and others of it in their order. */
function abbreviates(short: string, long: string): boolean {
  if (short[0] !== long[0]) return false
  let at = 0
  for (let i = 0; i < long.length && at < short.length; i++) if (long[i] === short[at]) at++
  return at === short.length
}

/** Entry → letters of its name that the word, one of `among`, stands for. */
function entriesWith(index: NameIndex, typed: string, among: number): Map<number, number> {
  const found = new Map<number, number>()
  const add = (at: number, letters: number): void => {
    for (const entry of index.entriesOf[at]!) found.set(entry, Math.max(found.get(entry) ?? 0, letters))
  }
  for (let at = lowerBound(index.words, typed); index.words[at]?.startsWith(typed); at++) add(at, typed.length)
  if (among > 1 && typed.length > ABBREVIATION)
    for (const at of index.shortWords) if (abbreviates(index.words[at]!, typed)) add(at, index.words[at]!.length)
  return found
}

function lowerBound(words: readonly string[], word: string): number {
  let [low, high] = [0, words.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (words[middle]! < word) low = middle + 1
    else high = middle
  }
  return low
}
