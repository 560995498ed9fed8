// Realtime sources on the command line, and hearing each of them once before a question is asked.

import { readFileSync } from 'node:fs'
import { Option } from 'commander'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { ConditionSource, RealtimeSource } from '#workers/messages.ts'
import type { RunningService } from '#workers/start.ts'
import type { Settings } from '../settings.ts'
import { collect, isUrl, parseTagged } from './options.ts'

export const gtfsRtOption = (what: string): Option => new Option('--gtfs-rt <[TAG=]URL>', what).argParser(collect)

/** No tag: the network's only feed. */
export function sourceOf(text: string): RealtimeSource {
  const { tag = '', from: url } = parseTagged(text)
  return { tag, url }
}

export const conditionOption = (name: '--gbfs' | '--elevators' | '--parking', what: string): Option =>
  new Option(`${name} <TAG=URL>`, what).argParser(collect)

/** What is followed beside realtime. Throws BAD_REQUEST for what is no TAG=URL. */
export function conditionsOf(settings: Pick<Settings, 'gbfs' | 'elevators' | 'parking'>): ConditionSource[] {
  const kinds = ['gbfs', 'elevators', 'parking'] as const
  return kinds.flatMap(kind =>
    settings[kind].map(text => {
      const { tag, from: url } = parseTagged(text)
      if (tag === undefined || !isUrl(url))
        throw new FreifahrtError('BAD_REQUEST', `--${kind}`, `'${text}' is no TAG=URL with an http or https address`)
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
