/**
 * Makes names short where nearly all begin alike: in Dortmund, `Dortmund Stadtgarten` is `Stadtgarten` on a sign. Names of another
 * place keep theirs.
 */
export function shortener(names: readonly string[]): (name: string) => string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const first = name.slice(0, name.indexOf(' ') + 1)
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  const [prefix, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  if (count < 10 || count < 0.6 * names.length) return breakable
  // `Dortmund Hbf` is known by its whole name
  return name =>
    breakable(name.startsWith(prefix) && name.length > prefix.length + 4 ? name.slice(prefix.length) : name)
}

/** `Immermannstraße/Klinikzentrum` may go on in a new line after the stroke. */
const breakable = (name: string): string => name.replaceAll('/', '/\u200b')
