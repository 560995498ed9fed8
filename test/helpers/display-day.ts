// A day at a station with lines that come often, seldom and at night, late by chance; and the server's own live part on a clock that the
// test moves, joined to the pages' live client without a socket.

import { liveDefaults } from '#api/config.ts'
import { LiveClient } from '#api/live/client.ts'
import { LiveHub } from '#api/live/hub.ts'
import { ChannelMaker } from '#api/live/maker.ts'
import type { ClientMessage } from '#api/live/messages.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { parseDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { dayStart } from '#engine/timetable/timetable.ts'
import type { LiveSocket, LiveWorld } from '../../web/shared/live.ts'
import { type ChangedRun, liveState, plannedRun } from './horizon.ts'
import { random as randomOf } from './random.ts'
import { manualScheduler } from './scheduler.ts'
import { testService } from './service.ts'
import { timetable } from './timetable.ts'

export const STATION = 'Hbf'
export const BEGIN = (parseDate('20260110')! * 86_400 + 4 * 3600) as UnixSeconds

const network = timetable(dayLines(), { change: 60, range: ['20260109', '20260114'] })

/** Two frequent lines, one by the hour, and a night bus beyond midnight. */
function dayLines(): string {
  const lines = ['station Hbf: H1 H2']
  const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  const trip = (name: string, from: string, at: string, to: string, start: number) =>
    lines.push(
      `${name}   ${from} ${clock(start)}   ${at} ${clock(start + 9)}/${clock(start + 10)}   ${to} ${clock(start + 25)}   [headsign=${to}]`,
    )
  for (let start = 4 * 60; start < 25 * 60; start += 12) trip('U42', 'A', 'H1', 'C', start)
  for (let start = 5 * 60 + 3; start < 24 * 60; start += 10) trip('U46', 'B', 'H2', 'D', start)
  for (let start = 5 * 60 + 17; start < 23 * 60; start += 60) trip('S1', 'E', 'H1', 'F', start)
  for (let start = 24 * 60 + 30; start < 29 * 60; start += 75) trip('NE2', 'G', 'H2', 'J', start)
  return lines.join('\n')
}

export function displayDay(seed: number) {
  const service = testService(network, BEGIN)
  const scheduler = manualScheduler()
  const errors: unknown[] = []
  const hub = new LiveHub(
    new ChannelMaker(service, liveDefaults, scheduler, error => errors.push(error)),
    liveDefaults,
    scheduler,
    error => errors.push(error),
  )
  const random = randomOf(seed)
  const { tt } = network
  const sockets = new Set<LiveSocket>()
  let reachable = true

  /** What the vehicles around now say: most are late, some early, a few called off. */
  function newTrouble(): void {
    const changed: ChangedRun[] = []
    for (const day of [0, 1].map(back => (Math.floor(service.time / 86_400) - back) as ServiceDay)) {
      if (day < tt.counts.firstDay) continue
      const since = service.time - dayStart(tt, 0 as never, day)
      for (let trip = 0; trip < tt.counts.trips; trip++) {
        const start = tt.tripStart[trip]!
        if (start < since - 3000 || start > since + 1800) continue
        const state = trip % 17 === 0 ? RunState.cancelled : RunState.running
        const run: ChangedRun = { ...plannedRun(tt, trip as TripIdx, day), state }
        const late = random.below(31) * random.below(31) - 60
        for (const call of state === RunState.cancelled ? [] : run.calls) {
          call.arrival += late
          call.departure += late
        }
        changed.push(run)
      }
    }
    service.publish(liveState(changed))
  }

  const world: LiveWorld = {
    open() {
      const socket: LiveSocket = { onopen: null, onmessage: null, onclose: null, send: () => {}, close: () => {} }
      scheduler.after(5, () => (reachable ? accept(socket) : socket.onclose?.()))
      return socket
    },
    after: (seconds, action) => scheduler.after(seconds * 1000, action),
    monotonic: () => scheduler.now() / 1000,
    wall: () => service.time - 3600, // the device is an hour slow
    random: () => random.below(1000) / 1000,
  }

  function accept(socket: LiveSocket): void {
    const client = new LiveClient(
      {
        send: bytes => reachable && sockets.has(socket) && socket.onmessage?.({ data: bytes.toString() }),
        waiting: () => 0,
        close: () => socket.onclose?.(),
      } as ConstructorParameters<typeof LiveClient>[0],
      liveDefaults,
    )
    sockets.add(socket)
    socket.close = () => {
      sockets.delete(socket)
      hub.remove(client)
    }
    socket.send = text => {
      const message: ClientMessage = JSON.parse(text)
      if (message.type === 'hello') {
        hub.add(client)
        client.tell({
          type: 'welcome',
          v: 1,
          serverTime: service.clock.now(),
          hb: liveDefaults.heartbeatMs / 1000,
          limits: { maxPayload: 1, maxSubscriptions: 1, messagesPerSecond: 1, boardRows: 1, boardSeconds: 1 },
        })
      } else if (message.type === 'sub') {
        const channel = hub.open(message.ch)
        if (channel.name !== message.ch) client.tell({ type: 'ok', ref: message.id, ch: channel.name })
        hub.subscribe(client, channel, message.resume)
      } else if (message.type === 'resync') {
        for (const channel of client.channels) if (channel.name === message.ch) hub.resync(client, channel)
      }
    }
    socket.onopen?.()
  }

  return {
    service,
    scheduler,
    world,
    errors,
    newTrouble,
    /** Lets seconds pass, one by one, for server and display. */
    pass(seconds: number): void {
      for (let s = 0; s < seconds; s++) {
        service.time = (service.time + 1) as UnixSeconds
        scheduler.advance(1000)
      }
    },
    /** The network between them. */
    set reachable(now: boolean) {
      reachable = now
      if (!now) for (const socket of [...sockets]) socket.onclose?.()
    },
    get reachable() {
      return reachable
    },
  }
}
