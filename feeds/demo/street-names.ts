// Names for invented streets: trees, animals and flowers, put together as German towns do. None is meant to be a real street.

const FIRST =
  'Ahorn Birken Buchen Eichen Erlen Eschen Linden Ulmen Weiden Kiefern Tannen Lärchen Kastanien Holunder Ginster Schlehen ' +
  'Amsel Drossel Finken Meisen Lerchen Schwalben Kranich Reiher Falken Eulen Spechten Hasen Fuchs Dachs Igel Hirsch ' +
  'Mühlen Brunnen Quellen Wiesen Garten Kirsch Apfel Birnen Rosen Flieder Veilchen Klee Mohn Malven Heide Moor'
const SECOND = ' kamp feld hof berg tal bach grund busch born rain winkel'
const LAST = 'straße weg'

const [first, second, last] = [FIRST.split(' '), SECOND.split(' '), LAST.split(' ')]
export const STREET_NAMES = first.length * second.length * last.length // 48 × 12 × 2 = 1,152

/** Shares no factor with the number of names: neighbours get names that are far apart, and none comes twice. */
const STRIDE = 467

/** The name of street number `n` < STREET_NAMES. */
export function streetName(seed: number, n: number): string {
  const k = (n * STRIDE + (seed % STREET_NAMES)) % STREET_NAMES
  const [a, bc] = [k % first.length, Math.floor(k / first.length)]
  return first[a]! + second[bc % second.length]! + last[Math.floor(bc / second.length)]!
}
