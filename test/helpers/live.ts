// A hub without sockets: clients that keep what they are sent, in a world whose time the test moves.

import Compile from 'typebox/compile'
import { expect } from 'vitest'
import { type LiveLimits, liveDefaults } from '#api/config.ts'
import { LiveClient } from '#api/live/client.ts'
import { LiveHub } from '#api/live/hub.ts'
import { ChannelMaker } from '#api/live/maker.ts'
import { type DeltaOf, ServerMessage, type SnapOf } from '#api/live/messages.ts'
import type { Kind } from '#api/live/rows/kinds.ts'
import type { Scheduler } from '#api/live/scheduler.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { at, city } from '../api/city.ts'
import { Display } from './board.ts'
import { manualScheduler } from './scheduler.ts'
import { type TestService, testService } from './service.ts'

const isServerMessage = Compile(ServerMessage)

export const hubOf = (
  service: TestService,
  scheduler: Scheduler,
  limits: Partial<LiveLimits> = {},
  onError: (error: unknown) => void = () => {},
): LiveHub => {
  const all = { ...liveDefaults, ...limits }
  return new LiveHub(new ChannelMaker(service, all, scheduler, onError), all, scheduler, onError)
}

/** The city of test/api/city.ts with a hub and both clocks in hand. */
export const world = (hhmm = '10:00', network = city) => {
  const service = testService(network, at(hhmm))
  const scheduler = manualScheduler()
  const errors: unknown[] = []
  const hub = hubOf(service, scheduler, {}, error => errors.push(error))
  const maker = hub.source as ChannelMaker
  return {
    service,
    scheduler,
    hub,
    maker,
    errors,
    /** Lets seconds pass on both clocks. */
    pass(seconds: number) {
      for (let s = 0; s < seconds; s++) {
        service.time = (service.time + 1) as UnixSeconds
        scheduler.advance(1000)
      }
    },
  }
}

export type World = ReturnType<typeof world>

/** What it is sent has to have the documented shape. */
export class Listener<K extends Kind = 'board'> {
  readonly messages: ServerMessage[] = []
  readonly display = new Display()
  waiting = 0
  closed: number | undefined
  readonly client = new LiveClient(
    {
      send: bytes => {
        const message: ServerMessage = JSON.parse(bytes.toString())
        expect(isServerMessage.Check(message), bytes.toString()).toBe(true)
        this.messages.push(message)
        if (message.type === 'snap' || message.type === 'delta') this.display.take(message)
      },
      waiting: () => this.waiting,
      close: code => {
        this.closed = code
      },
    },
    liveDefaults,
  )
  get deltas(): DeltaOf<K>[] {
    return this.messages.filter(m => m.type === 'delta') as DeltaOf<K>[]
  }
  get snaps(): SnapOf<K>[] {
    return this.messages.filter(m => m.type === 'snap') as SnapOf<K>[]
  }
}

/**
 * A client that listens to this channel.
 * @param before what this display still knows from an earlier connection
 */
export function join<K extends Kind = 'board'>({ hub }: World, name: string, before?: Display): Listener<K> {
  const listener = new Listener<K>()
  if (before) Object.assign(listener.display, before)
  hub.add(listener.client)
  hub.subscribe(listener.client, hub.open(name), before && { e: before.epoch, s: before.sequence })
  return listener
}
