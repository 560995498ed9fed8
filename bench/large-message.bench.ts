// A message as large as a big city's: 2,000 trips × 20 stops of the timetable itself, every one of them later than in the message before.
// First what it costs through the publisher alone; then into a running server on which boards are watched: how long its event loop is away.

import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import bindings from 'gtfs-realtime-bindings'
import { WebSocket } from 'ws'
import { liveDefaults } from '#api/config.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { publicStopId } from '#api/render/texts.ts'
import { startServer } from '#api/server.ts'
import type { StopIdx, TripIdx, ZoneIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { createMessage } from '#engine/live/message.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import { dayStart, patternLength, runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { createClock } from '#workers/clock.ts'
import type { NetworkTables } from '#workers/network.ts'
import { startService } from '#workers/start.ts'
import { openNetworkOf } from '../test/helpers/open-network.ts'
import { cpuMs, figure, median, type Row } from './harness.ts'
import { replay } from './realtime.bench.ts'

const TRIPS = 2000
const STOPS = 20
/** Messages, the first of which warm the code up. */
const MESSAGES = 16
const WARM = 6
/** Seconds of the city, and milliseconds of ours, from one to the next. */
const EVERY = 15
const PAUSE_MS = 300
/** Boards that are watched beside it. */
const BOARDS = 60

export async function largeMessageRows(tag: string, tables: NetworkTables): Promise<Row[]> {
  const { timetable: tt } = tables
  const { day, trips } = busyTrips(tt)
  const start = dayStart(tt, 0 as ZoneIdx, day) + 12 * 3600
  const messages = Array.from({ length: MESSAGES }, (_, i) => {
    const time = start + EVERY * i
    return { time, bytes: messageOf(tt, trips, day, time, 60 + 7 * i) }
  })
  const into = createMessage()
  const decode: number[] = []
  const { ms } = replay(tables, tag, messages, bytes => decode.push(cpuMs(() => decodeMessage(bytes, into))))
  const decoded = ms.map((all, i) => all - decode[i]!)
  return [
    figure(`${tag}, ${TRIPS} trips × ${STOPS} stops: message`, messages[0]!.bytes.length / 2 ** 20, 'MiB'),
    figure(`${tag}, ${TRIPS} trips × ${STOPS} stops: bytes → published`, median(ms.slice(WARM)), 'ms of CPU'),
    figure(`${tag}, the same: decoded → published`, median(decoded.slice(WARM)), 'ms of CPU'),
    ...(await besideRows(tag, tables, messages)),
  ]
}

/** Two thousand trips of one day that are under way around noon and have stops enough. */
function busyTrips(tt: Timetable): { day: ServiceDay; trips: TripIdx[] } {
  // a Wednesday in the middle of the timetable
  const middle = tt.counts.firstDay + (tt.counts.days >> 1)
  const day = (middle - ((middle + 1) % 7)) as ServiceDay
  const trips: TripIdx[] = []
  for (let t = 0; t < tt.counts.trips; t++) {
    const trip = t as TripIdx
    if (patternLength(tt, tt.tripPattern[trip]) >= STOPS && runsOn(tt, tt.tripService[trip], day)) trips.push(trip)
  }
  const noon = 12 * 3600
  trips.sort((a, b) => Math.abs(tt.tripStart[a]! - noon) - Math.abs(tt.tripStart[b]! - noon))
  if (trips.length < TRIPS) throw new Error(`only ${trips.length} trips of ${STOPS} stops run on ${formatDate(day)}`)
  return { day, trips: trips.slice(0, TRIPS) }
}

function messageOf(tt: Timetable, trips: readonly TripIdx[], day: ServiceDay, time: number, delay: number): Uint8Array {
  const begin = dayStart(tt, 0 as ZoneIdx, day)
  const entity = trips.map(trip => {
    const [profile, pattern] = [tt.tripProfile[trip]!, tt.tripPattern[trip]]
    const at = (i: number): number => begin + tt.tripStart[trip]! + tt.profileTimes[profile + i]! + delay + (trip % 60)
    return {
      id: `e${trip}`,
      tripUpdate: {
        trip: { tripId: textOf(tt, tt.tripId[trip]!), startDate: formatDate(day) },
        timestamp: time,
        stopTimeUpdate: Array.from({ length: STOPS }, (_, i) => ({
          stopSequence: tt.sequences[tt.tripSequences[trip]! + i]!,
          stopId: textOf(tt, tt.stopId[(tt.slots[tt.slotBegin[pattern]! + i]! >>> 2) as StopIdx]!),
          arrival: { time: at(2 * i) },
          departure: { time: at(2 * i + 1) },
        })),
      },
    }
  })
  const header = { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp: time }
  return bindings.transit_realtime.FeedMessage.encode({ header, entity }).finish()
}

/** The same messages into a running server: how long its event loop is away, at rest and while it takes them. */
async function besideRows(
  tag: string,
  tables: NetworkTables,
  messages: readonly { readonly time: number; readonly bytes: Uint8Array }[],
): Promise<Row[]> {
  const network = openNetworkOf({ tt: tables.timetable, footpaths: tables.footpaths })
  const clock = createClock(messages[0]!.time as UnixSeconds)
  clock.set(messages[0]!.time as UnixSeconds, true)
  const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
  const service = await startService({ network, clock, sources: [{ tag, url: 'bench' }], planWorker, threads: 1 })
  const server = await startServer(service, { port: 0, live: liveDefaults })
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  try {
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'hello' }))
    for (const [id, stop] of busiestStops(tables.timetable).entries())
      socket.send(JSON.stringify({ type: 'sub', id, ch: `stop:${stop}` }))
    await sleep(1500)
    const away = monitorEventLoopDelay({ resolution: 1 })
    away.enable()
    for (const { time, bytes } of messages) {
      clock.set(time as UnixSeconds, true)
      await service.apply(0, bytes)
      await sleep(PAUSE_MS)
    }
    away.disable()
    return [
      figure(`${tag}, the same: the server's event loop away meanwhile, p99.9`, away.percentile(99.9) / 1e6, 'ms'),
      figure(`${tag}, the same: the server's event loop away meanwhile, longest`, away.max / 1e6, 'ms'),
    ]
  } finally {
    socket.terminate()
    await server.close()
    await service.close()
  }
}

function busiestStops(tt: Timetable): string[] {
  const { departures } = buildLookup(tt)
  const stops = Array.from(departures.keys()).sort((a, b) => departures[b]! - departures[a]!)
  return stops.slice(0, BOARDS).map(stop => publicStopId(tt, stop as StopIdx))
}
