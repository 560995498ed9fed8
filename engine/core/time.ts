// Seconds everywhere. Three clocks, three types; minutes exist only on paper.
//
//   Seconds       of a service day: since noon − 12 h local, may pass 86,400 (25:30:00 = 91,800)
//   ServiceDay    days since 1970-01-01 of the calendar date that names the service day
//   UnixSeconds   the world's clock
// Where a service day begins in UnixSeconds is data, not arithmetic: feeds/ computes noon − 12 h with Temporal for each time zone.

declare const unit: unique symbol
export type Seconds = number & { readonly [unit]: 'seconds of a service day' }
export type UnixSeconds = number & { readonly [unit]: 'unix seconds' }
export type ServiceDay = number & { readonly [unit]: 'days since 1970-01-01' }

export const DAY = 86_400

/** Seconds between two service days' starts when the clocks go forward by the two hours that some place on earth has. */
export const SHORTEST_DAY = DAY - 2 * 3600

/** Later than anything; sums of two stay below 2^31. */
export const NEVER = 0x3fff_ffff

/** `20260110` → service day, or undefined if it is no date. */
export function parseDate(yyyymmdd: string): ServiceDay | undefined {
  if (!/^\d{8}$/.test(yyyymmdd)) return undefined
  const [y, m, d] = [Number(yyyymmdd.slice(0, 4)), Number(yyyymmdd.slice(4, 6)), Number(yyyymmdd.slice(6))]
  const ms = Date.UTC(y, m - 1, d)
  const back = new Date(ms)
  return back.getUTCMonth() === m - 1 && back.getUTCDate() === d ? ((ms / 86_400_000) as ServiceDay) : undefined
}

/** Service day → `20260110`. Every row of every answer names one of a few days. */
export function formatDate(day: ServiceDay): string {
  if (dates.size > MAX_DATES) dates.clear()
  return dates.getOrInsertComputed(day, () => new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ''))
}
const dates = new Map<ServiceDay, string>()
const MAX_DATES = 1000

/** `9:05:00`, `09:05:00`, `25:30:00` → seconds of the service day, or undefined (GTFS: up to 168 h are accepted, rule S7). */
export function parseTime(text: string): Seconds | undefined {
  const m = /^\s*(\d{1,3}):([0-5]\d):([0-5]\d)\s*$/.exec(text)
  if (!m) return undefined
  const s = Number(m[1]) * 3600 + Number(m[2]) * 60 + Number(m[3])
  return s <= 168 * 3600 ? (s as Seconds) : undefined
}

/** Seconds of the service day → `25:30:00`, GTFS notation. */
export function formatTime(s: Seconds | number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
}
