// Entries and addresses in any order → the gazetteer's table.

import Flatbush from 'flatbush'
import { createTable } from '../core/columns.ts'
import { METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import { NONE } from '../core/ids.ts'
import { StringPool } from '../core/strings.ts'
import { wordsOf } from './fold.ts'
import { type EntryType, openPlaces, type Places, type PlaceTable, placeFormat } from './places.ts'
import type { PlaceName } from './rows.ts'

export interface NewEntry {
  readonly type: EntryType
  readonly stop?: number
  readonly category: string
  /** 0 … 1 */
  readonly importance: number
  readonly lat: number
  readonly lon: number
  readonly area: string
  readonly city: string
  /** The name on the spot first. */
  readonly names: readonly PlaceName[]
  readonly addresses: readonly NewAddress[]
}

export interface NewAddress {
  readonly houseNumber: string
  readonly postcode: string
  readonly lat: number
  readonly lon: number
}

/** So many names have to begin with a word, and this share of all, for it to be a city's. */
const HEAD_LABELS = 8
const HEAD_SHARE = 0.01

/** Entries in any order → the gazetteer: one label per distinct name, words sorted by their bytes, positions in a Flatbush. */
export function buildPlaces(entries: readonly NewEntry[]): Places {
  const strings = new StringPool()
  const labels = labelsOf(entries, strings)
  const heads = headsOf(entries, labels)
  const words = wordsByBytes(labels)
  const addresses = entries.flatMap(entry => sortedAddresses(entry.addresses))
  const index = indexOf(entries, addresses)
  const texts = entries.map(e => [e.category, e.area, e.city].map(text => strings.intern(text)))
  const numbers = addresses.map(a => [a.houseNumber, a.postcode].map(text => strings.intern(text)))
  const table = createTable(placeFormat, {
    entries: entries.length,
    labels: labels.length,
    words: words.length,
    wordBytes: words.reduce((n, { bytes }) => n + bytes.length, 0),
    postings: words.reduce((n, { postings }) => n + postings.length, 0),
    addresses: addresses.length,
    strings: strings.count,
    stringBytes: strings.bytes.length,
    indexBytes: index.length,
  })
  fillEntries(table, entries, labels, texts)
  fillLabels(table, labels, heads)
  fillWords(table, words, heads)
  addresses.forEach(({ lat, lon }, a) => {
    table.addressNumber[a] = numbers[a]![0]!
    table.addressPostcode[a] = numbers[a]![1]!
    table.addressLat[a] = lat
    table.addressLon[a] = lon
  })
  table.stringBegin.set(strings.begin.view())
  table.stringBytes.set(strings.bytes.view())
  table.index.set(index)
  return openPlaces(table.buffer)
}

/** One of an entry's names. */
interface Label {
  readonly entry: number
  /** Numbers in the pool. */
  readonly text: number
  readonly language: number
  readonly words: readonly string[]
}

/** In the order of their entries. */
function labelsOf(entries: readonly NewEntry[], strings: StringPool): Label[] {
  const labels: Label[] = []
  entries.forEach(({ names }, entry) => {
    const known = new Set<string>()
    for (const { text, language } of names) {
      if (text === '' || known.has(text)) continue
      known.add(text)
      const words = wordsOf(text).map(({ word }) => word)
      labels.push({ entry, text: strings.intern(text), language: strings.intern(language), words })
    }
  })
  return labels
}

/** Words that tell where something is rather than what: those of cities and areas, and those with which very many names begin. */
function headsOf(entries: readonly NewEntry[], labels: readonly Label[]): Set<string> {
  const begin = new Map<string, number>()
  for (const { words } of labels) if (words.length > 1) begin.set(words[0]!, (begin.get(words[0]!) ?? 0) + 1)
  const least = Math.max(HEAD_LABELS, labels.length * HEAD_SHARE)
  const heads = new Set([...begin].filter(([, count]) => count >= least).map(([word]) => word))
  for (const { city, area } of entries)
    for (const name of [city, area]) for (const { word } of wordsOf(name)) heads.add(word)
  return heads
}

/** A word and the labels that have it. */
interface Word {
  readonly word: string
  readonly bytes: Uint8Array
  readonly postings: readonly number[]
}

function wordsByBytes(labels: readonly Label[]): Word[] {
  const postingsOf = new Map<string, number[]>()
  labels.forEach(({ words }, label) => {
    for (const word of new Set(words)) postingsOf.getOrInsertComputed(word, () => []).push(label)
  })
  const utf8 = new TextEncoder()
  return Array.from(postingsOf, ([word, postings]) => ({ word, bytes: utf8.encode(word), postings })).sort((a, b) =>
    compareBytes(a.bytes, b.bytes),
  )
}

/** @param texts of each entry its category, area and city, as numbers in the pool */
function fillEntries(
  table: PlaceTable,
  entries: readonly NewEntry[],
  labels: readonly Label[],
  texts: readonly (readonly number[])[],
): void {
  let label = 0
  let address = 0
  entries.forEach((entry, e) => {
    table.entryType[e] = entry.type
    table.entryStop[e] = entry.stop ?? NONE
    table.entryImportance[e] = Math.round(Math.min(1, Math.max(0, entry.importance)) * 255)
    table.entryLat[e] = entry.lat
    table.entryLon[e] = entry.lon
    table.entryCategory[e] = texts[e]![0]!
    table.entryArea[e] = texts[e]![1]!
    table.entryCity[e] = texts[e]![2]!
    table.labelsBegin[e] = label
    while (labels[label]?.entry === e) label++
    table.addressesBegin[e] = address
    address += entry.addresses.length
  })
  table.labelsBegin[entries.length] = label
  table.addressesBegin[entries.length] = address
}

function fillLabels(table: PlaceTable, labels: readonly Label[], heads: ReadonlySet<string>): void {
  labels.forEach(({ entry, text, language, words }, l) => {
    table.labelEntry[l] = entry
    table.labelText[l] = text
    table.labelLanguage[l] = language
    const proper = words.filter(word => !heads.has(word))
    table.labelLetters[l] = Math.min(255, lettersOf(proper.length > 0 ? proper : words))
  })
}

function fillWords(table: PlaceTable, words: readonly Word[], heads: ReadonlySet<string>): void {
  let [byte, posting] = [0, 0]
  words.forEach(({ word, bytes, postings }, w) => {
    table.wordsBegin[w] = byte
    table.wordBytes.set(bytes, byte)
    table.wordHead[w] = heads.has(word) ? 1 : 0
    byte += bytes.length
    table.postingsBegin[w] = posting
    table.postings.set(postings, posting)
    posting += postings.length
  })
  table.wordsBegin[words.length] = byte
  table.postingsBegin[words.length] = posting
}

const lettersOf = (words: readonly string[]): number => words.reduce((n, word) => n + word.length, 0)

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

const sortedAddresses = (addresses: readonly NewAddress[]): NewAddress[] =>
  addresses.toSorted((a, b) => Number.parseInt(a.houseNumber, 10) - Number.parseInt(b.houseNumber, 10))

function indexOf(entries: readonly NewEntry[], addresses: readonly NewAddress[]): Uint8Array {
  if (entries.length + addresses.length === 0) return new Uint8Array(0)
  const index = new Flatbush(entries.length + addresses.length, 16, Int32Array)
  for (const { lat, lon } of [...entries, ...addresses]) index.add(lon, lat, lon, lat)
  index.finish()
  return new Uint8Array(index.data as ArrayBuffer)
}

/** Points within reach of each other, through others as well, in one group: the pieces of a street that is one street. */
export function clusters<T extends { readonly lat: number; readonly lon: number }>(
  points: readonly T[],
  metres: number,
): T[][] {
  const groups: T[][] = []
  const cell = Math.max(1, (metres / METRES_PER_DEGREE) * 1e7)
  const cellsOf = new Map<string, T[][]>()
  for (const point of points) {
    const [row, column] = [Math.floor(point.lat / cell), Math.floor(point.lon / cell)]
    let own: T[] | undefined
    for (let r = row - 1; r <= row + 1; r++)
      for (let c = column - 2; c <= column + 2; c++)
        for (const group of cellsOf.get(`${r} ${c}`) ?? []) {
          if (group === own || group.length === 0) continue
          if (!group.some(other => metresBetween(point.lat, point.lon, other.lat, other.lon) <= metres)) continue
          if (!own) {
            own = group
            own.push(point)
          } else {
            // two groups meet in this point
            own.push(...group)
            group.length = 0
            for (const [, there] of cellsOf) {
              const at = there.indexOf(group)
              if (at >= 0) there[at] = own
            }
          }
        }
    if (!own) {
      own = [point]
      groups.push(own)
    }
    const here = cellsOf.getOrInsertComputed(`${row} ${column}`, () => [])
    if (!here.includes(own)) here.push(own)
  }
  return groups.filter(group => group.length > 0)
}
