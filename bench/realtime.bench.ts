// Realtime: message bytes → decoded → live state → a published horizon. The slow and plain thing beside it is gtfs-realtime-bindings, which
// only decodes.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import bindings from 'gtfs-realtime-bindings'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createMessage } from '#engine/live/message.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { createClock } from '#workers/clock.ts'
import type { NetworkTables } from '#workers/network.ts'
import { Publisher } from '#workers/publisher.ts'
import { tarEntries } from '../test/helpers/tar.ts'
import { count, cpuMs, figure, inTurn, median, quantile, type Row, ratio, repeat } from './harness.ts'

export interface Recording {
  readonly name: string
  readonly tables: NetworkTables
  readonly tag: string
  readonly messages: readonly { readonly time: number; readonly bytes: Uint8Array }[]
}

/** Passes over all messages; the best counts: in the first one the code is still being compiled, on threads of the same process. */
const PASSES = 3

export function realtimeRows({ name, tables, tag, messages }: Recording): Row[] {
  const into = createMessage()
  const { FeedMessage } = bindings.transit_realtime
  const best = { decode: Number.POSITIVE_INFINITY, slow: Number.POSITIVE_INFINITY, publish: Number.POSITIVE_INFINITY }
  let last: Replay = { ms: [], liveLanes: 0, changed: 0 }
  for (let i = 0; i < PASSES; i++) {
    // message by message in turn, so that what else the machine does hits all alike
    const [decode, slow]: [number[], number[]] = [[], []]
    last = replay(tables, tag, messages, bytes => {
      decode.push(cpuMs(() => decodeMessage(bytes, into)))
      slow.push(cpuMs(() => FeedMessage.decode(bytes)))
    })
    best.decode = Math.min(best.decode, median(decode))
    best.slow = Math.min(best.slow, median(slow))
    best.publish = Math.min(best.publish, median(last.ms))
  }
  return [
    figure(`${name}, decode`, best.decode, 'ms of CPU'),
    figure(`${name}, bytes → published: median`, best.publish, 'ms of CPU'),
    figure(`${name}, bytes → published: p99`, quantile(last.ms, 0.99), 'ms of CPU'),
    count(`${name}, lanes in the live block at the end`, last.liveLanes),
    count(`${name}, stops changed by a message`, last.changed / messages.length),
    ratio(`${name}, decode: CPU, bindings' decode = 1,000`, (1000 * best.decode) / best.slow),
    ratio(`${name}, bytes → published: CPU, bindings' decode = 1,000`, (1000 * best.publish) / best.slow),
  ]
}

interface Replay {
  readonly ms: number[]
  readonly liveLanes: number
  readonly changed: number
}

/**
 * Every message through the publisher, as the live thread does it, with the clock at the message's time.
 * @param beside what else is done with each message, outside the time that counts
 */
export function replay(
  tables: NetworkTables,
  tag: string,
  messages: Recording['messages'],
  beside: (bytes: Uint8Array) => void = () => {},
): Replay {
  const { timetable } = tables
  const clock = createClock()
  const goTo = (time: number): void => clock.set(time as UnixSeconds, true)
  goTo(messages[0]!.time)
  const published: number[] = []
  let lanes = 0
  let changed = 0
  const publisher = new Publisher({
    timetable,
    sources: [{ tag, url: 'bench' }],
    clock,
    cut: false,
    firstGeneration: 1,
    publish({ horizon, changedStops }) {
      published.push(horizon.generation)
      lanes = new DataView(horizon.live.buffer).getUint32(LANES_AT, true)
      changed += changedStops.length
    },
  })
  publisher.start()
  changed = 0
  const ms = messages.map(({ time, bytes }) => {
    goTo(time)
    publisher.tick()
    beside(bytes)
    const spent = cpuMs(() => publisher.apply(0, bytes, 0))
    // nobody reads the generations before the newest
    for (const generation of published.splice(0, published.length - 1)) publisher.release(generation)
    return spent
  })
  return { ms, liveLanes: lanes, changed }
}

/** Time and heap of decoding what 2,000 trips of 20 stops make: no producer's file, but the size of one. */
export function decodeRows(): Row[] {
  const bytes = madeMessage(2000)
  const into = createMessage()
  const { FeedMessage } = bindings.transit_realtime
  const [decode, slow] = inTurn(
    60,
    () => decodeMessage(bytes, into),
    () => FeedMessage.decode(bytes),
  )
  const [heap, slowHeap] = [heapOf(() => decodeMessage(bytes, into)), heapOf(() => FeedMessage.decode(bytes))]
  return [
    figure('2,000 trips × 20 stops, decode', decode, 'ms of CPU'),
    figure('2,000 trips × 20 stops, decode: heap', heap / 1024, 'KiB'),
    figure("2,000 trips × 20 stops, decode: heap, bindings' = 1,000", (1000 * heap) / slowHeap, ''),
    ratio("2,000 trips × 20 stops, decode: CPU, bindings' decode = 1,000", (1000 * decode) / slow),
    ...countryRows(),
  ]
}

/** A country's message of which one trip in a hundred is ours: what it costs to pass over the others, and what stays. */
function countryRows(): Row[] {
  const bytes = madeMessage(36_000)
  const into = createMessage()
  // made ids end with the trip's number
  const wanted = (text: Uint8Array, _begin: number, end: number): boolean =>
    text[end - 1] === 0x30 && text[end - 2] === 0x30
  const decode = () => decodeMessage(bytes, into, { wanted })
  const ms = median(repeat(12, decode))
  return [
    figure('a country, 99 % elsewhere: message', bytes.length / 2 ** 20, 'MiB'),
    figure('a country, 99 % elsewhere: decode', ms, 'ms of CPU'),
    figure('a country, 99 % elsewhere: heap', heapOf(decode) / 1024, 'KiB'),
    count('a country, 99 % elsewhere: trips kept', into.updates.length),
  ]
}

/** Bytes of heap and of buffers that one call takes, garbage included: the most of seven, for a collection may come between. */
function heapOf(work: () => void): number {
  return Math.max(
    ...Array.from({ length: 7 }, () => {
      const before = process.memoryUsage()
      work()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external - before.heapUsed - before.external
    }),
  )
}

function madeMessage(trips: number): Uint8Array {
  const timestamp = 1_768_000_000
  const entity = Array.from({ length: trips }, (_, t) => ({
    id: `e${t}`,
    tripUpdate: {
      trip: { tripId: `trip-${100_000 + t}`, startDate: '20260110', routeId: `r${t % 50}`, scheduleRelationship: 0 },
      vehicle: { id: `v${t}` },
      timestamp,
      stopTimeUpdate: Array.from({ length: 20 }, (_, i) => ({
        stopSequence: i + 1,
        stopId: `de:05913:${1000 + ((7 * t + i) % 3000)}`,
        arrival: { time: timestamp + 90 * i + (t % 60), delay: t % 120 },
        departure: { time: timestamp + 90 * i + 20 + (t % 60), delay: t % 120 },
      })),
    },
  }))
  const header = { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp }
  return bindings.transit_realtime.FeedMessage.encode({ header, entity }).finish()
}

// the second count in a live block's header, see engine/core/columns.ts
const LANES_AT = 20

/** A producer's messages, one after the other; the files' names tell when they were fetched. */
export function readRecording(archive: string): Recording['messages'] {
  return tarEntries(gunzipSync(readFileSync(archive)))
    .flatMap(({ name, bytes }) => {
      const time = /tu_(\d+)\.pb$/.exec(name)?.[1]
      return time === undefined ? [] : [{ time: Number(time), bytes }]
    })
    .sort((a, b) => a.time - b.time)
}
