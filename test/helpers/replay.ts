// A recorded city replayed message by message while clients watch its channels, lose their connections and come back: in the end, and after
// every message for those that are quiet, what deltas have made of a client's state must be what a fresh snapshot says.

import assert from 'node:assert/strict'
import { type LiveLimits, liveDefaults } from '#api/config.ts'
import { BOARD_SECONDS } from '#api/live/board.ts'
import { LiveClient } from '#api/live/client.ts'
import { LiveHub } from '#api/live/hub.ts'
import { ChannelMaker } from '#api/live/maker.ts'
import type { ServerMessage } from '#api/live/messages.ts'
import { LONGEST_REST } from '#api/live/topic.ts'
import { publicRouteId, publicStopId, publicTripId } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { RouteIdx, StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { runsBetween } from '#engine/fleet/runs.ts'
import { findStop } from '#engine/timetable/lookup.ts'
import { isExtraTrip } from '#engine/timetable/room.ts'
import type { SharedClock } from '#workers/clock.ts'
import type { RunningService } from '#workers/start.ts'
import { Display } from './board.ts'
import { random } from './random.ts'
import { manualScheduler } from './scheduler.ts'

export interface ReplayFigures {
  readonly channels: number
  readonly messages: number
  readonly deltas: number
  /** Clients that came back, and how many of them got what they missed instead of a snapshot. */
  readonly returned: number
  readonly resumed: number
  /** Added runs that are no more at the end: nobody can join them, and who lost them stays without. */
  readonly gone: number
  /** Channels whose state was compared, and that differed. */
  readonly compared: number
  readonly wrong: readonly string[]
}

interface Watcher extends NamedChannel {
  display: Display
  client: LiveClient | undefined
}

interface NamedChannel {
  readonly name: string
  /** Of a run that the timetable does not have. */
  readonly added: boolean
}

/** @param every of stops and routes only every so many-th is watched */
export async function replayChannels(
  service: RunningService,
  clock: SharedClock,
  messages: readonly { readonly time: UnixSeconds; readonly bytes: Uint8Array }[],
  every: number,
  seed: number,
): Promise<ReplayFigures> {
  const { below, chance } = random(seed)
  const scheduler = manualScheduler()
  const limits: LiveLimits = { ...liveDefaults, deltaMs: 1000 }
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  const hub = new LiveHub(new ChannelMaker(service, limits, scheduler, onError), limits, scheduler, onError)
  const figures = { deltas: 0, returned: 0, resumed: 0, gone: 0, compared: 0 }
  const wrong: string[] = []

  const connect = (watcher: Watcher, back: boolean): void => {
    let first = true
    const client = new LiveClient(
      {
        send(bytes) {
          const message: ServerMessage = JSON.parse(bytes.toString())
          if (message.type !== 'snap' && message.type !== 'delta') return
          if (first && back && message.type === 'delta') figures.resumed++
          first = false
          if (message.type === 'delta') figures.deltas++
          watcher.display.take(message)
        },
        waiting: () => 0,
        close() {},
      },
      limits,
    )
    watcher.client = client
    hub.add(client)
    const { epoch: e, sequence: s } = watcher.display
    const channel = hub.open(watcher.name)
    // nothing missed is a resumption as well
    if (back && channel.since({ e, s })?.length === 0) figures.resumed++
    if (back) figures.returned++
    hub.subscribe(client, channel, back ? { e, s } : undefined)
  }
  /** Is there nothing to join? Only runs that realtime added may have been taken back. */
  const isGone = ({ name, added }: Watcher): boolean => {
    if (!added) return false
    try {
      hub.open(name)
      return false
    } catch (error) {
      if (error instanceof FreifahrtError && error.code === 'UNKNOWN_TRIP') return true
      throw error
    }
  }
  const fresh = (name: string): Display => {
    const watcher: Watcher = { name, added: false, display: new Display(), client: undefined }
    const { deltas } = figures
    connect(watcher, false)
    hub.remove(watcher.client!)
    figures.deltas = deltas
    return watcher.display
  }
  /** What comes into view a day ahead may be a rest late. */
  const near = ({ rows, members }: Display): unknown => {
    const end = clock.now() + BOARD_SECONDS - LONGEST_REST
    const isNear = (row: object): boolean => !('sched' in row) || (row.sched as number) <= end
    return { rows: new Map([...rows].filter(([, row]) => isNear(row))), members: structuredClone(members) }
  }
  const compare = ({ name, display }: Watcher): void => {
    figures.compared++
    try {
      const before = near(display)
      const now = fresh(name)
      assert.deepEqual(before, near(now))
      // joining has the channel read: what came in at the far end is told to all
      assert.deepEqual(display.state, now.state)
    } catch (error) {
      wrong.push(`${name}: ${error instanceof Error ? error.message.slice(0, 300) : error}`)
    }
  }

  // a slow machine must not let time pass between what a client has and what a fresh one gets
  clock.set(messages[0]!.time, true)
  await service.apply(0, messages[0]!.bytes)
  const watchers = channelNames(service, every).map(
    (channel): Watcher => ({ ...channel, display: new Display(), client: undefined }),
  )
  for (const watcher of watchers) connect(watcher, false)
  for (const { time, bytes } of messages.slice(1)) {
    // recordings have holes of hours; a client's clock goes on meanwhile
    const passed = Math.min(40, Math.max(1, time - clock.now()))
    clock.set(time, true)
    assert.equal(await service.apply(0, bytes), undefined)
    await service.tick()
    scheduler.advance(passed * 1000)
    for (const watcher of watchers) {
      if (watcher.client && chance(0.1)) {
        hub.remove(watcher.client)
        watcher.client = undefined
      } else if (!watcher.client && chance(0.3) && !isGone(watcher)) connect(watcher, true)
    }
    const some = watchers[below(watchers.length)]!
    scheduler.advance(1500)
    if (some.client) compare(some)
  }
  const left = watchers.filter(watcher => watcher.client || !isGone(watcher))
  figures.gone = watchers.length - left.length
  for (const watcher of left) if (!watcher.client) connect(watcher, true)
  scheduler.advance(3000)
  for (const watcher of left) compare(watcher)
  hub.close()
  assert.deepEqual(errors, [])
  return { channels: watchers.length, messages: messages.length, ...figures, wrong }
}

/** Every so many-th stop and route, the runs under way, and one each of what there is only one of. */
function channelNames(service: RunningService, every: number): NamedChannel[] {
  const { timetable: tt, horizon, clock } = service
  const [west, south, east, north] = service.bounds
  const tag = service.sources()[0]!.tag
  const names = [`alerts:${tag}`, `feed:${tag}`, `fleet:${tag}`, `fleet:${west},${south},${east},${north}`]
  for (let s = 0; s < tt.counts.stops; s += every) {
    const id = publicStopId(tt, s as StopIdx)
    // room for stops that realtime adds has no id
    if (findStop(service.lookup, id) !== undefined) names.push(`stop:${id}`)
  }
  for (let r = 0; r < tt.counts.routes; r += every) names.push(`route:${publicRouteId(tt, r as RouteIdx)}`)
  const runs = runsBetween(horizon, clock.now(), (clock.now() + 3600) as UnixSeconds)
  return [
    ...names.map(name => ({ name, added: false })),
    ...runs
      .filter((_, i) => i % every === 0)
      .map(({ trip, day, shift }) => ({
        name: `trip:${publicTripId(tt, trip, day, shift)}`,
        added: isExtraTrip(tt, trip),
      })),
  ]
}
