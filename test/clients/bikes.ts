// A real bicycle share on loopback, as GBFS: one snapshot of Bay Wheels, moved from Market Street to where it is wanted, and told to be new.

import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { dataFile } from '../helpers/data.ts'
import { listenHere } from '../helpers/loopback.ts'

const files = dataFile('bikeshare/baywheels-gbfs')
const MARKET_STREET = { lat: 37.7894, lon: -122.4011 }

interface Place {
  lat: number
  lon: number
}

export const hasBikes = files !== undefined

/** @param now Unix seconds */
export async function serveBikes(around: Place, now: () => number): Promise<{ url: string; close(): Promise<void> }> {
  const feeds = new Map(
    readdirSync(files!).map(file => [file, JSON.parse(readFileSync(join(files!, file), 'utf8')) as { data: Data }]),
  )
  for (const { data } of feeds.values())
    for (const place of [...(data.stations ?? []), ...(data.bikes ?? [])])
      if ('lat' in place) {
        place.lat += around.lat - MARKET_STREET.lat
        place.lon += around.lon - MARKET_STREET.lon
      }
  const server = createServer((request, response) => {
    const file = request.url!.slice(1)
    const feed = file === 'gbfs.json' ? { data: { en: { feeds: index() } } } : feeds.get(file)
    response.writeHead(feed ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...feed, last_updated: now(), ttl: 60 }))
  })
  const url = await listenHere(server)
  const index = (): object[] =>
    [...feeds.keys()].map(file => ({ name: file.slice(0, -'.json'.length), url: `${url}/${file}` }))
  return {
    url: `${url}/gbfs.json`,
    close: () => new Promise(done => void server.close(() => done())),
  }
}

interface Data {
  stations?: Place[]
  bikes?: Place[]
}
