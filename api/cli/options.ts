// Options that several words share, and how their texts are read.

import { InvalidArgumentError, Option } from 'commander'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'

/** `tag=FEED.zip` or just `FEED.zip`; an address may hold a `=` of its own, so a tag is short and plain. */
export function parseTagged(text: string): { readonly tag?: string; readonly from: string } {
  const m = /^([A-Za-z0-9.-]{1,32})=(.+)$/s.exec(text)
  return m ? { tag: m[1]!, from: m[2]! } : { from: text }
}

export const isUrl = (text: string): boolean => /^https?:\/\//i.test(text)

export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text]

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

export function parseWhole(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Give a whole number.')
  return value
}

export const networkOption = (what = 'a network that `freifahrt import` wrote'): Option =>
  new Option('--network <DIR>', what)
export const portOption = (): Option =>
  new Option('--port <PORT>', 'where to listen (8080 unless set otherwise)').argParser(parsePort)
export const hostOption = (): Option =>
  new Option('--host <ADDRESS>', 'address to listen on; 0.0.0.0 for the whole network (127.0.0.1 unless set otherwise)')
export const configOption = (): Option =>
  new Option('--config <FILE>', 'settings: a JSON object; `freifahrt config` lists them')
export const nowOption = (): Option =>
  new Option('--now <ISO>', 'let the clock start here instead of the real time, to run an old feed live')

/** RFC 3339 with an offset, or a local time of the network: `2022-07-05T08:00`. */
export function parseInstant(text: string, zone: string, option: string): UnixSeconds {
  try {
    const instant = /(?:z|[+-]\d\d:?\d\d)$/i.test(text)
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant()
    return Math.floor(instant.epochMilliseconds / 1000) as UnixSeconds
  } catch {
    throw new FreifahrtError(
      'BAD_REQUEST',
      option,
      `'${text}' is no time: write 2026-01-10T08:00 or 2026-01-10T08:00:00+01:00`,
    )
  }
}
