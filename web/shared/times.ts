// Times as riders read them: the city's clock, whatever zone the device is in. Instants are Unix seconds.

import type { Texts } from '../texts/de.ts'

export function timesIn(zone: string | undefined, language: string) {
  // the digits that stand on signs and vehicles, in every language
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, {
      hourCycle: 'h23',
      numberingSystem: 'latn',
      ...(zone ? { timeZone: zone } : {}),
      ...options,
    })
  const clock = format({ hour: '2-digit', minute: '2-digit' })
  const exact = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const day = format({ weekday: 'short', day: 'numeric', month: 'numeric' })
  const date = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  // Swedish writes dates as ISO 8601 does
  const iso = new Intl.DateTimeFormat('sv', {
    ...(zone ? { timeZone: zone } : {}),
    dateStyle: 'short',
    timeStyle: 'short',
  })
  const local = (seconds: number) => iso.format(seconds * 1000).replace(' ', 'T')
  const sameDay = (a: number, b: number) => local(a).slice(0, 10) === local(b).slice(0, 10)

  return {
    clock: (seconds: number) => clock.format(seconds * 1000),
    exact: (seconds: number) => exact.format(seconds * 1000),
    day: (seconds: number) => day.format(seconds * 1000),
    date: (seconds: number) => date.format(seconds * 1000),
    sameDay,
    /** With the day, where that is another one than `now`'s. */
    when: (seconds: number, now: number) =>
      `${sameDay(seconds, now) ? '' : `${day.format(seconds * 1000)} `}${clock.format(seconds * 1000)}`,
    /** `2026-11-23T14:05`, the value of a datetime-local input. */
    local,
    /** The instant of a datetime-local value; of a time that does not exist (DST) the one an hour on, of one that is twice the first. */
    instant(value: string): number | undefined {
      const asUtc = Date.parse(`${value}Z`) / 1000
      if (Number.isNaN(asUtc)) return undefined
      const offsetAt = (seconds: number) => Date.parse(`${local(seconds)}Z`) / 1000 - Math.floor(seconds / 60) * 60
      const before = asUtc - offsetAt(asUtc - 86_400)
      const after = asUtc - offsetAt(asUtc + 86_400)
      return local(before) !== value && local(after) === value ? after : before
    },
  }
}

export type Times = ReturnType<typeof timesIn>

/** RFC 3339 to Unix seconds. */
export const seconds = (time: string): number => Date.parse(time) / 1000

export function duration(t: Texts, seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  return minutes < 60 ? t.minutes(minutes) : t.hours(Math.floor(minutes / 60), minutes % 60)
}

export function distance(t: Texts, metres: number): string {
  return metres < 1000 ? t.metres(Math.round(metres / 10) * 10) : t.kilometres(decimal(t, (metres / 1000).toFixed(1)))
}

/** A number as the language writes it. */
export const decimal = (t: Texts, written: string): string => written.replace('.', t.decimalSign)

/** Whole minutes late (negative: early): what differs between the two times as they are displayed. */
export const minutesBetween = (planned: number, expected: number): number =>
  Math.floor(expected / 60) - Math.floor(planned / 60)
