// What the manifest says about a network, read from its finished tables.

import { E7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, type ServiceDay } from '#engine/core/time.ts'
import { slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import type { Attribution, FeedReport } from '#feeds/gtfs/report.ts'
import type { NetworkTables } from './network.ts'

/** W, S, E, N in degrees around the stops where anything calls; the outermost half per cent on each side does not count. */
export function boundsOf(tt: Timetable): [number, number, number, number] {
  const called = new Uint8Array(tt.counts.stops)
  for (const word of tt.slots) called[slotStop(word)] = 1
  const stops: StopIdx[] = []
  for (let s = 0; s < called.length; s++) if (called[s] === 1 && tt.stopHasPosition[s] === 1) stops.push(s as StopIdx)
  if (stops.length === 0) return [-180, -90, 180, 90]
  const lats = Int32Array.from(stops, s => tt.stopLat[s]!).sort()
  const lons = Int32Array.from(stops, s => tt.stopLon[s]!).sort()
  const low = Math.floor(stops.length / 200)
  const high = stops.length - 1 - low
  return [lons[low]! / E7, lats[low]! / E7, lons[high]! / E7, lats[high]! / E7]
}

export const zonesOf = (tt: Timetable): string[] => Array.from(tt.zoneName, name => textOf(tt, name))

/** First and last service day, YYYYMMDD. */
export function serviceDaysOf(tt: Timetable): [string, string] {
  const { firstDay, days } = tt.counts
  return [formatDate(firstDay as ServiceDay), formatDate((firstDay + days - 1) as ServiceDay)]
}

/** What an import tells when it is done, and `network.json` holds. */
export function countsOf({ timetable: tt, footpaths, streets }: NetworkTables): Record<string, number> {
  const { stops, routes, trips, patterns, services } = tt.counts
  return {
    stops,
    routes,
    trips,
    patterns,
    services,
    footpaths: footpaths.counts.footpaths,
    ...(streets && { streetNodes: streets.counts.nodes, streetEdges: streets.counts.edges }),
  }
}

export const openStreetMap: Attribution = {
  text: '© OpenStreetMap contributors',
  url: 'https://www.openstreetmap.org/copyright',
  license: 'ODbL 1.0',
}

/** Whom a page has to name: what the feeds say, else their publishers; then the map's makers and who else is known. Each once. */
export function attributionsOf(reports: readonly FeedReport[], more: readonly Attribution[]): Attribution[] {
  const ofFeed = ({ attributions, publisher, publisherUrl, agencies }: FeedReport): readonly Attribution[] => {
    if (attributions.length > 0) return attributions
    if (publisher !== '') return [{ text: publisher, ...(publisherUrl && { url: publisherUrl }) }]
    return agencies.map(({ name, url }) => ({ text: name, ...(url && { url }) }))
  }
  const all = [...reports.flatMap(ofFeed), ...more]
  return [...new Map(all.map(a => [`${a.text}\n${a.url}\n${a.license}`, a])).values()]
}
