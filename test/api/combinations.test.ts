// Parameters together: requests drawn from the API's description, six parameters at once, asked of the demo city as production opens it, while
// realtime tells of everything it can. Every answer is of the shape that is described, or a refusal with code and place, never a fault of ours.
//
// The seed of a request is its number. FREIFAHRT_SEEDS=1000-9000 asks others.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import { type ServerMessage, SUBPROTOCOL } from '#api/live/messages.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type Combinations, combinationsOf, urlOf } from '../helpers/combinations.ts'
import { listen } from '../helpers/live-socket.ts'
import { type Random, random } from '../helpers/random.ts'
import { openDemo, type ToldCity } from '../helpers/told-city.ts'
import { until } from '../helpers/until.ts'

// the evening before the clocks go forward
const NOW = (Date.parse('2026-03-28T19:00:00Z') / 1000) as UnixSeconds
const [FIRST, LAST] = (process.env.FREIFAHRT_SEEDS ?? '1-200').split('-').map(Number) as [number, number]

let city: ToldCity
let requests: Combinations
beforeAll(async () => {
  city = await openDemo(NOW)
  requests = await combinationsOf(city)
})
afterAll(() => city?.close())

test('realtime has told of all there is', () => {
  const { horizon } = city.service
  const [{ rejected, matched } = { rejected: {}, matched: 0 }] = city.service.sources()
  expect([rejected, horizon.conditions?.rentals.length, horizon.conditions!.lots.length > 5]).toEqual([{}, 1, true])
  expect(matched).toBeGreaterThan(50)
  expect(horizon.added?.stops.length).toBe(city.added.length)
})

async function askAll({ faults: ours }: ToldCity, asking: Combinations, last: number) {
  const faults: string[] = []
  const statuses: Record<string, number> = {}
  for (let seed = FIRST; seed <= last; seed++) {
    const asked = asking.draw(seed)
    const answered = await asking.ask(asked)
    const status = `${asked.method} ${answered.status}`
    statuses[status] = (statuses[status] ?? 0) + 1
    const wrong = [asking.wrong(asked, answered), ...ours.splice(0)].filter(one => one !== undefined).join()
    if (wrong) faults.push(`${seed}: ${asked.method} ${urlOf(asked)} ${JSON.stringify(asked.body)} → ${wrong}`)
  }
  return { faults, statuses }
}

test('every combination is answered as described, or refused with code and place', async () => {
  const { faults, statuses } = await askAll(city, requests, LAST)
  expect(faults).toEqual([])
  // most are answered: else this shows nothing
  expect(statuses['GET 200']).toBeGreaterThan((LAST - FIRST) / 2)
  expect(statuses['POST 200']).toBeGreaterThan(0)
}, 600_000)

test('the same in the night in which clocks go back', async () => {
  const autumn = await openDemo((Date.parse('2026-10-24T18:00:00Z') / 1000) as UnixSeconds)
  try {
    const { faults, statuses } = await askAll(autumn, await combinationsOf(autumn), Math.min(LAST, FIRST + 99))
    expect(faults).toEqual([])
    expect(statuses['GET 200']).toBeGreaterThan(30)
  } finally {
    await autumn.close()
  }
}, 600_000)

/** Everything but what repeats the question and what counts the work. */
const said = (json: unknown): string =>
  JSON.stringify(json, (key, value) => (/^(requestParameters|debugOutput)$/.test(key) ? undefined : value))

test('asked again, or with a default said aloud, the answer is the same', async () => {
  const others: string[] = []
  for (let seed = FIRST; seed <= Math.min(LAST, FIRST + 29); seed++) {
    const asked = requests.draw(seed)
    if (asked.method === 'POST') continue
    const first = await requests.ask(asked)
    const unsaid = requests.defaults(asked.path).filter(({ name }) => asked.query.every(([key]) => key !== name))
    const { name, schema } = unsaid[seed % unsaid.length] ?? { name: 'nothing', schema: {} }
    for (const query of [asked.query, [...asked.query, [name, `${schema.default}`] as const]]) {
      const again = await requests.ask({ ...asked, query })
      if (said(again.json) !== said(first.json)) others.push(`${urlOf(asked)} & ${query.at(-1)}`)
    }
  }
  expect(others).toEqual([])
}, 600_000)

test('legs follow each other in time and place, and durations add up, from either end', async () => {
  const broken: string[] = []
  let seen = 0
  for (let seed = FIRST; seed <= Math.min(LAST, FIRST + 49); seed++) {
    const drawn = requests.draw(seed, '/api/v6/plan')
    const query = [...drawn.query.filter(([key]) => key !== 'arriveBy'), ['arriveBy', `${seed % 2 === 1}`] as const]
    const { status, json } = await requests.ask({ ...drawn, query })
    if (status !== 200) continue
    const { itineraries, direct } = json as PlanResponse
    for (const one of [...itineraries, ...direct]) {
      seen++
      const wrong = brokenAt(one)
      if (wrong) broken.push(`${urlOf({ ...drawn, query })}: ${wrong}`)
    }
  }
  expect(broken).toEqual([])
  expect(seen).toBeGreaterThan(10)
}, 600_000)

const secondsBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 1000

function brokenAt({ legs, startTime, endTime, duration }: Itinerary): string | undefined {
  if (legs[0]!.startTime !== startTime || legs.at(-1)!.endTime !== endTime)
    return 'begins or ends otherwise than its legs'
  if (secondsBetween(startTime, endTime) !== duration) return `takes ${duration} s`
  for (const [i, leg] of legs.entries()) {
    if (secondsBetween(leg.startTime, leg.endTime) !== leg.duration || leg.duration < 0)
      return `leg ${i} takes ${leg.duration} s`
    const before = legs[i - 1]
    if (before && secondsBetween(before.endTime, leg.startTime) < 0) return `leg ${i} begins before leg ${i - 1} ends`
    if (before && (before.to.lat !== leg.from.lat || before.to.lon !== leg.from.lon)) return `leg ${i} begins elsewhere`
  }
  return undefined
}

test('who allows more is never there later', async () => {
  const later: string[] = []
  let seen = 0
  for (let seed = FIRST; seed <= Math.min(LAST, FIRST + 39); seed++) {
    const dice = random(seed)
    const { query } = requests.draw(seed, '/api/v6/plan')
    const time = new Date((NOW + dice.between(0, 20_000)) * 1000).toISOString()
    const base = [...query.filter(([key]) => /Place$/.test(key)), ['time', time] as const]
    const [name, tight, wide] = dice.pick(RELAXED)
    const ends: number[] = []
    for (const value of [tight, wide]) {
      const { status, json } = await requests.ask({
        method: 'GET',
        path: '/api/v6/plan',
        query: [...base, [name, value]],
      })
      if (status !== 200) break
      const { itineraries, direct } = json as PlanResponse
      ends.push(Math.min(...[...itineraries, ...direct].map(one => Date.parse(one.endTime))))
    }
    if (ends.length < 2) continue
    seen++
    if (ends[1]! > ends[0]!)
      later.push(`${urlOf({ method: 'GET', path: '/api/v6/plan', query: base })} ${name}=${wide}`)
  }
  expect(later).toEqual([])
  expect(seen).toBeGreaterThan(5)
}, 600_000)

/** What bounds a journey, tight and wide. */
const RELAXED = [
  ['maxTransfers', '0', '1'],
  ['maxTransfers', '1', '5'],
  ['maxTravelTime', '20', '90'],
  ['maxSlope', '3', '12'],
  ['maxKerb', '1', '8'],
  ['avoidStairs', 'true', 'false'],
  ['maxPreTransitTime', '300', '1500'],
  ['maxPostTransitTime', '300', '1500'],
  ['unknownWays', 'REFUSE', 'ALLOW'],
] as const

test('every channel tells what is described, before and after news, and no connection ends with 1011', async () => {
  const dice = random(FIRST)
  // trips and itineraries to watch
  for (let seed = 1; seed <= 10; seed++)
    await requests.ask(requests.draw(seed, `/api/v6/${seed % 2 ? 'plan' : 'stoptimes'}`))
  await city.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = city.app.server.address() as AddressInfo
  const document = (await city.app.inject('/api/freifahrt/v1/asyncapi.json')).json() as AsyncApi
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const isAllowed = Object.fromEntries(
    Object.entries(document.components.messages).map(([name, { payload }]) => [name, ajv.compile(payload)]),
  )
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, SUBPROTOCOL)
  const messages: Said[] = []
  let closed = 0
  socket.on('message', data => messages.push(JSON.parse(data.toString())))
  socket.on('close', code => (closed = code))
  await once(socket, 'open')
  socket.send('{"type":"hello"}')
  const names = Array.from({ length: 40 }, () => channelName(dice))
  for (const [id, ch] of names.entries()) socket.send(JSON.stringify({ type: 'sub', id, ch }))
  const count = (...types: string[]) => messages.filter(({ type }) => types.includes(type)).length
  await until('all are answered', () => closed || count('snap', 'err') >= names.length)
  const kindOf = new Map(messages.filter(({ type }) => type === 'snap').map(({ ch, kind }) => [ch, kind]))
  await city.tell(120)
  await until('some have changed', () => closed || count('delta') > 5)
  const faults = messages.flatMap(message => {
    const { type, ch } = message
    const name = type === 'snap' || type === 'delta' ? `${type}.${kindOf.get(ch)}` : type
    return isAllowed[name]?.(message) ? [] : [`${name} ${ch}: ${JSON.stringify(isAllowed[name]?.errors?.slice(0, 3))}`]
  })
  socket.close()
  expect([closed, faults, city.faults.splice(0)]).toEqual([0, [], []])
  // over server-sent events, begun again after news
  // a watched journey is told under a shorter name than it is asked by
  const ch = [...kindOf.keys()].filter(name => !name.startsWith('journey:')).slice(0, 6)
  const url = `http://127.0.0.1:${port}/live/sse?${new URLSearchParams(ch.map(name => ['ch', name]))}`
  const isRight = ({ data }: { data: ServerMessage }): boolean => {
    const { type, ch: name } = data as Said
    if (type === 'snap') kindOf.set(name, (data as Said).kind)
    return isAllowed[/snap|delta/.test(type) ? `${type}.${kindOf.get(name)}` : type]!(data)
  }
  const stream = await listen(url)
  const first = []
  while (first.length < ch.length) first.push(await stream.next())
  stream.response.destroy()
  await city.tell(240)
  const again = await listen(url, { 'last-event-id': first.at(-1)!.id! })
  const resumed = await again.next()
  again.response.destroy()
  expect([...first, resumed].filter(one => !isRight(one))).toEqual([])
  expect(resumed.data.type).toBe('delta')
  expect(new Set(kindOf.values()).size).toBeGreaterThan(4)
})

interface AsyncApi {
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: object }>> }
}
interface Said {
  readonly type: string
  readonly ch: string
  readonly kind?: string
}

/** A channel that there may be, with the ends that a name can have. */
function channelName(dice: Random): string {
  const stop = requests.value('stopId', dice)
  const [tag] = stop.split('_')
  const [w, s, e, n] = city.service.bounds
  const name = dice.pick([
    `stop:${stop}`,
    `station:${stop}`,
    `trip:${requests.value('tripId', dice)}`,
    `route:${requests.value('routeId', dice)}`,
    `vehicle:${tag}_${dice.below(50)}`,
    `fleet:${w},${s},${e},${n}`,
    `fleet:${tag}`,
    `alerts:${tag}`,
    `feed:${tag}`,
    `journey:${requests.value('itineraryId', dice)}`,
  ])
  return `${name}${/^st/.test(name) && dice.chance(0.3) ? ';exact' : ''}${dice.chance(0.3) ? ';lang=en' : ''}`
}
