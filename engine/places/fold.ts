// Names and what people type, made alike: `Universitaet`, `universität` and `UNIVERSITAT` are one word, as are `Hbf` and `Hauptbahnhof`,
// `Kampstr.` and `Kampstraße`. A word that the name itself cuts short keeps its dot: `Grenzw.` is found by `grenzweg`.

const SHORT = new Map([
  ['hbf', 'hauptbahnhof'],
  ['hbhf', 'hauptbahnhof'],
  ['hb', 'hauptbahnhof'],
  ['bf', 'bahnhof'],
  ['bhf', 'bahnhof'],
  ['bft', 'bahnhof'],
  ['pl', 'platz'],
  ['st', 'sankt'],
  ['str', 'strasse'],
  ['uni', 'universitat'],
  ['rd', 'road'],
  ['ave', 'avenue'],
])
/** Endings that are written short. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(?<=.{2})str$/, 'strasse'],
  [/(?<=.{2})pl$/, 'platz'],
  [/(?<=.{2})bh?f$/, 'bahnhof'],
]

/** One word: lower case, no accents (ä, ae → a), abbreviations written out. */
function foldWord(word: string): string {
  const plain = word
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
  const known = SHORT.get(plain)
  if (known !== undefined) return known
  let whole = plain
  for (const [ending, written] of ENDINGS) whole = whole.replace(ending, written)
  return whole.replace(/(?<=[aou])e/g, '')
}

export interface Word {
  /** Folded; with a dot at its end when it is an abbreviation nobody knows. */
  readonly word: string
  /** Where it stands in the text. */
  readonly at: number
  readonly length: number
}

/** The words of a text, which is what lies between other characters; apostrophes join. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = []
  for (const { 0: raw, index } of text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu)) {
    const word = foldWord(raw.replace(/['’]/g, ''))
    if (word === '') continue
    const cut = text[index + raw.length] === '.' && /^\p{L}{1,}$/u.test(word) && !SHORT.has(raw.toLowerCase())
    const known = cut && ENDINGS.some(([ending]) => ending.test(raw.toLowerCase()))
    words.push({ word: cut && !known ? `${word}.` : word, at: index, length: raw.length })
  }
  return words
}

/** The words that somebody typed: a dot means nothing there, words are matched by their beginnings anyway. */
export const foldWords = (text: string): string[] => wordsOf(text).map(({ word }) => word.replace(/\.$/, ''))
