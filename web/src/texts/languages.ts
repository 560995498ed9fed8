// A language is a file with the shape of de.ts and a line here.

import { de, type Texts } from './de.ts'
import { en } from './en.ts'

const languages: ReadonlyMap<string, Texts> = new Map([
  ['de', de],
  ['en', en],
])
const KEPT = 'freifahrt.language'

/** What was chosen here before, else the first language of the browser that there is. */
export function preferredLanguage(): string {
  const wishes = [localStorage.getItem(KEPT), ...navigator.languages.map(tag => tag.split('-')[0]!)]
  return wishes.find(wish => wish !== null && languages.has(wish)) ?? 'en'
}

export function keepLanguage(language: string): void {
  localStorage.setItem(KEPT, language)
}

export const textsOf = (language: string): Texts => languages.get(language) ?? en

export const otherLanguage = (language: string): string => (language === 'de' ? 'en' : 'de')
