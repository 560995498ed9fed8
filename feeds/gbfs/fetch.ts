// The documents of a system, or of all systems of a manifest, through the project's own way out (http.ts): http(s) only, no address in a
// private network unless allowed, bounded in time and size.

import { FreifahrtError } from '#engine/core/errors.ts'
import { fetchFeed } from '../realtime/fetch.ts'
import { type Json, list, number, object, text } from './json.ts'
import type { Documents } from './read.ts'

export interface GbfsOptions {
  readonly allowHosts: readonly string[]
  readonly signal?: AbortSignal
}

/** One system: its name in a manifest, '' when asked for by itself. */
export interface FetchedSystem {
  readonly name: string
  readonly documents: Documents
}

const MAX_BYTES = 32 * 2 ** 20
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

/** @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, FEED_UNREADABLE */
export async function fetchGbfs(url: string, options: GbfsOptions): Promise<FetchedSystem[]> {
  const root = await getJson(url, options)
  const datasets = list(object(root.data).datasets)
  if (datasets.length === 0) return [{ name: '', documents: await documentsOf(url, root, options, url) }]
  const systems: FetchedSystem[] = []
  for (const row of datasets.slice(0, MOST_SYSTEMS)) {
    const { system_id, versions } = object(row)
    const newest = newestVersion(list(versions).map(object))
    if (newest === undefined) continue
    const discovery = URL.parse(newest, url)?.href ?? newest
    systems.push({
      name: text(system_id) ?? '',
      documents: await documentsOf(discovery, await getJson(discovery, options, url), options, url),
    })
  }
  return systems
}

/** Of the versions that are understood, the highest. */
function newestVersion(versions: readonly Json[]): string | undefined {
  const known = versions
    .map(v => ({ version: Number.parseFloat(text(v.version) ?? ''), url: text(v.url) }))
    .filter(v => v.version >= 2 && v.version < 4 && v.url !== undefined)
  return known.sort((a, b) => b.version - a.version)[0]?.url
}

/** @param own the address that the operator wrote */
async function documentsOf(url: string, discovery: Json, options: GbfsOptions, own: string): Promise<Documents> {
  const data = object(discovery.data)
  // 3.0: data.feeds; 2.x: data.LANGUAGE.feeds
  const language = ['de', 'en', ...Object.keys(data)].find(name => list(object(data[name]).feeds).length > 0)
  const feeds = list(data.feeds ?? object(data[language ?? '']).feeds, 100).map(object)
  if (feeds.length === 0) throw new FreifahrtError('FEED_UNREADABLE', url, 'no GBFS: it names no feeds')
  const documents: Record<string, unknown> = {}
  for (const name of wanted) {
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
    throw new FreifahrtError('FEED_UNREADABLE', url, 'is no JSON')
  }
}

/** Seconds for which a document says that it stays right; undefined when it does not. */
export const ttlOf = (documents: Documents): number | undefined =>
  number(object(documents.station_status ?? documents.free_bike_status ?? documents.vehicle_status).ttl)
