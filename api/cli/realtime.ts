// Realtime sources on the command line, and hearing each of them once before a question is asked.

import { readFileSync } from 'node:fs'
import { Option } from 'commander'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { SourceOptions } from '#engine/live/options.ts'
import type { ConditionSource, RealtimeSource } from '#workers/messages.ts'
import type { RunningService } from '#workers/start.ts'
import type { Settings } from '../settings.ts'
import { collect, isUrl, parseTagged } from './options.ts'

export const gtfsRtOption = (what: string): Option => new Option('--gtfs-rt <[TAG=]URL>', what).argParser(collect)

/**
 * `[TAG=]URL[#OPTIONS]`; no tag: the network's only feed. What stands behind the # is never sent to a server: it says where this producer
 * does not keep to the specification. Throws BAD_REQUEST.
 *
 *   #addedWithoutRoute                    added runs that name no route are shown all the same
 *   #milliseconds                         times are milliseconds
 *   #differential                         messages tell only what has changed
 *   #predictFromPositions                 runs without TripUpdates are predicted from where their vehicles are
 *   #earlyAtTimepoints                    an early vehicle waits nowhere
 *   #alertsEarlySeconds=SECONDS           alerts are shown so long before they begin
 *   #timetableIds=PATTERN&realtimeIds=PATTERN   which part of a trip_id names the trip, one group each, percent-encoded
 */
export function sourceOf(text: string): RealtimeSource {
  const { tag = '', from } = parseTagged(text)
  const [url, said] = isUrl(from) ? (from.split('#', 2) as [string, string | undefined]) : [from, undefined]
  return said ? { tag, url, options: optionsOf(said) } : { tag, url }
}

function optionsOf(said: string): SourceOptions {
  const words = new URLSearchParams(said)
  const known = [
    'addedWithoutRoute',
    'milliseconds',
    'differential',
    'predictFromPositions',
    'earlyAtTimepoints',
    'alertsEarlySeconds',
    'timetableIds',
    'realtimeIds',
  ]
  for (const word of words.keys())
    if (!known.includes(word))
      throw new FreifahrtError('BAD_REQUEST', '--gtfs-rt', `'${word}' is none of ${known.join(', ')}`)
  const [timetable, realtime] = [words.get('timetableIds'), words.get('realtimeIds')]
  if ((timetable === null) !== (realtime === null))
    throw new FreifahrtError('BAD_REQUEST', '--gtfs-rt', 'timetableIds and realtimeIds belong together')
  const early = words.get('alertsEarlySeconds')
  if (early !== null && !/^\d{1,7}$/.test(early))
    throw new FreifahrtError('BAD_REQUEST', '--gtfs-rt', `alertsEarlySeconds: '${early}' is no number of seconds`)
  return {
    ...(words.has('addedWithoutRoute') && { addedWithoutRoute: true }),
    ...(words.has('milliseconds') && { milliseconds: true }),
    ...(words.has('differential') && { differential: true }),
    ...(words.has('predictFromPositions') && { predictFromPositions: true }),
    ...(words.has('earlyAtTimepoints') && { earlyAtTimepoints: true }),
    ...(early !== null && { alertsEarlySeconds: Number(early) }),
    ...(timetable !== null && realtime !== null && { tripIds: { timetable, realtime } }),
  }
}

export const conditionOption = (name: '--gbfs' | '--elevators' | '--parking', what: string): Option =>
  new Option(`${name} <TAG=URL>`, what).argParser(collect)

/** What is followed beside realtime. Throws BAD_REQUEST for what is no TAG=URL. */
export function conditionsOf(settings: Pick<Settings, 'gbfs' | 'elevators' | 'parking'>): ConditionSource[] {
  const kinds = ['gbfs', 'elevators', 'parking'] as const
  return kinds.flatMap(kind =>
    settings[kind].map(text => {
      const { tag, from: url } = parseTagged(text)
      // systems of a discovery job stand in a file
      const isFile = kind === 'gbfs' && url.endsWith('.json')
      if (tag === undefined || !(isUrl(url) || isFile))
        throw new FreifahrtError(
          'BAD_REQUEST',
          `--${kind}`,
          `'${text}' is no TAG=URL with an http or https address${kind === 'gbfs' ? ', nor TAG=FILE.json' : ''}`,
        )
      return { kind, tag, url }
    }),
  )
}

/** Resolves when every source has told something or was found unable to; files are read, addresses are being polled. */
export async function hearOnce(service: RunningService, sources: readonly RealtimeSource[]): Promise<void> {
  for (const [source, { url }] of sources.entries()) {
    if (isUrl(url)) continue
    const refused = await service.apply(source, readFileSync(url))
    if (refused !== undefined) console.error(`${url}: not taken: ${refused}`)
  }
  const heard = (): boolean => service.sources().every(({ applied, refusedCount }) => applied + refusedCount > 0)
  if (heard()) return
  await new Promise<void>(done => {
    const stop = service.onPublish(() => {
      if (!heard()) return
      stop()
      done()
    })
  })
}
