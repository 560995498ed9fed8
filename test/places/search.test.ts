import { describe, expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { buildPlaces, clusters, type NewEntry } from '#engine/places/builder.ts'
import { EntryType, type Places } from '#engine/places/places.ts'
import { searchPlaces } from '#engine/places/search.ts'
import { wordsNearly } from '#engine/places/words.ts'
import { random } from '../helpers/random.ts'

const entry = (type: EntryType, name: string, more: Partial<NewEntry> = {}): NewEntry => ({
  type,
  category: '',
  importance: 0.3,
  lat: 514000000,
  lon: 74000000,
  area: '',
  city: '',
  names: [{ language: '', text: name }],
  addresses: [],
  ...more,
})
const { stop, street, place } = EntryType
const house = (houseNumber: string, postcode = '') => ({ houseNumber, postcode, lat: 514000000, lon: 74000000 })

function found(p: Places, text: string, more: object = {}): string[] {
  return searchPlaces(p, { text, limit: 5, ...more }).map(hit => {
    const number = hit.address === undefined ? '' : ` ${textOf(p, p.addressNumber[hit.address]!)}`
    return `${textOf(p, p.labelText[p.labelsBegin[hit.entry]!]!)}${number}`
  })
}

test('the more important of one name comes first, unless the other is near', () => {
  const far = { lat: 524000000 }
  const p = buildPlaces([
    entry(street, 'Hauptstraße', { category: 'a', importance: 0.3, ...far }),
    entry(street, 'Hauptstraße', { category: 'b', importance: 0.5 }),
  ])
  const categories = (near?: object) =>
    searchPlaces(p, { text: 'hauptstr', limit: 5, near: near as never }).map(h => textOf(p, p.entryCategory[h.entry]!))
  expect(categories()).toEqual(['b', 'a'])
  expect(categories({ lat: 524000000, lon: 74000000, weight: 0.5 })).toEqual(['a', 'b'])
})

test('names in every language, by their own', () => {
  const names = [
    { language: '', text: 'Alte Brücke' },
    { language: 'zh', text: '老桥' },
    { language: 'uk', text: 'Старий міст' },
    { language: '-', text: 'Karl-Theodor-Brücke' },
  ]
  const p = buildPlaces([entry(place, 'x', { names }), entry(place, 'Neue Brücke')])
  for (const text of ['老桥', 'старий', 'СТАРИЙ МІСТ', 'karl theodor', 'alte bruecke'])
    expect(found(p, text)[0]).toBe('Alte Brücke')
})

test('a house by street and number in any order; a postcode and a city say which street', () => {
  const p = buildPlaces([
    entry(street, 'Ostwall', {
      city: 'Dortmund',
      area: 'Mitte',
      addresses: [house('7', '44135'), house('12 a', '44135')],
    }),
    entry(street, 'Ostwall', { city: 'Krefeld', addresses: [house('7', '47798')] }),
  ])
  expect(found(p, 'Ostwall 12a')).toEqual(['Ostwall 12 a'])
  expect(found(p, 'ostwall 12 a')).toEqual(['Ostwall 12 a'])
  expect(found(p, '7 Ostwall Krefeld')).toEqual(['Ostwall 7'])
  const entryOf = (text: string) => searchPlaces(p, { text, limit: 1 })[0]!.entry
  expect([entryOf('Ostwall 7 47798'), entryOf('Ostwall Krefeld'), entryOf('ostwall mitte')]).toEqual([1, 1, 0])
})

test('each word of a name stands for one that was typed', () => {
  const p = buildPlaces([entry(stop, 'Thoma'), entry(stop, 'Thoma Thomas')])
  expect(found(p, 'thoma thomas')).toEqual(['Thoma Thomas'])
})

test('two words for one, one for two; what nobody is called is found by nobody', () => {
  const p = buildPlaces([entry(stop, 'Technologiepark'), entry(stop, 'Fr.-Ebert-Platz')])
  expect(found(p, 'Technologie Park')).toEqual(['Technologiepark'])
  expect(found(p, 'Ebertplatz')).toEqual(['Fr.-Ebert-Platz'])
  expect(found(p, 'Friedrich-Ebert-Platz')).toEqual(['Fr.-Ebert-Platz'])
  expect(found(p, 'xyzzyx')).toEqual([])
  expect(found(p, '')).toEqual([])
  expect(found(buildPlaces([]), 'a')).toEqual([])
})

test("a word that is also a member of JavaScript's objects is a word", () => {
  const p = buildPlaces([entry(stop, 'Constructor University'), entry(stop, 'Universitätsallee')])
  expect(found(p, 'constructor')).toEqual(['Constructor University'])
  expect(found(p, 'constructor.')).toEqual(['Constructor University'])
})

describe('slips', () => {
  /** Damerau and Levenshtein, without moving a piece twice, to the beginning of `word` that is nearest. */
  function distance(typed: string, word: string): number {
    const d = Array.from({ length: word.length + 1 }, (_, i) =>
      [i, ...typed].map((_, j) => (i === 0 ? j : j === 0 ? i : 0)),
    )
    for (let i = 1; i <= word.length; i++)
      for (let j = 1; j <= typed.length; j++) {
        const same = word[i - 1] === typed[j - 1] ? 0 : 1
        d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + same)
        if (i > 1 && j > 1 && word[i - 1] === typed[j - 2] && word[i - 2] === typed[j - 1])
          d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1)
      }
    return Math.min(...d.map(row => row[typed.length]!))
  }

  test('the walk over the sorted words finds what the table of distances finds (200 random word lists)', () => {
    for (let seed = 0; seed < 200; seed++) {
      const r = random(seed)
      const letters = (n: number) => Array.from({ length: n }, () => 'abc'[r.below(3)]).join('')
      const words = [...new Set(Array.from({ length: 40 }, () => letters(r.between(1, 12))))]
      const p = buildPlaces(words.map(word => entry(place, word)))
      // folding and abbreviations change some words: the table's own are compared
      const own = Array.from({ length: p.counts.words }, (_, w) =>
        new TextDecoder().decode(p.wordBytes.slice(p.wordsBegin[w]!, p.wordsBegin[w + 1]!)),
      )
      const typed = letters(r.between(4, 10))
      const taken: string[] = []
      wordsNearly(p, typed, w => taken.push(own[w]!))
      const most = typed.length < 8 ? 1 : 2
      expect(taken.sort(), `seed ${seed}: ${typed}`).toEqual(own.filter(word => distance(typed, word) <= most).sort())
    }
  })
})

test('pieces of a street within reach of each other are one, also through others', () => {
  const at = (metres: number) => ({
    lat: 514000000,
    lon: 74000000 + Math.round((metres / 111_195 / Math.cos((51.4 * Math.PI) / 180)) * 1e7),
  })
  const groups = clusters([at(0), at(1000), at(500), at(3000), at(3400)], 600)
  expect(groups.map(group => group.length).sort()).toEqual([2, 3])
})
