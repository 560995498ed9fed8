// The documents of a system, or of all systems of a manifest, through the project's own way out (http.ts): http(s) only, no address in a
// private network unless allowed, bounded in time and size.

import { readFile } from 'node:fs/promises'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { fetchFeed } from '../realtime/fetch.ts'
import { type Json, list, number, object, text } from './json.ts'
import type { Documents } from './read.ts'

export interface GbfsOptions {
  readonly allowHosts: readonly string[]
  readonly signal?: AbortSignal
  /** What each system of a manifest said last: kept by whoever asks again and again. */
  readonly known?: Map<string, { readonly documents: Documents; readonly at: number }>
}

/** One system: its name in a manifest, '' when asked for by itself. */
export interface FetchedSystem {
  readonly name: string
  readonly documents: Documents
}

const MAX_BYTES = 32 * 2 ** 20
/** How long the last word of a system that does not answer counts: as long as a bicycle seen is believed. */
const KEPT_MS = 15 * 60_000
/** Who has written a file's addresses: nobody whose private network is meant. */
const NOBODY = 'https://nobody.invalid/'
/** Systems taken of one manifest. */
const MOST_SYSTEMS = 50
const wanted = [
  'system_information',
  'vehicle_types',
  'station_information',
  'station_status',
  'free_bike_status',
  'vehicle_status',
  'geofencing_zones',
]

/**
 * @param url of a system or a manifest; a manifest may be a file as well, of which no address counts as written by the operator
 * @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, FEED_UNREADABLE, FILE_MISSING
 */
export async function fetchGbfs(url: string, options: GbfsOptions): Promise<FetchedSystem[]> {
  if (!/^https?:/i.test(url)) return systemsOf(await readManifestFile(url), NOBODY, options, NOBODY)
  const root = await getJson(url, options)
  if (list(object(root.data).datasets).length > 0) return systemsOf(root, url, options, url)
  return [{ name: '', documents: await documentsOf(url, root, options, url) }]
}

/**
 * Those of a manifest, one after the other. One that does not answer leaves the others alone, and for a while its last word stays.
 * @throws what the first one said, when none answers
 */
async function systemsOf(root: Json, base: string, options: GbfsOptions, own: string): Promise<FetchedSystem[]> {
  const systems: FetchedSystem[] = []
  let trouble: unknown
  for (const row of list(object(root.data).datasets).slice(0, MOST_SYSTEMS)) {
    const { system_id, versions } = object(row)
    const newest = newestVersion(list(versions).map(object))
    const address = newest === undefined ? undefined : URL.parse(newest, base)?.href
    if (address === undefined) continue
    const name = text(system_id) ?? ''
    try {
      const documents = await documentsOf(address, await getJson(address, options, own), options, own)
      options.known?.set(address, { documents, at: performance.now() })
      systems.push({ name, documents })
    } catch (error) {
      if (options.signal?.aborted) throw error
      trouble ??= error
      const last = options.known?.get(address)
      if (last && performance.now() - last.at < KEPT_MS) systems.push({ name, documents: last.documents })
    }
  }
  for (const [address, { at }] of options.known ?? [])
    if (performance.now() - at >= KEPT_MS) options.known!.delete(address)
  if (systems.length === 0 && trouble !== undefined) throw trouble
  return systems
}

async function readManifestFile(path: string): Promise<Json> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch {
    throw new FreifahrtError('FILE_MISSING', path, 'no such manifest of systems')
  }
  try {
    return object(JSON.parse(content))
  } catch {
    throw new FreifahrtError('FEED_UNREADABLE', path, 'is no JSON')
  }
}

/** Of the versions that are understood, the highest. */
export function newestVersion(versions: readonly Json[]): string | undefined {
  const known = versions
    .map(v => ({ version: Number.parseFloat(text(v.version) ?? ''), url: text(v.url) }))
    .filter(v => v.version >= 2 && v.version < 4 && v.url !== undefined)
  return known.sort((a, b) => b.version - a.version)[0]?.url
}

/** Those documents of a system that it has. @param own the address that the operator wrote */
export async function documentsOf(
  url: string,
  discovery: Json,
  options: GbfsOptions,
  own: string,
  names: readonly string[] = wanted,
): Promise<Documents> {
  const data = object(discovery.data)
  // 3.0: data.feeds; 2.x: data.LANGUAGE.feeds
  const language = ['de', 'en', ...Object.keys(data)].find(name => list(object(data[name]).feeds).length > 0)
  const feeds = list(data.feeds ?? object(data[language ?? '']).feeds, 100).map(object)
  if (feeds.length === 0) throw new FreifahrtError('FEED_UNREADABLE', withoutSecrets(url), 'no GBFS: it names no feeds')
  const documents: Record<string, unknown> = {}
  for (const name of names) {
    const address = text(feeds.find(feed => feed.name === name)?.url)
    if (address !== undefined) documents[name] = await getJson(URL.parse(address, url)?.href ?? address, options, own)
  }
  return documents
}

/** One JSON object from the web, within the limits of all live sources. */
export async function getJson(url: string, { allowHosts, signal }: GbfsOptions, own = url): Promise<Json> {
  const fetched = await fetchFeed(url, { own, allowHosts, maxBytes: MAX_BYTES, ...(signal && { signal }) })
  if (fetched.kind === 'unchanged') return {}
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(fetched.bytes))
    return Array.isArray(value) ? { rows: value } : object(value)
  } catch {
    throw new FreifahrtError('FEED_UNREADABLE', withoutSecrets(url), 'is no JSON')
  }
}

/** Seconds for which a document says that it stays right; undefined when it does not. */
export const ttlOf = (documents: Documents): number | undefined =>
  number(object(documents.station_status ?? documents.free_bike_status ?? documents.vehicle_status).ttl)
