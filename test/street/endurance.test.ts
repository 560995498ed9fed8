// Who does not go on for ever: a battery is never below its reserve, and nobody walks farther than he can without a bench. The search against
// every way there is.

import { describe, expect, test } from 'vitest'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { type Costs, costsOf } from '#engine/street/costs.ts'
import { placesAt } from '#engine/street/ends.ts'
import { NODE_BIKE_CHARGER, type StreetGraph, withSlope } from '#engine/street/graph.ts'
import { waysToMany } from '#engine/street/many.ts'
import { type StreetPath, streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { reform } from '#engine/street/reform.ts'
import { createStreetSearch, reachStops, travelAs } from '#engine/street/search.ts'
import { everyWay, lowest } from '../helpers/every-way.ts'
import { type Random, random } from '../helpers/random.ts'
import { drawStreets, streets } from '../helpers/streets.ts'

const plain = { safety: 0, flat: 0, lit: 0 }
const eBike = (chargeWh: number, reserveWh = 0, charging = true): Profile =>
  withChanges(Profile.eBike, { speed: 5, weights: plain, battery: { chargeWh, reserveWh, charging } })
const rented = (metres: number): Profile => ({
  ...withChanges(Profile.eBike, { speed: 5, weights: plain }),
  range: { weakest: metres, strongest: metres },
})
const walker = (maxWithoutRest: number): Profile =>
  withChanges(Profile.foot, { speed: 1, weights: plain, limits: { maxWithoutRest } })

//   a ─────── 3 km ─────── c ─────── 3 km ─────── b      8 Wh/km: 48 Wh all the way, 24 s of charging for each Wh
//                      ⚡ at 3 km
const long = (more = '') =>
  streets(`
    at a 0,0 at c 3000,0 at b 6000,0
    a-c highway=residential
    c-b highway=residential
    ${more}`)
const charger = 'spot 3000,5 amenity=charging_station bicycle=yes name=Solarbaum'
const ride = (s: ReturnType<typeof long>, profile: Profile): StreetPath | undefined =>
  streetPath(s.search, s.at('a'), s.at('b'), { profile, maxSeconds: 20_000, maxMatchingDistance: 20 })

describe('a battery', () => {
  test.each([
    // Wh at the start, reserve, there is a charger → seconds; without any limit 1200
    [48.1, 0, false, 1200, []],
    [47.9, 0, false, undefined, []],
    [58.1, 10, false, 1200, []],
    [57.9, 10, false, undefined, []],
    // 20 Wh short: a minute to plug in and 24 s for each
    [28, 0, true, 1200 + 60 + 480, ['Solarbaum 540 3000']],
    [28, 4, true, 1200 + 60 + 576, ['Solarbaum 636 3000']],
    [48.1, 0, true, 1200, []],
    // not even to the charger
    [23.9, 0, true, undefined, []],
  ] as const)('%s Wh, %s to be left, a charger %s: %s s', (chargeWh, reserve, there, seconds, stops) => {
    const path = ride(long(there ? charger : ''), eBike(chargeWh, reserve))
    expect(path?.seconds).toBe(seconds)
    expect(path?.endured.pauses.map(p => `${p.name} ${p.seconds} ${Math.round(p.metres)}`) ?? []).toEqual(stops)
    if (path) expect(path.endured.battery!.left).toBeGreaterThanOrEqual(reserve - 1e-6)
  })

  test('who may not charge, and a wheelchair at a charger for bicycles, do not', () => {
    expect(ride(long(charger), eBike(28, 0, false))).toBeUndefined()
    const chair = (spot: string) =>
      ride(
        long(spot),
        withChanges(Profile.electricWheelchair, { battery: { chargeWh: 200, reserveWh: 0, charging: true } }),
      )
    expect(chair(charger)).toBeUndefined()
    expect(chair('spot 3000,5 amenity=charging_station wheelchair=yes')!.endured.pauses).toHaveLength(1)
  })

  test('climbs cost, and the way down gives nothing back', () => {
    const s = long()
    const hilly = (slope: number) => {
      const graph = reform(s.graph, (_, { traits, form }) => ({ traits, form: withSlope(form, slope) }))
      return ride({ ...s, search: createStreetSearch(graph, s.links) }, eBike(500))!.endured.battery!
    }
    // 6 km · 8 Wh; 60 m up · 0.22 Wh on top; 60 m down save as much
    expect(hilly(0).used).toBeCloseTo(48, 1)
    expect(hilly(1).used).toBeCloseTo(48 + 13.2, 1)
    expect(hilly(-1).used).toBeCloseTo(48 - 13.2, 1)
    expect(hilly(-10).used).toBe(0)
  })
})

test('a battery that lasts takes no more labels than none, and finds the same', () => {
  const r = random(0xba77)
  for (let n = 0; n < 20; n++) {
    const s = city(r)
    const { lat, lon } = s.at('n0_0')
    const from = (profile: Profile, reverse: boolean): [string, number] => {
      const options = { profile, maxSeconds: 900, maxMatchingDistance: 200, reverse }
      const { stops, seconds, count } = reachStops(s.search, lat, lon, options)
      const found = Array.from({ length: count }, (_, i) => `${s.stopName(stops[i]!)} ${seconds[i]}`)
      return [found.sort().join(), s.search.touchedCount]
    }
    for (const reverse of [false, true])
      expect(from(eBike(500, 50), reverse)).toEqual(
        from(withChanges(Profile.eBike, { speed: 5, weights: plain }), reverse),
      )
  }
})

describe('benches', () => {
  //   a ──────── 400 m ──────── b       straight, no bench
  //    ╲── 250 ── ● ── 250 ──╱          round, with one
  const s = streets(`
    at a 0,0 at b 400,0 at c 200,150
    a-b highway=footway
    a-c-b highway=footway
    spot 200,152 amenity=bench`)
  const walk = (metres: number) =>
    streetPath(s.search, s.at('a'), s.at('b'), {
      profile: walker(metres),
      maxSeconds: 3600,
      maxMatchingDistance: 10,
    })
  test.each([
    [1000, 400, 400, 0],
    [401, 400, 400, 0],
    [399, 500, 620, 1],
    [251, 500, 620, 1],
    [249, undefined, undefined, 0],
  ])('%i m without a rest: %s m in %s s', (limit, metres, seconds, rests) => {
    const path = walk(limit)
    expect(path && Math.round(path.metres)).toBe(metres)
    expect(path?.seconds).toBe(seconds)
    expect(path?.endured.pauses.length ?? 0).toBe(rests)
  })
})

// ── against every way there is ────────────────────────────────────────────────────────────────────────────────────────
/** A city with chargers and benches; slopes up and down. */
function city(r: Random) {
  // turns, gates and elevators are the reference test's subject; ways for all, so that both kinds of traveller get about
  const drawing = drawStreets(r)
    .split('\n')
    .filter(line => !/^(turn|node)/.test(line))
    .map(line => line.replace(/highway=(footway|steps)/, 'highway=residential'))
  const corners = drawing.filter(line => line.startsWith('at n')).map(line => line.split(' ')[2]!)
  const spots = Array.from(
    { length: r.between(4, 10) },
    () => `spot ${r.pick(corners)} amenity=${r.pick(['bench', 'charging_station bicycle=yes'])}`,
  )
  const s = streets([...drawing, ...spots].join('\n'))
  const graph = reform(s.graph, (_, { traits, form }) => ({ traits, form: withSlope(form, r.between(-8, 8)) }))
  return { ...s, graph, search: createStreetSearch(graph, s.links) }
}

/** Of every way found by both. */
const pausesSeen: number[] = []
test.each(Array.from({ length: 250 }, (_, seed) => seed))(
  'random city %i: as good as every way, there and back',
  seed => {
    const r = random(seed)
    const { graph, search } = city(r)
    if (graph.counts.edges > 34) return
    const point = () => {
      const node = r.below(graph.counts.nodes)
      return { lat: graph.nodeLat[node]! + r.between(-1500, 1500), lon: graph.nodeLon[node]! + r.between(-1500, 1500) }
    }
    const [from, to] = [point(), point()]
    for (const profile of [
      eBike(r.between(8, 40) / 10, r.between(0, 5) / 10),
      walker(r.between(60, 250)),
      rented(r.between(60, 900)),
    ]) {
      const costs = travelAs(search, profile)
      const [starts, goals] = [placesAt(search, from, 100, false), placesAt(search, to, 100, true)]
      if (starts.length === 0 || goals.length === 0) continue
      const maxSeconds = 1500
      const every = starts.flatMap(start => goals.map(goal => everyWay(graph, costs, start, goal, maxSeconds * 1000)))
      if (!every.every(ms => ms !== undefined)) continue
      const expected = Math.min(...every) / 1000
      const path = streetPath(search, from, to, { profile, maxSeconds, maxMatchingDistance: 100 })
      const told = path?.seconds ?? Number.POSITIVE_INFINITY
      if (expected < Number.POSITIVE_INFINITY) pausesSeen.push(path?.endured.pauses.length ?? 0)
      // each edge is rounded to a millisecond, the whole to a second
      if (expected < maxSeconds - 2) expect(Math.abs(told - expected)).toBeLessThan(1.2)
      if (expected === Number.POSITIVE_INFINITY) expect(told).toBeGreaterThan(maxSeconds - 2)
      if (path) expect(lowest(graph, costs, path)).toBeGreaterThan(costs.store!.least - 0.35)
      const options = { profile, maxSeconds, maxMatchingDistance: 100 }
      const [back] = waysToMany(search, to, [from], { ...options, reverse: true })
      expect(back?.seconds ?? Number.POSITIVE_INFINITY).toSatisfy((s: number) => s === told || Math.abs(s - told) < 2)
    }
    // a larger limit loses no stop and makes none later
    const reached = (metres: number) => {
      const found = reachStops(search, from.lat, from.lon, {
        profile: walker(metres),
        maxSeconds: 900,
        maxMatchingDistance: 100,
        reverse: seed % 2 === 0,
      })
      return new Map(Array.from({ length: found.count }, (_, i) => [found.stops[i]!, found.seconds[i]!]))
    }
    const [less, more] = [reached(150), reached(250)]
    for (const [stop, seconds] of less) expect(more.get(stop)).toBeLessThanOrEqual(seconds)
  },
)

test('many of these ways were possible only with a stop', () => {
  expect(pausesSeen.length).toBeGreaterThan(120)
  expect(pausesSeen.filter(pauses => pauses > 0).length).toBeGreaterThan(12)
})

/** Place → all its ways of which none is as quick and as easy on the store as another: milliseconds, units drained. No turns, no stops. */
function everyTrade(g: StreetGraph, costs: Costs, start: number, reverse: number): [ms: number, drain: number][][] {
  const trades: [number, number][][] = Array.from({ length: g.counts.nodes }, () => [])
  const open: [node: number, ms: number, drain: number][] = [[start, 0, 0]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, ms, drain] = next
    if (trades[node]!.some(([m, d]) => m <= ms && d <= drain)) continue
    trades[node] = [...trades[node]!.filter(([m, d]) => m < ms || d < drain), [ms, drain]]
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const [edge, backward] = [(g.arcEdge[a]! >>> 1) as EdgeIdx, g.arcEdge[a]! & 1]
      const direction = (g.edgeSort[edge] << 1) | (backward ^ reverse)
      const length = g.edgeMillimetres[edge]
      const spent = ms + Math.round(length * costs.pace[direction]!)
      if (spent < 1e9)
        open.push([
          backward ? g.edgeFrom[edge] : g.edgeTo[edge],
          spent,
          drain + length * costs.store!.drain[direction]!,
        ])
    }
  }
  return trades
}

test('to every corner of a city as with every trade of time for battery, there and back', () => {
  let [seen, dearer, out] = [0, 0, 0]
  for (let seed = 0; seed < 150; seed++) {
    const r = random(seed)
    const { graph, search } = city(r)
    const start = r.below(graph.counts.nodes)
    const profile = r.pick([eBike(r.between(10, 80) / 10, r.between(0, 5) / 10, false), rented(r.between(200, 1500))])
    const costs = costsOf(graph, profile)
    const corner = (node: number) => ({ lat: graph.nodeLat[node]!, lon: graph.nodeLon[node]! })
    const nodes = Array.from({ length: graph.counts.nodes }, (_, node) => node)
    for (const reverse of [false, true]) {
      const options = { profile, maxSeconds: r.pick([150, 400, 3000]), maxMatchingDistance: 1, reverse }
      const found = waysToMany(search, corner(start), nodes.map(corner), options)
      const trades = everyTrade(graph, costs, start, reverse ? 1 : 0)
      const { start: charge, least } = costs.store!
      for (const node of nodes) {
        const lasting = trades[node]!.filter(([, drain]) => charge - drain >= least - 1e-6).map(([ms]) => ms)
        const ms = Math.min(...lasting)
        const expected = ms <= options.maxSeconds * 1000 ? Math.ceil(ms / 1000) : undefined
        expect(found[node]?.seconds, `city ${seed}, ${start} → ${node}`).toBe(expected)
        seen++
        if (lasting.length > 0 && ms > Math.min(...trades[node]!.map(([ms]) => ms))) dearer++
        if (lasting.length === 0) out++
      }
    }
  }
  expect(dearer).toBeGreaterThan(seen / 100)
  expect(out).toBeGreaterThan(seen / 100)
})

test('against the way nothing is looked at that is farther than the battery ever leads', () => {
  const s = streets(
    `${Array.from({ length: 60 }, (_, i) => `at n${i} ${i * 100},0`).join(' ')}
    ${Array.from({ length: 59 }, (_, i) => `n${i}-n${i + 1} highway=residential`).join('\n')}`,
  )
  const labels = (reverse: boolean): number => {
    const options = { profile: eBike(8, 0, true), maxSeconds: 3000, maxMatchingDistance: 20, reverse }
    reachStops(s.search, s.at('n30').lat, s.at('n30').lon, options)
    return s.search.touchedCount
  }
  expect(labels(true)).toBe(labels(false))
  expect(labels(true)).toBeLessThan(30)
  // nor is it asked what is ahead there
  for (const charging of [false, true]) {
    const options = { profile: eBike(8, 0, charging), maxSeconds: 3000, maxMatchingDistance: 20, reverse: false }
    reachStops(s.search, s.at('n30').lat, s.at('n30').lon, options)
    expect(s.search.endurance!.ahead!.nodes.length).toBeLessThan(30)
  }
})

//      ╭── flat ──╮╭──    each two joined by a steep way of 200 m and a longer flat one: the more of them are flat, the slower and the easier on
//   n0 ┴─ steep ─ n1 ┴─ …  the battery, so that every node has more labels than the one before
function ladder(rungs: number, bows = (i: number) => 20 * 1.3 ** i) {
  const s = streets(
    `${Array.from({ length: rungs }, (_, i) => {
      const [x, bow] = [i * 200, bows(i)]
      return `at n${i} ${x},0 at m${i} ${x + 100},${bow}
        n${i}-n${i + 1} highway=residential
        n${i}-m${i}-n${i + 1} highway=residential`
    }).join('\n')}
    at n${rungs} ${rungs * 200},0
    stop End ${rungs * 200},5`,
  )
  const graph = reform(s.graph, (edge, { traits, form }) => ({
    traits,
    form: withSlope(form, s.graph.edgeMillimetres[edge]! < 201_000 ? 8 : 0),
  }))
  const ride = (search: ReturnType<typeof createStreetSearch>, profile = eBike(35)) =>
    streetPath(search, s.at('n0'), s.at(`n${rungs}`), { profile, maxSeconds: 20_000, maxMatchingDistance: 20 })
  return { s, graph, ride }
}

describe('labels of one search', () => {
  const { s, graph, ride } = ladder(11)

  test('grow as they are needed and are given back to the next search, which finds the same', () => {
    const search = createStreetSearch(graph, s.links)
    const base = search.nodeMs.length
    const path = ride(search)
    expect(search.nodeMs.length).toBeGreaterThan(base)
    expect(ride(search)).toEqual(path)
    const walk = ride(search, Profile.foot)
    expect(search.nodeMs.length).toBe(base)
    expect(search.endurance).toBeUndefined()
    expect(walk).toEqual(ride(createStreetSearch(graph, s.links), Profile.foot))
  })

  test('are bounded: beyond that it says so, and the search goes on to serve others', () => {
    const needed = createStreetSearch(graph, s.links)
    ride(needed)
    const search = createStreetSearch(graph, s.links, undefined, needed.endurance!.count - 1)
    expect(() => ride(search)).toThrow(/TOO_LARGE at batteryCharging: more than \d+ ways to compare/)
    expect(ride(search, Profile.foot)).toEqual(ride(needed, Profile.foot))
    expect(ride(createStreetSearch(graph, s.links, undefined, needed.nodeMs.length * 1000))).toBeDefined()
  })
})

test('who charges on the way is told apart exactly, and beyond some labels by what 100 m take', () => {
  const { s, graph } = ladder(11, i => 275 + i)
  const nodeTraits = graph.nodeTraits.slice()
  // the last one
  nodeTraits[graph.nodeLon.indexOf(Math.max(...graph.nodeLon))]! |= NODE_BIKE_CHARGER
  const { lat, lon } = s.at('n0')
  const reached = (mostLabels?: number) => {
    const search = createStreetSearch({ ...graph, nodeTraits }, s.links, undefined, mostLabels)
    const options = { profile: eBike(56), maxSeconds: 3600, maxMatchingDistance: 20, reverse: false }
    const { count, seconds } = reachStops(search, lat, lon, options)
    expect(count).toBe(1)
    return { labels: search.endurance!.count, seconds: seconds[0]! }
  }
  const [exact, alike] = [reached(), reached(32 * 50)]
  expect(alike.labels).toBeLessThan(0.6 * exact.labels)
  // 0.8 Wh of charging now and then
  expect(alike.seconds).toBeGreaterThanOrEqual(exact.seconds)
  expect(alike.seconds).toBeLessThan(1.2 * exact.seconds)
})

test('too many of who rides what is rented are told as such', () => {
  // pushed along the straight way, or ridden round on a longer one
  const s = streets(
    `${Array.from({ length: 12 }, (_, i) => `at n${i} ${i * 200},0 at m${i} ${i * 200 + 100},${20 * 1.3 ** i}`).join('\n')}
    ${Array.from({ length: 11 }, (_, i) => `n${i}-n${i + 1} highway=footway bicycle=yes\nn${i}-m${i}-n${i + 1} highway=residential`).join('\n')}`,
  )
  const ride = (search: ReturnType<typeof createStreetSearch>) =>
    streetPath(search, s.at('n0'), s.at('n11'), {
      ...{ profile: { ...Profile.eScooter, range: { weakest: 2700, strongest: 2700 } }, maxSeconds: 3600 },
      maxMatchingDistance: 20,
    })
  const { metres } = ride(s.search)!
  expect(metres).toBeGreaterThan(2500)
  expect(metres).toBeLessThanOrEqual(2700)
  expect(() => ride(createStreetSearch(s.graph, s.links, undefined, 1))).toThrow(
    /TOO_LARGE at RENTAL: more than \d+ ways to compare: do without RENTAL/,
  )
})

test('1,024 labels further a search that nobody waits for any more ends, and goes on to serve others', () => {
  const { s, graph } = ladder(80, i => 175 * 1.004 ** i)
  const { lat, lon } = s.at('n0')
  const options = { profile: eBike(330), maxSeconds: 20_000, maxMatchingDistance: 20, reverse: false }
  let [asked, patience] = [0, Number.POSITIVE_INFINITY]
  const search = createStreetSearch(graph, s.links, { isGivenUp: () => ++asked > patience })
  const seconds = () => [...reachStops(search, lat, lon, options).seconds]
  const all = seconds()
  expect(all).toHaveLength(1)
  // what is settled is among what was made
  expect(asked).toBeGreaterThan(1)
  expect(asked).toBeLessThanOrEqual(search.endurance!.count / 1024)
  for (const more of [0, 1]) {
    ;[asked, patience] = [0, more]
    expect(seconds).toThrow(/TIMEOUT at search: nobody waits/)
    expect(asked).toBe(more + 1)
  }
  patience = Number.POSITIVE_INFINITY
  expect(seconds()).toEqual(all)
})
