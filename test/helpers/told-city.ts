// A network as production serves it, opened from its folder with room for what realtime adds, and told of everything at once: runs late,
// cancelled and added, stops and detours that no timetable knows, lifts out of order, vehicles for rent with zones, car parks. The clock stands.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '#api/app.ts'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { App } from '#api/fastify.ts'
import { listElevators } from '#engine/access/elevators.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { NONE, type StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { DAY, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { createClock } from '#workers/clock.ts'
import { importNetwork } from '#workers/import.ts'
import { type OpenNetwork, openNetwork } from '#workers/network.ts'
import type { News } from '#workers/news.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { type Entity, feedMessage, proto, raw, trip } from './realtime.ts'

export interface ToldCity {
  readonly app: App
  readonly service: RunningService
  /** Public ids of stops that only realtime knows. */
  readonly added: readonly string[]
  /** What went wrong inside and was no refusal, as a stack. */
  readonly faults: string[]
  /** One more message: what was late is later by so many seconds. */
  tell(later: number): Promise<void>
  close(): Promise<void>
}

/** The demo city, written, imported and opened as `freifahrt demo` does; `now` is its second day. */
export async function openDemo(now: UnixSeconds): Promise<ToldCity> {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-'))
  const out = join(dir, 'network')
  try {
    const from = (Math.floor(now / DAY) - 1) as ServiceDay
    const { gtfs, osm } = await writeDemoCity(join(dir, 'city'), { from, days: 14, seed: 1 })
    await importNetwork({ gtfs: [{ tag: 'demo', from: gtfs }], osm, out })
    return await openTold(openNetwork(out), now, createSimulator({ seed: 1 }).messageAt)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const planWorker = new URL('../../api/plan.worker.ts', import.meta.url)

/**
 * @param said the operator's own message of that moment, if there is one; what is drawn here is told in the same
 */
async function openTold(network: OpenNetwork, now: UnixSeconds, said?: (at: number) => Uint8Array): Promise<ToldCity> {
  const faults: string[] = []
  const clock = createClock(now)
  clock.set(now, true)
  const { timetable } = network
  const tag = textOf(timetable, timetable.feedTag[0]!)
  const service = await startService({
    network,
    clock,
    sources: [{ tag, url: 'told:' }],
    conditions: (['gbfs', 'elevators', 'parking'] as const).map(kind => ({ kind, tag: kind, url: 'told:' })),
    planWorker,
    threads: 1,
    polled: false,
    onTrouble: (_, error) => void faults.push(textOfError(error)),
  })
  const app = buildApp(service)
  app.addHook('onError', async (_request, _reply, error) => {
    if (!isRefusal(error)) faults.push(textOfError(error))
  })
  const document = (value: unknown): News => ({ kind: 'message', bytes: Buffer.from(JSON.stringify(value)) })
  const placed = stopsWithPlace(timetable)
  await service.hear(1, document(rented(timetable, placed)))
  await service.hear(2, document({ facilities: lifts(network) }))
  await service.hear(3, document({ lots: lots(timetable, placed) }))
  const runs = await runsFrom(app, timetable, placed, tag, now)
  const tell = async (later: number): Promise<void> => {
    const own = said ? proto.FeedMessage.decode(said(now + later)).entity : []
    const fated = new Set(runs.map(({ tripId }) => tripId))
    const others = own.filter(({ tripUpdate }) => !fated.has(tripUpdate?.trip.tripId ?? ''))
    const entities = [...others.map(one => raw(one)), ...drawn(timetable, runs, now, later)]
    const refused = await service.apply(0, feedMessage({ timestamp: now + later }, ...entities))
    if (refused !== undefined) throw new Error(refused)
  }
  await tell(0)
  return {
    app,
    service,
    faults,
    added: ['new', 'aside', 'nowhere'].map(id => `${tag}_${id}`),
    tell,
    async close() {
      await app.close()
      await service.close()
    },
  }
}

const textOfError = (error: unknown): string => (error instanceof Error && error.stack) || String(error)
const isRefusal = (error: Error & { statusCode?: number }): boolean =>
  error instanceof FreifahrtError ? error.code !== 'INTERNAL' : (error.statusCode ?? 500) < 500

/** Stops that have a place, some forty of them from all over. */
function stopsWithPlace(tt: Timetable): StopIdx[] {
  const all = Array.from({ length: tt.counts.stops - tt.counts.roomStops }, (_, s) => s as StopIdx)
  const placed = all.filter(s => tt.stopHasPosition[s] && tt.stopParent[s] !== NONE)
  const some = placed.length > 0 ? placed : all.filter(s => tt.stopHasPosition[s])
  const every = Math.max(1, Math.floor(some.length / 40))
  return some.filter((_, i) => i % every === 0)
}

const placeOf = (tt: Timetable, s: StopIdx, aside = 0) => ({
  lat: tt.stopLat[s]! / 1e7 + aside,
  lon: tt.stopLon[s]! / 1e7 + aside,
})

// ── the way to the stops ──────────────────────────────────────────────────────────────────────────────────────────────
function rented(tt: Timetable, stops: readonly StopIdx[]) {
  const data = (value: unknown) => ({ last_updated: 1, ttl: 60, version: '3.0', data: value })
  const types = [
    { vehicle_type_id: 'bike', form_factor: 'bicycle', propulsion_type: 'human', return_constraint: 'any_station' },
    { vehicle_type_id: 'cargo', form_factor: 'cargo_bicycle', propulsion_type: 'electric_assist' },
    { vehicle_type_id: 'scooter', form_factor: 'scooter', propulsion_type: 'electric', max_range_meters: 9000 },
    { vehicle_type_id: 'moped', form_factor: 'moped', propulsion_type: 'electric', max_range_meters: 40_000 },
    {
      vehicle_type_id: 'car',
      form_factor: 'car',
      propulsion_type: 'combustion',
      return_constraint: 'roundtrip_station',
    },
  ]
  const stations = stops.filter((_, i) => i % 2 === 0)
  const loose = ['cargo', 'scooter', 'moped', 'car'] as const
  const middle = placeOf(tt, stops[Math.floor(stops.length / 2)]!)
  const square = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
  ].map(([x, y]) => [middle.lon + x! * 0.01, middle.lat + y! * 0.005])
  const documents = {
    system_information: data({ system_id: 'drawn', name: 'Drawn' }),
    vehicle_types: data({ vehicle_types: types }),
    station_information: data({
      stations: stations.map(s => ({ station_id: `at-${s}`, name: `At ${s}`, ...placeOf(tt, s, 0.0004), capacity: 9 })),
    }),
    station_status: data({
      stations: stations.map((s, i) => ({
        station_id: `at-${s}`,
        is_installed: true,
        is_renting: i % 7 !== 0,
        is_returning: i % 5 !== 0,
        vehicle_types_available: [
          { vehicle_type_id: 'bike', count: i % 4 },
          { vehicle_type_id: 'car', count: i % 2 },
        ],
      })),
    }),
    vehicle_status: data({
      vehicles: stops.map((s, i) => ({
        vehicle_id: `free-${i}`,
        vehicle_type_id: loose[i % loose.length],
        ...placeOf(tt, s, -0.0003),
        current_range_meters: 200 * i,
      })),
    }),
    geofencing_zones: data({
      geofencing_zones: {
        type: 'FeatureCollection',
        features: [
          {
            properties: {
              name: 'quiet',
              rules: [{ ride_start_allowed: true, ride_end_allowed: false, ride_through_allowed: true }],
            },
            geometry: { type: 'MultiPolygon', coordinates: [[square]] },
          },
        ],
      },
    }),
  }
  return [{ name: '', documents }]
}

function lifts({ timetable, streets }: OpenNetwork) {
  const states = ['INACTIVE', 'UNKNOWN', 'ACTIVE'] as const
  return listElevators(timetable, streets)
    .slice(0, 30)
    .map(({ lat, lon }, i) => ({
      equipmentnumber: i + 1,
      type: 'ELEVATOR',
      geocoordX: lon / 1e7,
      geocoordY: lat / 1e7,
      state: states[i % states.length],
    }))
}

const lots = (tt: Timetable, stops: readonly StopIdx[]) =>
  stops
    .filter((_, i) => i % 3 === 0)
    .map((s, i) => ({
      id: `lot-${i}`,
      name: `Lot ${i}`,
      coords: { lat: placeOf(tt, s, 0.0006).lat, lng: placeOf(tt, s, 0.0006).lon },
      free: i % 4,
      total: 10,
      state: ['open', 'closed', 'nodata', 'open'][i % 4],
      ...(i % 3 === 0 && { purpose: 'BIKE' }),
    }))

// ── runs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Run {
  readonly tripId: string
  readonly startDate: string
  readonly routeId: string
  readonly stops: readonly string[]
}

/** Runs that leave some of these stops soon, by the feed's own ids. */
async function runsFrom(app: App, tt: Timetable, stops: readonly StopIdx[], tag: string, now: number): Promise<Run[]> {
  const own = (id: string): string => id.slice(tag.length + 1)
  const found = new Map<string, Run>()
  for (const s of stops) {
    const url = `/api/v6/stoptimes?stopId=${encodeURIComponent(`${tag}_${textOf(tt, tt.stopId[s]!)}`)}&n=6&fetchStops=true`
    const answer = await app.inject(`${url}&time=${new Date((now + 300) * 1000).toISOString()}`)
    for (const { tripId, routeId, place, nextStops = [] } of (answer.json() as StoptimesResponse).stopTimes) {
      const [, startDate, id] = /^(\d{8})_[\d:]+_(.*)$/.exec(tripId)!
      const stops = [place, ...nextStops].map(({ stopId }) => own(stopId!))
      if (stops.length >= 3)
        found.set(tripId, { tripId: own(id!), startDate: startDate!, routeId: own(routeId), stops })
    }
  }
  return [...found.values()]
}

/** Every run has a fate: late, cancelled, without a stop, by another way over stops that are new, or with a twin behind it. */
function drawn(tt: Timetable, runs: readonly Run[], now: number, later: number): Entity[] {
  const located = stopsWithPlace(tt)
  const stop = (stopId: string, at: StopIdx, more: object): Entity =>
    raw({
      id: `stop-${stopId}`,
      stop: { stopId, stopName: { translation: [{ text: `Ersatz ${stopId}` }] }, ...placed(tt, at), ...more },
    })
  const parent = (s: StopIdx) =>
    tt.stopParent[s] === NONE ? {} : { parentStation: textOf(tt, tt.stopId[tt.stopParent[s] as StopIdx]!) }
  const [near, other] = [located[0]!, located.at(-1)!]
  return [
    stop('new', near, parent(near)),
    stop('aside', other, {}),
    // a kilometre from the last stop, where there may be no street
    stop('nowhere', other, { stopLat: placeOf(tt, other, 0.01).lat }),
    ...runs.slice(0, 3).map((run, i) => extra(run, i, now + 300 + later)),
    ...runs.flatMap((run, i): Entity[] => fateOf(run, i, later)),
  ]
}

const placed = (tt: Timetable, s: StopIdx) => {
  const { lat, lon } = placeOf(tt, s, 0.0005)
  return { stopLat: lat, stopLon: lon }
}

/** A run of its own, from a stop of the timetable over two new ones. */
const extra = ({ routeId, startDate, stops }: Run, i: number, from: number): Entity =>
  trip(`extra-${i}`, { routeId, startDate })
    .withId(`extra-${i}`)
    .is('NEW')
    .stop(1, stops[0]!)
    .departure({ time: from })
    .stop(2, i % 2 ? 'new' : 'nowhere')
    .arrival({ time: from + 120 })
    .departure({ time: from + 150 })
    .stop(3, 'aside')
    .arrival({ time: from + 400 })

function fateOf({ tripId, startDate, routeId, stops }: Run, i: number, later: number): Entity[] {
  const told = () => trip(tripId, { startDate, routeId }).withId(`told-${i}`)
  switch (i % 6) {
    case 0:
      return [told().cancelled()]
    case 1:
      return [
        told()
          .stop(stops[1]!)
          .delay(60 * (i % 40) + later),
      ]
    case 2:
      return [
        told()
          .stop(stops[1]!)
          .skipped()
          .stop(stops[2]!)
          .delay(90 + later),
      ]
    case 3:
      return [
        raw({
          id: `detour-${i}`,
          tripModifications: {
            selectedTrips: [{ tripIds: [tripId] }],
            serviceDates: [startDate],
            modifications: [
              {
                startStopSelector: { stopId: stops[1]! },
                endStopSelector: { stopId: stops[1]! },
                replacementStops: [
                  { stopId: i % 2 ? 'new' : 'aside', travelTimeToStop: 120 },
                  { stopId: 'nowhere', travelTimeToStop: 240 },
                ],
                propagatedModificationDelay: 60,
              },
            ],
          },
        }),
      ]
    case 4:
      return [
        told()
          .is('DUPLICATED')
          .becomes({ tripId: `twin-${i}`, startDate, startTime: '12:34:00' })
          .stop(stops[1]!)
          .delay(later),
      ]
    default:
      return [
        told()
          .stop(stops[1]!)
          .delay(-30 + later),
      ]
  }
}
