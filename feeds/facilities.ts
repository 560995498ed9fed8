// Elevators and car parks as their operators report them: JSON in the shapes of DB's FaSta (`/facilities`) and of ParkAPI.

import type { ElevatorReport, ParkingReport } from '#engine/conditions/conditions.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { isActive } from '#engine/live/alerts.ts'
import type { Period } from '#engine/live/state.ts'
import { count, flag, instant, type Json, list, object, position, text } from './gbfs/json.ts'

/**
 * `[{equipmentnumber, type: ELEVATOR, description, geocoordX: lon, geocoordY: lat, state: ACTIVE | INACTIVE | UNKNOWN}]`. Own: `outOfService`,
 * a list of `[from, to]` (RFC 3339 or null), for outages that are known before. Who is INACTIVE is out although none of them has begun.
 * @param now Unix seconds at which it was said
 */
export function readFacilities(document: Json, source: string, now: number): ElevatorReport[] {
  return list(document.rows ?? document.facilities).flatMap((row): ElevatorReport[] => {
    const facility = object(row)
    const id = text(facility.equipmentnumber ?? facility.id)
    const at = position(facility.geocoordY, facility.geocoordX)
    if (id === undefined || !at || (facility.type !== undefined && facility.type !== 'ELEVATOR')) return []
    const inactive = facility.state === 'INACTIVE'
    const known = list(facility.outOfService, 100).map(periodOf)
    // out now, and nobody says until when
    const out = inactive && !isActive(known, now as UnixSeconds) ? [] : known
    const state = inactive || out.length > 0 ? 'out' : facility.state === 'ACTIVE' ? 'working' : 'unknown'
    return [{ id, name: text(facility.description) ?? id, ...at, state, out, source }]
  })
}

function periodOf(row: unknown): Period {
  const [from, to] = list(row)
  const [start, end] = [instant(from), instant(to)]
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) }
}

/**
 * ParkAPI 1: `{last_updated, lots: [{id, name, coords: {lat, lng}, free, total, state: open | closed | nodata, purpose: CAR | BIKE}]}`, times in
 * UTC. ParkAPI 3: `{items: [{id, name, lat, lon, purpose: CAR | BIKE | ITEM, capacity, has_realtime_data, realtime_capacity,
 * realtime_free_capacity, realtime_opening_status, realtime_data_updated_at}]}`.
 * @param before what the same source said last: from the difference follows how the lot fills
 */
export function readLots(
  document: Json,
  source: string,
  now: number,
  before: readonly ParkingReport[] = [],
): ParkingReport[] {
  const measured = instant(document.last_updated) ?? now
  const said = document.items
    ? list(document.items).flatMap(row => siteOf(object(row), now))
    : list(document.lots ?? document.rows).flatMap(row => lotOf(object(row), measured))
  const last = new Map(before.map(lot => [lot.id, lot]))
  return said.map(lot => ({ ...lot, trend: trendOf(last.get(lot.id), lot.free, lot.measured), source }))
}

type Lot = Omit<ParkingReport, 'trend' | 'source'>

function lotOf(lot: Json, measured: number): Lot[] {
  const { lat, lng, lon } = object(lot.coords)
  return named(lot, position(lat, lng ?? lon), {
    free: lot.state === 'nodata' ? undefined : count(lot.free),
    total: count(lot.total),
    open: lot.state !== 'closed' && flag(lot.open, true),
    measured,
  })
}

/** Degrees are text there, and lockers for luggage are no place to park. */
function siteOf(site: Json, now: number): Lot[] {
  if (site.purpose === 'ITEM') return []
  return named(site, position(degrees(site.lat), degrees(site.lon)), {
    free: flag(site.has_realtime_data, true) ? count(site.realtime_free_capacity) : undefined,
    total: count(site.realtime_capacity) ?? count(site.capacity),
    open: site.realtime_opening_status !== 'CLOSED',
    measured: instant(site.realtime_data_updated_at) ?? now,
  })
}

const degrees = (value: unknown): unknown => (typeof value === 'string' && value !== '' ? Number(value) : value)

function named(
  lot: Json,
  at: Pick<Lot, 'lat' | 'lon'> | undefined,
  { total, ...said }: Pick<Lot, 'free' | 'total' | 'open' | 'measured'>,
): Lot[] {
  const id = text(lot.id)
  if (id === undefined || !at) return []
  const bicycles = text(lot.purpose)?.toUpperCase() === 'BIKE'
  return [
    {
      ...{ id, name: text(lot.name) ?? id, ...at, ...(bicycles && { bicycles }) },
      ...{ ...said, total: total === 0 ? undefined : total },
    },
  ]
}

/** Shorter than this, and a single car decides. Seconds. */
const SHORTEST = 60

function trendOf(last: ParkingReport | undefined, free: number | undefined, measured: number): number {
  if (last?.free === undefined || free === undefined) return 0
  const seconds = measured - last.measured
  if (seconds < SHORTEST) return last.trend
  // half of what was known, so that one glance does not decide
  return (((free - last.free) / seconds) * 3600 + last.trend) / 2
}
