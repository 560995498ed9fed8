/**
 * Makes names short where nearly all begin alike: in Dortmund, `Dortmund Stadtgarten` is `Stadtgarten` on a sign. Names of another
 * place keep theirs.
 */
export const shortener = (names: readonly string[]): ((name: string) => string) => shortenerWithout(commonStart(names))

/** The word that nearly all names begin with, and the blank after it; empty where there is none. */
export function commonStart(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const first = name.slice(0, name.indexOf(' ') + 1)
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  const [start, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  return count < 10 || count < 0.6 * names.length ? '' : start
}

export function shortenerWithout(start: string): (name: string) => string {
  if (!start) return breakable
  // `Dortmund Hbf` is known by its whole name
  return name => breakable(name.startsWith(start) && name.length > start.length + 4 ? name.slice(start.length) : name)
}

/** `Immermannstraße/Klinikzentrum` may go on in a new line after the stroke. */
const breakable = (name: string): string => name.replaceAll('/', '/\u200b')
