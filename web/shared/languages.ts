// A language is a file in web/texts/ with the shape of de.ts: it is found there, loaded when it is wanted, and called by its own name.

import type { Texts } from '../texts/de.ts'
import { storage } from './storage.ts'

const files = import.meta.glob<{ readonly texts: Texts }>('../texts/*.ts')
const KEPT = 'freifahrt.language'
const FALLBACK = 'en'

const fileOf = (language: string): string => `../texts/${language}.ts`

/** ISO 639-1 codes, by what the languages call themselves. */
export const languages: readonly string[] = Object.keys(files)
  .map(file => file.slice(fileOf('').indexOf('.ts'), -3))
  .sort((a, b) => nameOf(a).localeCompare(nameOf(b)))

/** What is wished for, else what was chosen here before, else the first language of the browser that there is. @param wish `de`, `de-AT`, `DE_de` */
export function preferredLanguage(wish?: string): string {
  const wishes = [wish ?? '', storage.getItem(KEPT) ?? '', ...navigator.languages].map(
    tag => tag.toLowerCase().split(/[-_]/)[0]!,
  )
  return wishes.find(language => languages.includes(language)) ?? FALLBACK
}

export function keepLanguage(language: string): void {
  storage.setItem(KEPT, language)
}

/** @param language one of `languages` */
export async function loadTexts(language: string): Promise<Texts> {
  return (await files[fileOf(language)]!()).texts
}

/** What can be said before any words have come; in English where a language has no such sentence. */
const NOT_YET: Readonly<Record<string, string>> = {
  ar: 'لا تُحمَّل هذه الصفحة بعد؛ نحاول مجددًا …',
  de: 'Die Seite lädt noch nicht, es wird weiter versucht …',
  en: 'This page does not load yet, trying again …',
  tr: 'Sayfa henüz yüklenmiyor, yeniden deneniyor …',
  uk: 'Сторінка ще не завантажується, пробуємо знову …',
}
const LONGEST_WAIT = 30 // seconds

/** The words that a page begins with, however often they have to be asked for; meanwhile the page says so. Never rejects. */
export async function firstTexts(language: string): Promise<Texts> {
  for (let failures = 0; ; failures++)
    try {
      return await loadTexts(language)
    } catch {
      sayNotYet(language)
      await new Promise(resolve => setTimeout(resolve, Math.min(LONGEST_WAIT, 2 ** failures) * 1000))
    }
}

function sayNotYet(language: string): void {
  const said = document.createElement('p')
  said.className = 'missing'
  said.setAttribute('role', 'status')
  said.dir = 'auto'
  said.textContent = NOT_YET[language] ?? NOT_YET[FALLBACK]!
  document.getElementById('app')!.replaceChildren(said)
}

/** `Türkçe`, `العربية`: so that whoever reads nothing else finds it. */
export function nameOf(language: string): string {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language
  return name[0]!.toLocaleUpperCase(language) + name.slice(1)
}
