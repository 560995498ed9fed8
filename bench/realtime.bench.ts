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
import { count, cpuMs, figure, median, quantile, type Row, ratio, repeat } from './harness.ts'

export interface Recording {
  readonly name: string
  readonly tables: NetworkTables
  readonly tag: string
  readonly messages: readonly { readonly time: number; readonly bytes: Uint8Array }[]
}

export function realtimeRows({ name, tables, tag, messages }: Recording): Row[] {
  const into = createMessage()
  const at = (i: number): Uint8Array => messages[i % messages.length]!.bytes
  const decode = median(repeat(60, i => decodeMessage(at(i), into)))
  const slow = median(repeat(30, i => bindings.transit_realtime.FeedMessage.decode(at(i))))
  const { ms, liveLanes, changed } = replay(tables, tag, messages)
  return [
    figure(`${name}, decode`, decode, 'ms of CPU'),
    figure(`${name}, bytes → published: median`, median(ms), 'ms of CPU'),
    figure(`${name}, bytes → published: p99`, quantile(ms, 0.99), 'ms of CPU'),
    count(`${name}, lanes in the live block at the end`, liveLanes),
    count(`${name}, stops changed by a message`, changed / messages.length),
    ratio(`${name}, decode: CPU, bindings' decode = 1,000`, (1000 * decode) / slow),
    ratio(`${name}, bytes → published: CPU, bindings' decode = 1,000`, (1000 * median(ms)) / slow),
  ]
}

/** Every message through the publisher, as the live thread does it, with the clock at the message's time. */
function replay(
  tables: NetworkTables,
  tag: string,
  messages: Recording['messages'],
): { ms: number[]; liveLanes: number; changed: number } {
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
    const spent = cpuMs(() => publisher.apply(0, bytes, 0))
    // nobody reads the generations before the newest
    for (const generation of published.splice(0, published.length - 1)) publisher.release(generation)
    return spent
  })
  return { ms, liveLanes: lanes, changed }
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
