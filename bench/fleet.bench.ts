// A large fleet that tells its positions every second: 5,000 vehicles on runs of the demo city, each message a second further along. Whoever
// watches sees all of them, and sixteen more a part of the map. CPU is that of all threads; at one message a second 1,000 ms would be a core.

import bindings from 'gtfs-realtime-bindings'
import { liveDefaults } from '#api/config.ts'
import { LiveClient } from '#api/live/client.ts'
import { LiveHub } from '#api/live/hub.ts'
import { ChannelMaker } from '#api/live/maker.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { E7 } from '#engine/core/geo.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { DAY, formatDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { patternLength, runsOn, slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import { startService } from '#workers/start.ts'
import { figure, median, quantile, type Row, spentSince } from './harness.ts'
import { type DemoBench, NOW } from './subjects.ts'

const VEHICLES = 5000
const MESSAGES = 20
const WARM = 5

export async function fleetRows({ network, clock }: DemoBench): Promise<Row[]> {
  const { timetable } = network
  const trips = tripsFrom(timetable, Math.floor(NOW / DAY) as ServiceDay)
  const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
  const service = await startService({
    network,
    clock,
    sources: [{ tag: 'demo', url: 'bench' }],
    planWorker,
    threads: 1,
  })
  // as soon as it can: the pace is the bench's own
  const limits = { ...liveDefaults, fastDeltaMs: 0 }
  const fail = (error: unknown): never => {
    throw error
  }
  const hub = new LiveHub(new ChannelMaker(service, limits, systemScheduler, fail), limits, systemScheduler, fail)
  let arrived = (): void => {}
  const [west, south, east, north] = service.bounds
  const [width, height] = [(east - west) / 4, (north - south) / 4]
  const boxes = Array.from({ length: 16 }, (_, i) => {
    const [w, s] = [west + (i % 4) * width, south + (i >> 2) * height]
    return `fleet:${w},${s},${w + width},${s + height}`
  })
  for (const name of [...boxes, 'fleet:demo']) {
    const client = new LiveClient(
      { send: () => name === 'fleet:demo' && arrived(), waiting: () => 0, close() {} },
      limits,
    )
    hub.add(client)
    hub.subscribe(client, hub.open(name))
  }
  try {
    const cpu: number[] = []
    const ms: number[] = []
    for (let n = 0; n < MESSAGES; n++) {
      const bytes = positionsAt(timetable, trips, NOW + n)
      clock.set((NOW + n) as UnixSeconds, true)
      const told = new Promise<void>(resolve => {
        arrived = resolve
      })
      const [begun, spent] = [performance.now(), process.cpuUsage()]
      await service.apply(0, bytes)
      await told
      ms.push(performance.now() - begun)
      cpu.push(spentSince(spent))
    }
    const size = positionsAt(timetable, trips, NOW).length / 1024
    return [
      figure(`${VEHICLES} vehicles: message`, size, 'KiB'),
      figure(
        `${VEHICLES} vehicles at 1 Hz: CPU, all watched once and in 16 parts`,
        median(cpu.slice(WARM)),
        'ms a second',
      ),
      figure(`${VEHICLES} vehicles: bytes → delta of all, median`, median(ms.slice(WARM)), 'ms'),
      figure(`${VEHICLES} vehicles: bytes → delta of all, p99`, quantile(ms.slice(WARM), 0.99), 'ms'),
    ]
  } finally {
    hub.close()
    await service.close()
  }
}

/** Of this day and, since a day of the demo city has less, of those that follow. */
function tripsFrom(tt: Timetable, first: ServiceDay): readonly { trip: TripIdx; day: ServiceDay }[] {
  const trips: { trip: TripIdx; day: ServiceDay }[] = []
  for (let day = first; trips.length < VEHICLES; day++)
    for (let t = 0; t < tt.counts.trips && trips.length < VEHICLES; t++) {
      const trip = t as TripIdx
      if (runsOn(tt, tt.tripService[trip], day)) trips.push({ trip, day })
    }
  return trips
}

/** Every vehicle somewhere between two stops of its trip, a hundredth of the way further each second. */
function positionsAt(tt: Timetable, trips: ReturnType<typeof tripsFrom>, time: number): Uint8Array {
  const entity = trips.map(({ trip, day }, v) => {
    const pattern = tt.tripPattern[trip]
    const place = (v + time) % (100 * (patternLength(tt, pattern) - 1))
    const [slot, part] = [Math.floor(place / 100), (place % 100) / 100]
    const at = tt.slotBegin[pattern]! + slot
    const [from, to] = [slotStop(tt.slots[at]!), slotStop(tt.slots[at + 1]!)]
    const between = (column: ArrayLike<number>): number => (column[from]! + (column[to]! - column[from]!) * part) / E7
    return {
      id: `e${v}`,
      vehicle: {
        trip: { tripId: textOf(tt, tt.tripId[trip]!), startDate: formatDate(day) },
        vehicle: { id: `v${v}`, label: String(1000 + v) },
        position: { latitude: between(tt.stopLat), longitude: between(tt.stopLon), bearing: v % 360, speed: 10 },
        currentStopSequence: tt.sequences[tt.tripSequences[trip]! + slot + 1]!,
        timestamp: time,
      },
    }
  })
  const header = { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp: time }
  return bindings.transit_realtime.FeedMessage.encode({ header, entity }).finish()
}
