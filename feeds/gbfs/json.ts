// JSON from outside, read member by member: what is not of the kind that is asked for is not there.

export type Json = Readonly<Record<string, unknown>>

export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
export const list = (value: unknown, longest = 100_000): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, longest) : []
/** At most 300 characters; GBFS 3 tells names in several languages, of which the first counts. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value.slice(0, 300)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return Array.isArray(value) ? text(object(value[0]).text) : undefined
}
export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
/** At least 0, whole. */
export const count = (value: unknown): number | undefined => {
  const n = number(value)
  return n === undefined || n < 0 ? undefined : Math.floor(n)
}
/** `true`, or 1 as GBFS 1 has it. */
export const flag = (value: unknown, otherwise: boolean): boolean =>
  typeof value === 'boolean' ? value : value === 0 || value === 1 ? value === 1 : otherwise
/** http(s) and app links only. */
export const link = (value: unknown): string | undefined => {
  const given = text(value)
  return given !== undefined && /^[a-z][a-z0-9+.-]*:/i.test(given) && !/^(javascript|data|vbscript|file):/i.test(given)
    ? given
    : undefined
}

/** Degrees → 1e-7 degrees; undefined when it is no place on earth. */
export function position(lat: unknown, lon: unknown): { lat: number; lon: number } | undefined {
  const [y, x] = [number(lat), number(lon)]
  if (y === undefined || x === undefined || Math.abs(y) > 90 || Math.abs(x) > 180 || (x === 0 && y === 0))
    return undefined
  return { lat: Math.round(y * 1e7), lon: Math.round(x * 1e7) }
}

const NO_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/

/** Unix seconds: GBFS 2 counts them, GBFS 3 writes RFC 3339. A time without a zone is UTC, as ParkAPI has it. */
export function instant(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const ms = Date.parse(NO_ZONE.test(value) ? `${value.replace(' ', 'T')}Z` : value)
    return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
  }
  return count(value)
}
