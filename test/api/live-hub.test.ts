import { expect, test } from 'vitest'
import { liveDefaults } from '#api/config.ts'
import { LiveClient } from '#api/live/client.ts'
import type { LiveHub } from '#api/live/hub.ts'
import { Slices } from '#api/live/slices.ts'
import type { Subject } from '#api/live/subject.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import { Display } from '../helpers/board.ts'
import { type ChangedRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { hubOf, join, Listener, world } from '../helpers/live.ts'
import { at, city } from './city.ts'

type Board = ReturnType<LiveHub['open']>

const late = (seconds: number, trip = 'S1'): ChangedRun => {
  const run = plannedRun(city.tt, city.trip(trip), (city.day + 1) as ServiceDay)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return run
}

test('L1, L3: snapshot first, then a delta for what changed, at once', () => {
  const w = world()
  const listener = join(w, 'stop:test_H1')
  expect(listener.snaps[0]!.rows.map(row => row.line)).toEqual(['S1', 'U2', 'S1', 'U2', 'S1'])
  expect(listener.snaps[0]!.stop).toMatchObject({ id: 'test_H1', name: 'Hbf' })
  w.service.publish(liveState([late(60)]))
  expect(listener.deltas).toHaveLength(1)
  expect(listener.deltas[0]).toMatchObject({ p: 0, s: 1, rm: [], up: [{ line: 'S1', delay: 60 }] })
})

test('only channels whose stops changed are read again', () => {
  const w = world()
  const [hbf, d] = [join(w, 'stop:test_Hbf'), join(w, 'stop:test_D')]
  w.service.publish(liveState([late(60), late(60, 'U2')]), [city.stop('H1'), city.stop('H2')])
  expect([hbf.deltas.length, d.deltas.length]).toEqual([1, 0])
})

test('12, L3: at least a second between deltas, the last word wins', () => {
  const w = world()
  const listener = join(w, 'stop:test_H1')
  for (const delay of [60, 120, 180]) w.service.publish(liveState([late(delay)]))
  expect(listener.deltas.map(d => d.up[0]!.delay)).toEqual([60])
  w.scheduler.advance(999)
  expect(listener.deltas).toHaveLength(1)
  w.scheduler.advance(1)
  expect(listener.deltas.map(d => d.up[0]!.delay)).toEqual([60, 180])
})

test('time passes: what has left goes, what comes into view comes', () => {
  const w = world('10:10')
  const listener = join(w, 'stop:test_H1')
  w.pass(62)
  expect(listener.deltas.map(d => d.rm)).toEqual([['20260110_10:00_test_S1#2']])
  expect(listener.display.rows.size).toBe(4)
})

test('L3: one reading and one encoding for any number of subscribers', () => {
  const w = world()
  const sent = new Set<unknown>()
  for (let i = 0; i < 500; i++) {
    const client = new LiveClient({ send: bytes => void sent.add(bytes), waiting: () => 0, close() {} }, liveDefaults)
    w.hub.add(client)
    w.hub.subscribe(client, w.hub.open('stop:test_H1'))
  }
  sent.clear()
  w.service.publish(liveState([late(60)]))
  w.scheduler.advance(0)
  expect(sent.size).toBe(1)
})

test('L2: resume: the missing deltas only; of a board nobody watched meanwhile too', () => {
  const w = world()
  const first = join(w, 'stop:test_H1')
  w.service.publish(liveState([late(60)]))
  w.hub.remove(first.client)
  w.scheduler.advance(2000)
  w.service.publish(liveState([late(120)]))
  const back = join(w, 'stop:test_H1', first.display)
  expect(back.messages.map(m => m.type)).toEqual(['delta'])
  expect(back.deltas[0]).toMatchObject({ p: 1, s: 2, up: [{ delay: 120 }] })
  const stranger = Object.assign(new Display(), { epoch: 'other', sequence: 1 })
  expect(join(w, 'stop:test_H1', stranger).messages.map(m => m.type)).toEqual(['snap'])
})

test('a board nobody watches is forgotten after five minutes', () => {
  const w = world()
  const listener = join(w, 'stop:test_H1')
  w.hub.remove(listener.client)
  w.pass(299)
  expect(w.hub.size.channels).toBe(1)
  w.pass(3)
  expect(w.hub.size).toEqual({ channels: 0, clients: 0 })
})

test('L4: a slow client is left out, caught up with one snapshot, and never slows others', () => {
  const w = world()
  const [slow, fast] = [join(w, 'stop:test_H1'), join(w, 'stop:test_H1')]
  slow.waiting = 70_000
  for (let i = 1; i <= 5; i++) {
    w.service.publish(liveState([late(i * 60)]))
    w.pass(1)
  }
  expect([slow.deltas.length, fast.deltas.length]).toEqual([0, 5])
  slow.waiting = 20_000
  w.pass(1)
  expect(slow.snaps).toHaveLength(1) // not free enough yet
  slow.waiting = 10_000
  w.pass(1)
  expect(slow.snaps).toHaveLength(2)
  expect(slow.display.state).toEqual(fast.display.state)
  w.service.publish(liveState([late(30)]))
  w.scheduler.advance(0)
  expect(slow.display.state).toEqual(fast.display.state)
})

test('L4: snapshots asked for again and again wait as one, and who asks on with a full line is closed, however quiet the channel', () => {
  const w = world()
  const [asking, flooded, pinging] = [1, 2, 3].map(() => join(w, 'stop:test_H1'))
  asking.waiting = 600_000
  flooded.waiting = pinging.waiting = 2_000_000
  const channel = w.hub.open('stop:test_H1')
  for (let i = 0; i < 50; i++)
    for (const { client } of [asking, flooded]) {
      w.hub.resync(client, channel)
      w.hub.subscribe(client, channel)
      w.hub.unsubscribe(client, channel)
      w.hub.subscribe(client, channel, { e: channel.epoch, s: channel.sequence })
    }
  pinging.client.send(w.hub.heartbeat(pinging.client, 1))
  expect([asking, flooded, pinging].map(({ snaps }) => snaps.length)).toEqual([1, 1, 1])
  w.pass(1)
  expect([asking, flooded, pinging].map(({ closed }) => closed)).toEqual([undefined, 4408, 4408])
  asking.waiting = 10_000
  w.pass(1)
  expect(asking.snaps).toHaveLength(2)
  w.pass(40)
  expect(asking.snaps).toHaveLength(2)
  expect(asking.closed).toBeUndefined()
})

test('L4: more snapshots than a line holds come by and by to who reads slowly but steadily, each once', () => {
  const w = world('10:02')
  const names = ['H1', 'A', 'C', 'D', 'E', 'F'].map(stop => `stop:test_${stop}`)
  const came: string[] = []
  let waiting = 0
  let closed = false
  const transport = {
    send(bytes: Buffer) {
      const message = JSON.parse(bytes.toString())
      if (message.type === 'snap') came.push(message.ch)
      waiting += 300 * 1024
    },
    waiting: () => waiting,
    close() {
      closed = true
    },
  }
  const client = new LiveClient(transport, liveDefaults)
  w.hub.add(client)
  for (const name of names) w.hub.subscribe(client, w.hub.open(name))
  const steps = [came.length]
  for (let i = 0; i < 4; i++) {
    w.pass(5)
    waiting = 0
    w.pass(1)
    steps.push(came.length)
  }
  expect(steps).toEqual([2, 4, 6, 6, 6])
  expect(came).toEqual(names)
  expect(closed).toBe(false)
})

test('L4: too slow: closed', () => {
  const w = world()
  const [stuck, flooded] = [join(w, 'stop:test_H1'), join(w, 'stop:test_H1')]
  stuck.waiting = 70_000
  flooded.waiting = 2_000_000
  w.service.publish(liveState([late(60)]))
  w.pass(1)
  expect([stuck.closed, flooded.closed]).toEqual([undefined, 4408])
  w.pass(31)
  expect(stuck.closed).toBe(4408)
})

test('heartbeats every 15 s, with the sequences and the state of the feeds', () => {
  const w = world()
  const listener = join(w, 'stop:test_H1')
  w.service.publish(liveState([late(60)]))
  w.pass(31)
  const beats = listener.messages.filter(m => m.type === 'hb')
  expect(beats.map(b => b.now)).toEqual([at('10:00') + 15, at('10:00') + 30])
  expect(beats[0]!.ch).toEqual({ 'stop:test_H1': 1 })
})

test('K4: a feed that falls silent is said to age and to be stale, and live again when it speaks', () => {
  const w = world()
  const source = (timestamp: number): SourceStatus =>
    ({ tag: 'test', url: 'http://feed', timestamp, receivedAt: timestamp }) as SourceStatus
  const publish = (timestamp: number): void =>
    w.service.publish({ ...liveState([late(60)]), sources: [source(timestamp)] })
  publish(at('10:00'))
  const listener = join(w, 'stop:test_H1')
  expect(listener.snaps[0]!.feed).toEqual({ test: { state: 'live', asOf: at('10:00') } })
  w.pass(301)
  publish(at('10:05'))
  expect(listener.messages.filter(m => m.type === 'status').map(m => m.state)).toEqual(['aging', 'stale', 'live'])
})

test('random publishes, clients coming, going and resuming: every display is right in the end', () => {
  const w = world()
  let seed = 7
  const below = (n: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % n
  }
  const names = ['stop:test_H1', 'stop:test_Hbf', 'station:test_H2', 'stop:test_D', 'stop:test_H2;exact']
  const there = new Map<Listener, string>()
  for (let step = 0; step < 400; step++) {
    const choice = below(10)
    const [someone] = [...there.keys()].slice(below(there.size || 1))
    if (choice < 3) {
      const name = names[below(names.length)]!
      there.set(join(w, name), name)
    } else if (choice < 5 && someone) {
      const name = there.get(someone)!
      w.hub.remove(someone.client)
      there.delete(someone)
      if (below(2) === 0) continue
      w.pass(below(3))
      there.set(join(w, name, someone.display), name)
    } else if (choice < 6 && someone) someone.waiting = below(2) * 70_000
    else if (choice < 8) w.service.publish(liveState([late(below(300)), late(below(300), 'U2')]))
    else w.pass(below(4))
  }
  for (const listener of there.keys()) listener.waiting = 0
  w.pass(2)
  const open = [...there].filter(([listener]) => listener.closed === undefined)
  expect(open.length).toBeGreaterThan(10)
  for (const [listener, name] of open) expect(listener.display.state).toEqual(join(w, name).display.state)
  expect(w.errors).toEqual([])
})

test('a topic that throws is read again with every tick; it is counted, told once, and holds up no other', () => {
  const w = world()
  const [one, other] = [join(w, 'stop:test_H1'), join(w, 'stop:test_Hbf')]
  const { topic } = w.hub.open('stop:test_H1') as Subject
  const { read } = topic
  topic.read = () => {
    throw new TypeError('a bug')
  }
  w.service.publish(liveState([late(60)]))
  expect([one.deltas.length, other.deltas.length]).toEqual([0, 1])
  expect(w.maker.trouble).toEqual({ failing: 1, failures: 1 })
  w.pass(20)
  expect(w.maker.trouble).toEqual({ failing: 1, failures: 21 })
  expect(w.errors).toEqual([expect.any(TypeError)])
  // nobody says that nothing has changed there
  const beats = (listener: Listener) => listener.messages.filter(m => m.type === 'hb').map(({ ch }) => ch)
  expect([beats(one), beats(other)]).toEqual([[{}], [{ 'stop:test_Hbf': 1 }]])
  topic.read = read
  w.pass(1)
  expect(one.deltas.map(({ up }) => up[0]!.delay)).toEqual([60])
  expect(w.maker.trouble).toEqual({ failing: 0, failures: 21 })
  expect(one.display.state).toEqual(join(w, 'stop:test_H1').display.state)
})

test('names that are none', () => {
  const { hub } = world()
  expect(() => hub.open('stop:test_XX')).toThrow(expect.objectContaining({ code: 'UNKNOWN_STOP' }))
  expect(() => hub.open('stop:nobody_1')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TAG' }))
  expect(() => hub.open('bus:1')).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
})

test('no more boards than allowed', () => {
  const { service, scheduler } = world()
  const hub = hubOf(service, scheduler, { maxChannels: 2 })
  const { client } = new Listener()
  hub.subscribe(client, hub.open('stop:test_H1'))
  hub.subscribe(client, hub.open('stop:test_D'))
  expect(() => hub.open('stop:test_E')).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
})

test('boards that nobody watches make room, the one that has rested longest first; what was given up cannot be watched', () => {
  const { service, scheduler } = world()
  const hub = hubOf(service, scheduler, { maxChannels: 3 })
  const { client } = new Listener()
  const [kept, first, second] = ['H1', 'D', 'E'].map(stop => hub.open(`stop:test_${stop}`)) as [Board, Board, Board]
  for (const board of [kept, first, second]) hub.subscribe(client, board)
  hub.unsubscribe(client, first)
  hub.unsubscribe(client, second)
  for (const name of ['stop:test_XX', 'stop:nobody_1']) expect(() => hub.open(name)).toThrow()
  expect(hub.open('stop:test_D')).toBe(first)
  const third = hub.open('stop:test_F')
  expect(hub.open('stop:test_E')).toBe(second)
  expect(() => hub.subscribe(client, first)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  hub.subscribe(client, third)
  expect([hub.size.channels, hub.open('stop:test_H1'), hub.open('stop:test_F')]).toEqual([3, kept, third])
})

test('closing leaves nothing behind', () => {
  const w = world()
  join(w, 'stop:test_H1')
  w.hub.close()
  expect(w.service.listeners).toBe(0)
})

test('slices: long work gives way after five milliseconds, and a job that throws does not stop the others', () => {
  let now = 0
  const later: (() => void)[] = []
  const errors: unknown[] = []
  const slices = new Slices({ now: () => now, after: () => () => {}, soon: work => void later.push(work) }, error =>
    errors.push(error),
  )
  const done: string[] = []
  slices.add(() => {
    throw new Error('broken')
  })
  let steps = 0
  slices.add(() => {
    now += 1
    return ++steps < 40
  })
  slices.add(() => {
    done.push('second')
    return false
  })
  const slicesRun = [steps]
  while (later.length > 0) {
    later.shift()!()
    slicesRun.push(steps)
  }
  expect(slicesRun[0]).toBe(5)
  expect(steps).toBe(40)
  expect(done).toEqual(['second'])
  expect(errors).toHaveLength(1)
})
