// Which systems there are: catalogues (MobilityData's systems.csv, a GBFS 3 manifest) and single discovery files (gbfs.json), and for each
// system where its stations or vehicles stand.

import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { CsvReader } from '../gtfs/csv.ts'
import { fetchFeed } from '../realtime/fetch.ts'
import { documentsOf, type GbfsOptions, getJson, newestVersion } from './fetch.ts'
import { list, object, position, text } from './json.ts'

/** A system that somebody names. */
export interface NamedSystem {
  /** '' when only its own documents know. */
  readonly id: string
  readonly url: string
  /** ISO 3166, upper case, where a catalogue says it. */
  readonly country?: string
}

/** What it says of itself. */
export interface FoundSystem {
  readonly id: string
  readonly name: string
  readonly version: string
  /** 1e-7 degrees; of stations, else of vehicles. */
  readonly places: readonly { readonly lat: number; readonly lon: number }[]
}

const MAX_BYTES = 8 * 2 ** 20
const MOST_SYSTEMS = 5000

/** Systems that this address names: itself, or those of a catalogue. @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, FEED_UNREADABLE */
export async function listSystems(url: string, { allowHosts, signal }: GbfsOptions): Promise<NamedSystem[]> {
  const fetched = await fetchFeed(url, { allowHosts, maxBytes: MAX_BYTES, ...(signal && { signal }) })
  const bytes = fetched.kind === 'message' ? fetched.bytes : new Uint8Array(0)
  const content = new TextDecoder().decode(bytes)
  if (!/^\s*[{[]/.test(content)) return catalogue(bytes, withoutSecrets(url))
  let root: unknown
  try {
    root = JSON.parse(content)
  } catch {
    throw new FreifahrtError('FEED_UNREADABLE', withoutSecrets(url), 'is no JSON')
  }
  const datasets = list(object(object(root).data).datasets, MOST_SYSTEMS).map(object)
  if (datasets.length === 0) return [{ id: '', url }]
  return datasets.flatMap(({ system_id, versions }) => {
    const newest = newestVersion(list(versions, 100).map(object))
    const found = newest === undefined ? undefined : URL.parse(newest, url)
    return found ? [{ id: text(system_id) ?? '', url: found.href }] : []
  })
}

const CATALOGUE = ['Country Code', 'System ID', 'Auto-Discovery URL']

/** Rows of a systems.csv, those with an address. @throws FEED_UNREADABLE, FEED_TOO_LARGE */
function catalogue(bytes: Uint8Array, where: string): NamedSystem[] {
  let isOne = false
  const found: NamedSystem[] = []
  const reader = new CsvReader(where, CATALOGUE, {
    onHeader(names) {
      isOne = CATALOGUE.every(column => names.includes(column))
    },
    onRow(row) {
      const address = URL.parse(row.text(2))
      if (!address || found.length === MOST_SYSTEMS) return
      const code = row.text(0).toUpperCase()
      found.push({ id: row.text(1), url: address.href, ...(code && { country: code }) })
    },
    onTrouble() {},
  })
  reader.push(bytes)
  reader.finish()
  if (!isOne) throw new FreifahrtError('FEED_UNREADABLE', where, 'is no GBFS and no catalogue of systems')
  return found
}

/**
 * Asks one system where it is.
 * @param own the address that the operator wrote, in which this one was found
 * @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, FEED_UNREADABLE
 */
export async function lookAtSystem({ id, url }: NamedSystem, options: GbfsOptions, own: string): Promise<FoundSystem> {
  const root = await getJson(url, options, own)
  const ask = (...names: string[]) => documentsOf(url, root, options, own, names)
  const { system_information, station_information } = await ask('system_information', 'station_information')
  const stations = placesOf(station_information, 'stations')
  const vehicles =
    stations.length > 0
      ? []
      : Object.values(await ask('vehicle_status', 'free_bike_status')).flatMap(document => [
          ...placesOf(document, 'vehicles'),
          ...placesOf(document, 'bikes'),
        ])
  const about = object(object(system_information).data)
  return {
    id: id || text(about.system_id) || '',
    name: text(about.name) ?? '',
    version: text(root.version) ?? '2.0',
    places: [...stations, ...vehicles],
  }
}

const placesOf = (document: unknown, what: string) =>
  list(object(object(document).data)[what]).flatMap(row => position(object(row).lat, object(row).lon) ?? [])
