// What is known of the way to the stops, asked over HTTP on this machine: GBFS by its discovery document and by a manifest, elevators and
// car parks; what a source said stays while it fails. Real sockets; the demo city's own bicycles are the GBFS.

import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { Conditions } from '#engine/conditions/conditions.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createBikeShare } from '#feeds/demo/bikes.ts'
import { buildCity } from '#feeds/demo/city.ts'
import { createClock } from '#workers/clock.ts'
import { followConditions } from '#workers/conditions.ts'
import { startFeedRole } from '#workers/feed.ts'
import { type Follower, followRealtime } from '#workers/follow.ts'
import type { ConditionSource } from '#workers/messages.ts'
import { city } from '../api/city.ts'
import { listenHere } from '../helpers/loopback.ts'
import { findRedis, startRedis } from '../helpers/redis.ts'
import { until } from '../helpers/until.ts'

const AT = Date.parse('2026-01-08T08:00:00Z') / 1000
const bikes = createBikeShare(buildCity(), 1)

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(answers: Record<string, unknown>): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url!.slice(1)
    const answer = answers[path] ?? (path.startsWith('gbfs/') ? bikes.document(path.slice(5), AT) : undefined)
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(answer === undefined ? '' : JSON.stringify(answer))
  })
  open.push(server)
  return `${await listenHere(server)}/`
}

/** What is known once all sources have answered or failed. */
function following(conditions: ConditionSource[]): Promise<{ known: Conditions | undefined; failed: string[] }> {
  return new Promise(resolve => {
    let known: Conditions | undefined
    const failed: string[] = []
    let answers = 0
    const one = (): void => {
      if (++answers === conditions.length) resolve({ known, failed })
    }
    followConditions(city.tt, undefined, { conditions, polled: true }, createClock(), {
      onChange(now) {
        known = now
        one()
      },
      onFailure(where) {
        failed.push(where)
        one()
      },
      onHeard() {},
    })
  })
}

test('the demo city’s bicycles by their discovery document: every third station, as full as its status says', async () => {
  const url = await serve({})
  const { known } = await following([{ kind: 'gbfs', tag: 'demo', url: `${url}gbfs/gbfs.json` }])
  const [system] = known!.rentals
  expect([system!.id, system!.name, system!.systemId]).toEqual(['demo', 'Demo-Rad (erfunden)', 'demo-rad'])
  expect(system!.stations).toHaveLength(Math.ceil(buildCity().stations.length / 3))
  expect(system!.types.map(t => [t.formFactor, t.propulsion, t.returns])).toEqual([['BICYCLE', 'HUMAN', 'ANY_STATION']])
  for (const { available, docks, capacity } of system!.stations)
    expect(Object.values(available)[0]! + Object.values(docks!)[0]!).toBe(capacity)
})

test('a manifest: of each system the newest version that is understood', async () => {
  const url = await serve({
    manifest: {
      data: {
        datasets: [
          {
            system_id: 'rad',
            versions: [
              { version: '2.3', url: 'nowhere' },
              { version: '3.0', url: 'gbfs/gbfs.json' },
              { version: '9.0', url: 'nowhere' },
            ],
          },
          { system_id: 'unknown', versions: [{ version: '1.0', url: 'nowhere' }] },
        ],
      },
    },
  })
  const { known, failed } = await following([{ kind: 'gbfs', tag: 'ruhr', url: `${url}manifest` }])
  expect(failed).toEqual([])
  expect(known!.rentals.map(r => [r.id, r.group])).toEqual([['ruhr-rad', 'ruhr']])
})

test('elevators and car parks beside them; a source that fails is named and costs the others nothing', async () => {
  const url = await serve({
    facilities: [
      {
        equipmentnumber: 1,
        type: 'ELEVATOR',
        state: 'INACTIVE',
        description: 'Gleis 1',
        geocoordX: 7.46,
        geocoordY: 51.5,
      },
      { equipmentnumber: 2, type: 'ESCALATOR', state: 'INACTIVE', geocoordX: 7.46, geocoordY: 51.5 },
    ],
    lots: { lots: [{ id: 'p', name: 'P+R', coords: { lat: 51.5, lng: 7.4 }, free: 7, total: 50, state: 'open' }] },
  })
  const { known, failed } = await following([
    { kind: 'elevators', tag: 'db', url: `${url}facilities` },
    { kind: 'parking', tag: 'do', url: `${url}lots` },
    { kind: 'gbfs', tag: 'gone', url: `${url}nowhere` },
  ])
  expect(known!.elevators.map(e => [e.name, e.state])).toEqual([['Gleis 1', 'out']])
  expect(known!.lots.map(l => [l.name, l.free, l.total])).toEqual([['P+R', 7, 50]])
  expect(failed).toEqual(['gbfs gone'])
})

test.skipIf(!findRedis())(
  'over Redis one process asks, and every gateway knows; one that joins later at once',
  async () => {
    const redis = await startRedis()
    const clock = createClock()
    clock.set(AT as UnixSeconds, true)
    let asked = 0
    const url = await serve({
      get lots() {
        asked++
        return { lots: [{ id: 'p1', name: 'P1', coords: { lat: 51.5, lng: 7.46 }, free: 7, total: 90, state: 'open' }] }
      },
    })
    const conditions: ConditionSource[] = [
      { kind: 'gbfs', tag: 'demo', url: `${url}gbfs/gbfs.json` },
      { kind: 'parking', tag: 'lots', url: `${url}lots` },
    ]
    const shared = { redisUrl: redis.url, prefix: 'conditions' }
    const role = startFeedRole({ ...shared, sources: [], conditions, pollSeconds: 60 })
    const followers: Follower[] = []
    const gateway = async (): Promise<() => Conditions | undefined> => {
      let known: Conditions | undefined
      const own = followConditions(city.tt, undefined, { conditions, polled: false }, clock, {
        onChange: now => {
          known = now
        },
        onFailure: () => {},
        onHeard: () => {},
      })
      const follower = followRealtime({ ...shared, urls: conditions.map(source => source.url) })
      followers.push(follower)
      await follower.moveTo({
        async hear(source, news) {
          own.hear(source, news)
          return undefined
        },
      })
      return () => known
    }
    try {
      const first = await gateway()
      const all = (known: () => Conditions | undefined) => () =>
        known()?.rentals.length === 1 && known()!.lots.length === 1
      await until('the first gateway to know', all(first))
      const second = await gateway()
      await until('the second as well', all(second))
      // the document has no time of its own: it was measured when it was fetched, whoever hears it when
      const withoutTime = (known: Conditions | undefined) => known?.lots.map(({ measured: _, ...lot }) => lot)
      expect(second()?.rentals).toEqual(first()?.rentals)
      expect(withoutTime(second())).toEqual(withoutTime(first()))
      expect(asked).toBe(1)
    } finally {
      await Promise.all([role, ...followers].map(one => one.close()))
      await redis.stop()
    }
  },
)

test('what was fetched a while ago is that old when a gateway joins, and forgotten when it is too old', () => {
  const clock = createClock()
  clock.set(AT as UnixSeconds, true)
  let known: Conditions | undefined
  const heard: [number, number][] = []
  const own = followConditions(
    city.tt,
    undefined,
    { conditions: [{ kind: 'parking', tag: 'lots', url: '' }], polled: false },
    clock,
    {
      onChange: now => {
        known = now
      },
      onFailure: () => {},
      onHeard: (source, at) => void heard.push([source, at]),
    },
  )
  const lots = [{ id: 'p1', name: 'P1', coords: { lat: 51.5, lng: 7.46 }, free: 7, total: 90, state: 'open' }]
  const hear = (minutesAgo: number): void =>
    own.hear(0, {
      kind: 'message',
      bytes: Buffer.from(JSON.stringify({ lots })),
      at: performance.timeOrigin + performance.now() - minutesAgo * 60_000,
    })
  hear(16)
  expect(known).toBeUndefined()
  hear(10)
  expect(known!.lots[0]!.measured).toBe(AT - 600)
  expect(() => own.hear(0, { kind: 'message', bytes: Buffer.from('{') })).toThrow()
  own.hear(0, { kind: 'failure', reason: 'FETCH_FAILED' })
  expect(heard).toEqual([[0, AT - 600]])
})
