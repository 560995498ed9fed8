import bindings from 'gtfs-realtime-bindings'
import { describe, expect, test } from 'vitest'
import { parseDate, type UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import { createLiveStore } from '#engine/live/store.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { createBikeShare } from '#feeds/demo/bikes.ts'
import { buildCity } from '#feeds/demo/city.ts'
import { demoGtfs } from '#feeds/demo/gtfs.ts'
import { buildTrips } from '#feeds/demo/schedule.ts'
import { serveSimulator } from '#feeds/demo/serve.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { disruptionOf } from '#feeds/demo/trouble.ts'
import { fetchGbfs } from '#feeds/gbfs/fetch.ts'
import { readSystem } from '#feeds/gbfs/read.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'

const { Alert, FeedMessage, TripDescriptor, TripUpdate } = bindings.transit_realtime
type Message = bindings.transit_realtime.FeedMessage
type Update = bindings.transit_realtime.ITripUpdate
const { SKIPPED, NO_DATA } = TripUpdate.StopTimeUpdate.ScheduleRelationship

const seed = 7
const city = buildCity()
const simulator = createSimulator({ seed, city })
const at = (iso: string): number => Date.parse(iso) / 1000
const decode = (time: number): Message => FeedMessage.decode(simulator.messageAt(time))
// a Thursday's rush hour, its evening, the night after it, and a Sunday; +01:00 is Dortmund's winter
const MOMENTS = [
  '2026-01-08T07:40:00+01:00',
  '2026-01-08T21:05:13+01:00',
  '2026-01-09T02:17:45+01:00',
  '2026-01-11T11:00:00+01:00',
].map(at)

const updatesOf = (message: Message): Update[] => message.entity.flatMap(e => e.tripUpdate ?? [])
const seconds = (time: unknown): number => Number(time)

describe('a message', () => {
  test('is the same bytes for the same second, whatever was asked before', () => {
    const before = simulator.messageAt(MOMENTS[0]!)
    for (const moment of MOMENTS) simulator.messageAt(moment)
    const same = (bytes: Uint8Array): boolean => Buffer.from(bytes).equals(before)
    expect(same(simulator.messageAt(MOMENTS[0]! + 0.9))).toBe(true)
    expect(same(createSimulator({ seed }).messageAt(MOMENTS[0]!))).toBe(true)
    expect(same(createSimulator({ seed: seed + 1 }).messageAt(MOMENTS[0]!))).toBe(false)
  })

  test('is valid: FULL_DATASET, entity ids and vehicle ids of their own, times never running back', () => {
    for (const moment of MOMENTS) {
      const message = decode(moment)
      expect(seconds(message.header.timestamp)).toBe(moment)
      expect(message.header.incrementality).toBe(0)
      expect(new Set(message.entity.map(e => e.id)).size).toBe(message.entity.length)
      const vehicles = message.entity.flatMap(e => e.vehicle?.vehicle?.id ?? [])
      expect(new Set(vehicles).size).toBe(vehicles.length)
      for (const update of updatesOf(message)) {
        const times = (update.stopTimeUpdate ?? [])
          .flatMap(s => [s.arrival, s.departure])
          .flatMap(e => (e ? seconds(e.time) : []))
        expect(times, update.trip.tripId!).toEqual(times.toSorted((a, b) => a - b))
      }
    }
  })

  test('matches the timetable: every trip, every stop, no warning', async () => {
    const files = demoGtfs({ from: parseDate('20260107')!, days: 7 }, city)
    const { timetable } = await loadGtfs([{ tag: 'demo', source: sourceOf(files) }])
    const store = createLiveStore(makeRoom(timetable), [{ tag: 'demo', url: '' }])
    for (const moment of MOMENTS) {
      const result = applyMessage(store, 0, decodeMessage(simulator.messageAt(moment)), moment as UnixSeconds)
      const status = result.state.sources[0]!
      expect(result.refused).toBeUndefined()
      expect(status.tripUpdates).toBeGreaterThan(20)
      expect(status.matched).toBe(status.tripUpdates)
      expect(status.rejected).toEqual({})
      expect(status.warnings).toEqual({})
      expect(result.state.vehicles.every(v => v.trip !== undefined && v.slot !== undefined)).toBe(true)
      expect(result.state.alerts.length).toBe(status.alerts)
    }
  })
})

describe('as time goes by', () => {
  test('predictions move smoothly, and what has happened stays', () => {
    const start = MOMENTS[0]!
    const jumps: string[] = []
    let before = departuresAt(start)
    for (let now = start + 5; now <= start + 300; now += 5) {
      const after = departuresAt(now)
      for (const [stop, time] of after) {
        const was = before.get(stop) ?? time
        if (Math.abs(time - was) > 30) jumps.push(`${stop}: ${was} → ${time}`)
        if (was < now - 5 && time !== was) jumps.push(`${stop} rewrites the past: ${was} → ${time} at ${now}`)
      }
      before = after
    }
    expect(before.size).toBeGreaterThan(1000)
    expect(jumps).toEqual([])
  })

  test('vehicles stay on their way: less than 30 m a second from where they were', () => {
    const positions = (time: number): Map<string, { lat: number; lon: number }> =>
      new Map(
        decode(time).entity.flatMap(e =>
          e.vehicle
            ? [
                [
                  e.vehicle.trip!.tripId!,
                  { lat: e.vehicle.position!.latitude, lon: e.vehicle.position!.longitude },
                ] as const,
              ]
            : [],
        ),
      )
    const before = positions(MOMENTS[0]!)
    const after = positions(MOMENTS[0]! + 10)
    expect(before.size).toBeGreaterThan(40)
    let moved = 0
    for (const [trip, { lat, lon }] of after) {
      const was = before.get(trip)
      if (!was) continue
      const metres = Math.hypot((lat - was.lat) * 111_195, (lon - was.lon) * 69_200)
      expect(metres, trip).toBeLessThan(300)
      if (metres > 5) moved++
    }
    expect(moved).toBeGreaterThan(before.size / 3)
  })

  test('everything that can go wrong does, within a day', () => {
    const kinds = { cancelled: 0, skipped: 0, noData: 0, assigned: 0, late: 0, trips: 0, added: 0, carriages: 0 }
    for (let hour = 5; hour < 24; hour++) {
      const message = decode(at('2026-01-08T00:10:00+01:00') + hour * 3600)
      kinds.carriages += message.entity.filter(e => e.vehicle?.multiCarriageDetails?.length === 4).length
      for (const update of updatesOf(message)) {
        const stops = update.stopTimeUpdate ?? []
        kinds.trips++
        if (update.trip.scheduleRelationship === TripDescriptor.ScheduleRelationship.CANCELED) kinds.cancelled++
        if (update.trip.scheduleRelationship === TripDescriptor.ScheduleRelationship.NEW) kinds.added++
        if (stops.some(s => s.scheduleRelationship === SKIPPED)) kinds.skipped++
        if (stops.some(s => s.scheduleRelationship === NO_DATA)) kinds.noData++
        if (stops.some(s => s.stopTimeProperties?.assignedStopId)) kinds.assigned++
      }
    }
    // 2 % are cancelled, known on average half an hour ahead; the others are rarer at any moment
    expect(kinds.cancelled / kinds.trips).toBeGreaterThan(0.005)
    expect(kinds.cancelled / kinds.trips).toBeLessThan(0.04)
    expect(kinds.skipped).toBeGreaterThan(0)
    expect(kinds.noData).toBeGreaterThan(0)
    expect(kinds.assigned).toBeGreaterThan(0)
    expect(kinds.added).toBeGreaterThan(10)
    expect(kinds.carriages).toBeGreaterThan(50)
  })

  test('a platform is only changed within its station', () => {
    const station = new Map(city.stations.flatMap(s => s.platforms.map(p => [p.id, s.id])))
    const trips = new Map(city.patterns.map(p => [`${p.line.name}-${p.direction === 0 ? 'a' : 'b'}`, p]))
    let changes = 0
    for (const update of MOMENTS.flatMap(moment => updatesOf(decode(moment)))) {
      const [line, , rest] = update.trip.tripId!.split('-')
      for (const stop of update.stopTimeUpdate ?? []) {
        const assigned = stop.stopTimeProperties?.assignedStopId
        if (!assigned) continue
        const planned = trips.get(`${line}-${rest![0]}`)!.platforms[stop.stopSequence! - 1]!
        expect(station.get(assigned)).toBe(planned.station.id)
        expect(assigned).not.toBe(planned.id)
        changes++
      }
    }
    expect(changes).toBeGreaterThan(0)
  })

  test('there is always a lift out of order, told in German and English', () => {
    for (const moment of MOMENTS) {
      const alerts = decode(moment).entity.flatMap(e => e.alert ?? [])
      const lift = alerts.find(a => a.effect === Alert.Effect.ACCESSIBILITY_ISSUE)!
      const [period] = lift.activePeriod!
      expect(seconds(period!.start)).toBeLessThanOrEqual(moment)
      expect(seconds(period!.end)).toBeGreaterThan(moment)
      expect(lift.headerText!.translation!.map(t => t.language)).toEqual(['de', 'en'])
    }
  })

  test('a line is late while its signals fail, and an alert says so', () => {
    const thursday = parseDate('20260108')!
    const lines = city.lines.filter(line => line.track === 'I' || line.track === 'II' || line.track === 'III')
    const line = lines.find(candidate => disruptionOf(seed, candidate, thursday))!
    const { from, to, height } = disruptionOf(seed, line, thursday)!
    const day = at('2026-01-08T00:00:00+01:00')
    const told = (time: number): boolean =>
      decode(time).entity.some(
        ({ alert }) =>
          alert?.effect === Alert.Effect.SIGNIFICANT_DELAYS && alert.informedEntity?.[0]?.routeId === line.name,
      )
    expect([told(day + from - 1), told(day + from), told(day + to - 1), told(day + to)]).toEqual([
      false,
      true,
      true,
      false,
    ])

    // half-way through, the latest of the line's vehicles has lost at least most of what the failure costs
    const planned = new Map(
      buildTrips(city).flatMap(({ id, start, pattern }) =>
        [...pattern.departures].map((departure, i): [string, number] => [`${id}/${i + 1}`, day + start + departure]),
      ),
    )
    const worst = day + (from + to) / 2
    const delays = [...departuresAt(worst)]
      .filter(([stop, time]) => stop.startsWith(`${line.name}-we-`) && time <= worst && time > worst - 600)
      .map(([stop, time]) => time - planned.get(stop)!)
    expect(Math.max(...delays)).toBeGreaterThan(0.7 * height)
  })
})

/** `trip/stop_sequence` → predicted or recorded departure. */
function departuresAt(time: number): Map<string, number> {
  const departures = new Map<string, number>()
  for (const { trip, stopTimeUpdate } of updatesOf(decode(time))) {
    for (const { stopSequence, departure } of stopTimeUpdate ?? []) {
      if (departure) departures.set(`${trip.tripId}/${stopSequence}`, seconds(departure.time))
    }
  }
  return departures
}

test('served like by a producer: ETag, Last-Modified, 304, one part at a time', async () => {
  let now = MOMENTS[0]!
  const server = await serveSimulator({ simulator, bikes: createBikeShare(city, seed), clock: () => now })
  try {
    const url = `${server.url}/gtfs-rt.pb`
    const first = await fetch(url)
    expect(first.headers.get('content-type')).toBe('application/x-protobuf')
    expect(first.headers.get('last-modified')).toBe('Thu, 08 Jan 2026 06:40:00 GMT')
    expect(Buffer.from(await first.arrayBuffer()).equals(simulator.messageAt(now))).toBe(true)

    const etag = first.headers.get('etag')!
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const unmodified = { 'if-modified-since': first.headers.get('last-modified')! }
    expect((await fetch(url, { headers: unmodified })).status).toBe(304)
    now += 1
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(200)
    expect((await fetch(url, { headers: unmodified })).status).toBe(200)

    const alerts = FeedMessage.decode(new Uint8Array(await (await fetch(`${server.url}/alerts.pb`)).arrayBuffer()))
    expect(alerts.entity.length).toBeGreaterThan(0)
    expect(alerts.entity.every(e => e.alert && !e.tripUpdate && !e.vehicle)).toBe(true)
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404)

    const bikes = `${server.url}/gbfs/gbfs.json`
    const discovery = await fetch(bikes)
    expect(discovery.headers.get('content-type')).toBe('application/json')
    const tag = discovery.headers.get('etag')!
    expect((await fetch(bikes, { headers: { 'if-none-match': tag } })).status).toBe(304)
    expect((await fetch(`${server.url}/gbfs/nothing.json`)).status).toBe(404)
    // every document that the first one names is there
    const [system] = await fetchGbfs(bikes, { allowHosts: [] })
    expect(readSystem(system!.documents, { tag: 'demo', group: 'demo' }, now).system.stations.length).toBeGreaterThan(
      10,
    )
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  } finally {
    await server.close()
  }
})
