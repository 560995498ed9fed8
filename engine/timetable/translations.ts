// What a feed calls things in other languages (translations.txt, S45). Few feeds have any; the columns are empty otherwise.
//
//   group = (feed, field, said of a row | said of a text)  ──▶ rows sorted by key

import type { FeedIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { type Timetable, TRANSLATION_GROUPS } from './timetable.ts'

/** The texts that are translated, as translations.txt names them; trips' own are the last three. */
export const TRANSLATED = [
  'agency.agency_name',
  'stops.stop_name',
  'stops.stop_desc',
  'routes.route_short_name',
  'routes.route_long_name',
  'trips.trip_headsign',
  'trips.trip_short_name',
  'stop_times.stop_headsign',
] as const
export type TranslatedField = (typeof TRANSLATED)[number]

const FIRST_OF_TRIPS = TRANSLATED.indexOf('trips.trip_headsign')

export const translationGroup = (feed: FeedIdx | number, field: TranslatedField, byRecord: boolean): number =>
  feed * TRANSLATION_GROUPS + 2 * TRANSLATED.indexOf(field) + (byRecord ? 1 : 0)

/** Are the keys of this group trips? */
export const isTripGroup = (group: number): boolean =>
  (group & 1) === 1 && (group % TRANSLATION_GROUPS) >> 1 >= FIRST_OF_TRIPS

/** A text and the row that has it. */
export interface Original {
  readonly field: TranslatedField
  readonly feed: FeedIdx | number
  readonly row: number
  /** stop_sequence of a stop_headsign. */
  readonly sub?: number
  readonly text: number
}

/**
 * The text in the first of these languages that the feed has it in: each exactly, then by its primary subtag; then in the feed's
 * default_lang; else as it stands (S45). What is said of the row beats what is said of the text.
 */
export function translate(tt: Timetable, original: Original, languages: readonly string[]): number {
  if (tt.counts.translations === 0 || original.text === 0) return original.text
  const own = textOf(tt, tt.feedLang[original.feed]!).toLowerCase()
  const fallback = textOf(tt, tt.feedDefaultLang[original.feed]!)
  for (const asked of fallback === '' ? languages : [...languages, fallback])
    for (const language of steps(asked.toLowerCase())) {
      const found = find(tt, original, language)
      if (found !== undefined) return found
      if (language === own || language === primary(own)) return original.text
    }
  return original.text
}

const primary = (language: string): string => language.split('-')[0]!
const steps = (language: string): string[] => (language.includes('-') ? [language, primary(language)] : [language])

function find(tt: Timetable, { field, feed, row, sub = 0, text }: Original, language: string): number | undefined {
  const ofRow = inGroup(tt, translationGroup(feed, field, true), row, sub, language)
  return ofRow ?? inGroup(tt, translationGroup(feed, field, false), text, 0, language)
}

function inGroup(tt: Timetable, group: number, key: number, sub: number, language: string): number | undefined {
  for (let i = firstOf(tt, group, key); i < tt.translationBegin[group + 1]! && tt.translationKey[i] === key; i++)
    if (tt.translationSub[i] === sub && textOf(tt, tt.translationLanguage[i]!) === language)
      return tt.translationText[i]!
  return undefined
}

/** The first row of a group with this key, or where it would be. */
function firstOf(tt: Timetable, group: number, key: number): number {
  let [low, high] = [tt.translationBegin[group]!, tt.translationBegin[group + 1]!]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (tt.translationKey[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Language and text of everything that is said of this name, what is said of the row first. */
export function translationsOf(
  tt: Timetable,
  { field, feed, row, text }: Original,
): { language: string; text: string }[] {
  if (tt.counts.translations === 0) return []
  const said = new Map<string, string>()
  for (const [byRecord, key] of [
    [true, row],
    [false, text],
  ] as const) {
    const group = translationGroup(feed, field, byRecord)
    for (let i = firstOf(tt, group, key); i < tt.translationBegin[group + 1]! && tt.translationKey[i] === key; i++) {
      const language = textOf(tt, tt.translationLanguage[i]!)
      if (!said.has(language)) said.set(language, textOf(tt, tt.translationText[i]!))
    }
  }
  return [...said].map(([language, name]) => ({ language, text: name }))
}
