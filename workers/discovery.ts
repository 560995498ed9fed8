// Which systems of vehicles for rent there are in an area: looked for again and again, kept as a GBFS manifest, which `--gbfs TAG=FILE` follows.
// Systems come and go without anybody writing down their addresses; one that does not answer for a day is not gone yet.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { areaContains } from '#feeds/area.ts'
import { listSystems, lookAtSystem, type NamedSystem } from '#feeds/gbfs/discover.ts'
import { list, object, text } from '#feeds/gbfs/json.ts'
import { readArea } from './inputs.ts'

export interface DiscoveryJob {
  /** Catalogues (systems.csv), manifests, or systems' own gbfs.json. */
  readonly from: readonly string[]
  /** W,S,E,N, GeoJSON or its file: a system counts when a station or vehicle of it lies inside. */
  readonly area?: string
  /** Of a catalogue that says countries, only these are asked. */
  readonly countries?: readonly string[]
  /** The manifest's file. */
  readonly out: string
}

interface Known {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly url: string
  /** Where it was named, without keys. */
  readonly from: string
  /** ISO time at which it answered last. */
  readonly seen: string
}

/** Systems asked in one go, and at once: a catalogue of the world has thousands. */
const MOST_ASKED = 500
const AT_ONCE = 8
const MOST_KEPT = 50
/** How long a system that does not answer is kept. */
const PATIENCE_MS = 7 * 86_400_000

export interface DiscoveryOptions {
  readonly allowHosts: readonly string[]
  readonly signal: AbortSignal
  readonly now: number
  readonly onProgress?: (done: number, total: number) => void
}

/** @throws what the first of `from` said, when none can be read; the file then stays as it was */
export async function discoverSystems(job: DiscoveryJob, options: DiscoveryOptions): Promise<string> {
  const { signal, now } = options
  const area = job.area === undefined ? undefined : readArea(job.area)
  const before = readKnown(job.out)
  const named = new Map<string, NamedSystem & { readonly own: string }>()
  const unread = new Set<string>()
  const troubles: unknown[] = []
  for (const from of job.from) {
    try {
      for (const system of await listSystems(from, options))
        if (!job.countries || !system.country || job.countries.includes(system.country))
          named.set(system.url, { ...system, own: from })
    } catch (error) {
      signal.throwIfAborted()
      unread.add(withoutSecrets(from))
      troubles.push(error)
    }
  }
  if (unread.size === job.from.length) throw troubles[0]
  if (named.size > MOST_ASKED)
    throw new FreifahrtError('TOO_LARGE', job.out, `${named.size} systems to be asked: name "countries"`)

  const found: Known[] = []
  const silent = new Set<string>()
  const line = [...named.values()]
  let done = 0
  const ask = async (): Promise<void> => {
    for (let system = line.pop(); system; system = line.pop()) {
      signal.throwIfAborted()
      try {
        const { places, ...about } = await lookAtSystem(system, options, system.own)
        if (!area || places.some(({ lat, lon }) => areaContains(area, lat, lon)))
          found.push({
            ...about,
            id: about.id || idOf(system.url),
            url: system.url,
            from: withoutSecrets(system.own),
            seen: new Date(now).toISOString(),
          })
      } catch (error) {
        signal.throwIfAborted()
        silent.add(system.url)
        troubles.push(error)
      }
      options.onProgress?.(++done, named.size)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, ask))
  const kept = before.filter(
    ({ url, from, seen }) => (silent.has(url) || unread.has(from)) && now - Date.parse(seen) < PATIENCE_MS,
  )
  // two systems of one name are told apart by whoever follows them, by name: the first counts
  const all = [
    ...new Map(
      [...found, ...kept]
        .sort(byId)
        .reverse()
        .map(system => [system.id, system]),
    ).values(),
  ].sort(byId)
  const systems = all.slice(0, MOST_KEPT)
  const left = all.length - systems.length
  await write(job.out, systems, now)
  const had = new Set(before.map(({ id }) => id))
  const has = new Set(systems.map(({ id }) => id))
  const came = [...has].filter(id => !had.has(id))
  const went = [...had].filter(id => !has.has(id))
  const tooMany = left > 0 ? `, ${left} left out: at most ${MOST_KEPT} are kept, narrow the area` : ''
  return `${job.out}: ${systems.length} systems, ${came.length} new, ${went.length} gone, ${silent.size} silent${tooMany}`
}

/** For a system that has none: always the same, and without the address's keys. */
const idOf = (url: string): string =>
  `${new URL(url).hostname}-${createHash('sha256').update(withoutSecrets(url)).digest('hex').slice(0, 8)}`

const byId = (a: Known, b: Known): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.url < b.url ? -1 : 1)

function readKnown(path: string): Known[] {
  let root: unknown
  try {
    root = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return []
  }
  return list(object(object(root).data).datasets).flatMap(row => {
    const { system_id, versions, _freifahrt } = object(row)
    const { version, url } = object(list(versions)[0])
    const { name, from, seen } = object(_freifahrt)
    const [id, address] = [text(system_id), text(url)]
    if (id === undefined || address === undefined) return []
    const about = { name: text(name) ?? '', from: text(from) ?? '', seen: text(seen) ?? '' }
    return [{ id, version: text(version) ?? '2.0', url: address, ...about }]
  })
}

/** GBFS 3's manifest, with members of our own (`_…`, as the specification wants them named). */
async function write(path: string, systems: readonly Known[], now: number): Promise<void> {
  const manifest = {
    last_updated: new Date(now).toISOString(),
    ttl: 3600,
    version: '3.0',
    data: {
      datasets: systems.map(({ id, version, url, ...about }) => ({
        system_id: id,
        versions: [{ version, url }],
        _freifahrt: about,
      })),
    },
  }
  await mkdir(dirname(resolve(path)), { recursive: true })
  await writeFile(`${path}.new`, JSON.stringify(manifest, null, 2))
  await rename(`${path}.new`, path)
}
