// Elevators that go out of order, or work again, while somebody is under way: each walk is made by what works from its beginning to its end. On
// random towns with random outages, against a slow twin that tries every run after every other, and every moment to set out.

import { describe, expect, test } from 'vitest'
import { anyRental } from '#engine/access/courses.ts'
import { type Elevator, listElevators } from '#engine/access/elevators.ts'
import { createGround } from '#engine/access/ground.ts'
import { groundWithout } from '#engine/access/outages.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import { type ElevatorReport, noConditions } from '#engine/conditions/conditions.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import type { Period } from '#engine/live/state.ts'
import { stopsAround } from '#engine/plan/access.ts'
import { approach } from '#engine/plan/approaches.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { placeOf, type Query, type QueryPlace, queryDefaults, type Via } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Journey, WalkLeg } from '#engine/transit/journey.ts'
import type { Reach } from '#engine/transit/range.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allRuns, type PlainRun } from '../helpers/plain-runs.ts'
import { type Random, random } from '../helpers/random.ts'
import { metresToPoint } from '../helpers/streets.ts'
import { drawTown, METRES, SIDE } from '../helpers/town.ts'

function periodsOf(r: Random, day: number): Period[] {
  const at = (): number => day + 9 * 3600 + r.below(720) * 10
  return Array.from({ length: 1 }, () => {
    const [a, b] = [at(), at()]
    return { ...(r.chance(0.85) && { start: Math.min(a, b) }), ...(r.chance(0.85) && { end: Math.max(a, b) + 10 }) }
  })
}

/** @param isLarge whether it is searched as a network of tens of thousands of stops is */
function townOf(r: Random, walker: Profile, isLarge = false) {
  const { drawn, graph } = drawTown(r)
  const { tt, day } = drawn
  const links = buildStopLinks(graph, tt)
  const ground = createGround(tt, createStreetSearch(graph, links))
  const walksOf = (g: typeof ground, who: Profile): Footpaths =>
    mergeTransfers(tt, walksBetweenStops(g, { walker: who, maxSeconds: walkLimits(tt).far }))
  const [foot, chair] = [Profile.foot, Profile.wheelchair].map(who => walksOf(ground, who))
  const planner = { ...createPlanner(tt, foot!, { graph, links }, chair!), isLarge }
  const elevators = listElevators(tt, graph)
  // four borders at most
  const changing = new Set([r.pick(elevators), r.pick(elevators)])
  const reports = elevators.flatMap((e): ElevatorReport[] => {
    const { id, lat, lon } = e
    const out = changing.has(e) ? periodsOf(r, day * 86_400) : r.chance(0.1) ? [] : undefined
    return out ? [{ id, name: id, lat, lon, source: 'x', state: 'out', out }] : []
  })
  const horizon = { ...horizonOf(tt, foot!), conditions: { ...noConditions, elevators: reports } }
  /** Elevators out at some time from `begin` on and before `end`, from the definition. */
  const outIn = (begin: number, end: number): Elevator[] =>
    elevators.filter(e =>
      reports.some(
        ({ id, out }) =>
          id === e.id &&
          (out.length === 0 ||
            out.some(({ start = -Infinity, end: until = Infinity }) => start < end && until > begin)),
      ),
    )
  const known = new Map<string, { ground: typeof ground; footpaths: Footpaths }>()
  const phases = new Map<number, { ground: typeof ground; footpaths: Footpaths }>()
  const borders = [...new Set(reports.flatMap(({ out }) => out.flatMap(({ start = 0, end = 0 }) => [start, end])))]
  const phaseOf = (t: number): number => borders.reduce((n, border) => (border <= t ? n + 1 : n), 0)
  const during = (begin: number, end: number) =>
    phases.getOrInsertComputed(phaseOf(begin) * 100 + phaseOf(end - 1), () => {
      const out = outIn(begin, end)
      return known.getOrInsertComputed(out.map(e => e.id).join(), () => {
        const closed = groundWithout(ground, { key: 'x', out })
        return { ground: closed, footpaths: walksOf(closed, walker) }
      })
    })
  const at = (h: number): number => day * 86_400 + h * 3600
  /** As if all worked that ever works, and whether any of that is out then. */
  const lasting = { ...noConditions, elevators: reports.filter(({ out }) => out.length === 0) }
  const isOutOfOrder = (begin: number, end: number): boolean => outIn(begin, end).length > lasting.elevators.length
  const best = { horizon: { ...horizon, conditions: lasting }, isOutOfOrder }
  return { ...drawn, planner, horizon, best, borders, during, runs: allRuns(tt, undefined), at }
}
type Town = ReturnType<typeof townOf>
type Answer = readonly [departure: number, arrival: number, rides: number]

/** Seconds of a way that begins at a moment, by what works all the while; undefined: there is none. */
function walked(town: Town, begin: number, seconds: (works: ReturnType<Town['during']>) => number | undefined) {
  for (let took = 1; ; ) {
    const found = seconds(town.during(begin, begin + took))
    if (found === undefined || found <= took) return found
    took = found
  }
}

/** The stops around the start (reverse: the end). */
const onFoot = ({ tt }: Town, q: Query, works: ReturnType<Town['during']>, reverse: boolean): Reach => {
  const options = { maxSeconds: 900, profile: q.walker, maxMatchingDistance: 250, reverse }
  return stopsAround({ timetable: tt, ...works }, reverse ? q.to : q.from, options)
}
const byBicycle = (
  { planner, horizon }: Town,
  q: Query,
  { ground }: ReturnType<Town['during']>,
  reverse: boolean,
): Reach =>
  approach(
    { ...planner, ground, streets: ground.streets },
    horizon,
    q,
    reverse ? 'egress' : 'access',
    'BIKE',
    undefined,
  ).reach

/** Every run after every other: what leaves, and arrives, when. */
function slowly(town: Town, q: Query, around: typeof onFoot = onFoot): Answer[] {
  const { runs, borders } = town
  const reaches = new Map<unknown, Map<number, number>[]>()
  const reachesOf = (works: ReturnType<Town['during']>) =>
    reaches.getOrInsertComputed(works, () =>
      [false, true].map(reverse => {
        const found = around(town, q, works, reverse)
        return new Map(Array.from({ length: found.count }, (_, i) => [found.stops[i]!, found.seconds[i]!]))
      }),
    )
  const first = (stop: number, begin: number) => walked(town, begin, works => reachesOf(works)[0]!.get(stop))
  const last = (stop: number, begin: number) => walked(town, begin, works => reachesOf(works)[1]!.get(stop))
  const change = (from: number, to: number, begin: number) =>
    walked(town, begin, works => changeBetween(works.footpaths, from, to))
  /** A walk can be put off; any that can be made can be made sooner, until one is there or something begins to work. */
  const beginnings = (from: number, until: number): number[] => [from, ...borders.filter(t => t > from && t <= until)]
  const leaves = new Map<string, number>()
  const answers: Answer[] = []
  // over when the run leaves, or, to wait there, when something else may begin to hold
  const latestLeave = (stop: number, departure: number): number | undefined => {
    const ways = new Set([...reaches.values()].flatMap(([reach]) => reach!.get(stop) ?? []))
    const leaving = [departure, ...borders.filter(t => t < departure)].flatMap(over =>
      [...ways].map(seconds => over - seconds).filter(t => t + (first(stop, t) ?? NaN) <= departure),
    )
    return leaving.length > 0 ? Math.max(...leaving) : undefined
  }
  for (const t of beginnings(0, Number.POSITIVE_INFINITY)) reachesOf(town.during(t, t + 900))
  for (const s of borders)
    for (const t of borders)
      for (const begin of [s - 1, s]) for (const end of [t, t + 1]) if (begin < end) reachesOf(town.during(begin, end))
  const key = (run: PlainRun, at: number): string => `${run.trip} ${run.shift} ${at}`
  for (const run of runs)
    run.calls.forEach(({ stop, departure }, at) => {
      const leave = at < run.calls.length - 1 ? latestLeave(stop, departure) : undefined
      if (leave !== undefined) leaves.set(key(run, at), leave)
    })
  let boarded: ReadonlyMap<string, number> = leaves
  for (let rides = 1; rides <= q.maxTransfers + 1 && boarded.size > 0; rides++) {
    const after = new Map<string, number>()
    for (const run of runs)
      run.calls.forEach((_, at) => {
        const leave = boarded.get(key(run, at))
        if (leave === undefined) return
        for (const { stop, arrival } of run.calls.slice(at + 1)) {
          for (const t of beginnings(arrival, Number.POSITIVE_INFINITY)) {
            const took = last(stop, t)
            if (took !== undefined) answers.push([leave, t + took, rides])
          }
          for (const other of runs)
            other.calls.slice(0, -1).forEach((call, on) => {
              const known = after.get(key(other, on)) ?? Number.NEGATIVE_INFINITY
              if (call.departure < arrival || known >= leave) return
              for (const t of beginnings(arrival, call.departure)) {
                const took = change(stop, call.stop, t)
                if (took === undefined || t + took > call.departure) continue
                after.set(key(other, on), leave)
                return
              }
            })
        }
      })
    boarded = after
  }
  return answers
}

const covers = (a: Answer, b: Answer): boolean => a[0] >= b[0] && a[1] <= b[1] && a[2] <= b[2]
const inOrder = (a: Answer, b: Answer): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
function best(answers: readonly Answer[], isIn: (a: Answer) => boolean): Answer[] {
  const kept: Answer[] = []
  for (const a of answers.toSorted((a, b) => a[1] - b[1] || b[0] - a[0] || a[2] - b[2]))
    if (!kept.some(k => covers(k, a))) kept.push(a)
  return kept.filter(isIn).sort(inOrder)
}
const told = (journeys: readonly Journey[]): Answer[] =>
  journeys.map((j): Answer => [j.departure, j.arrival, j.transfers + 1]).sort(inOrder)

/** @param stops as many of the first */
const placeIn = (r: Random, stops: number): QueryPlace =>
  stops > 0 && r.chance(0.5)
    ? { kind: 'stop', stop: r.below(stops) as StopIdx }
    : { kind: 'coordinate', ...metresToPoint(r.below(SIDE * METRES), r.below(SIDE * METRES)) }

function query(r: Random, { tt, at }: Town, walker: Profile): Query {
  const place = (): QueryPlace => placeIn(r, tt.counts.stops - tt.counts.roomStops)
  const [from, to, arriveBy, minJourneys] = [place(), place(), r.chance(0.4), r.pick([0, 1, 3])]
  const asked = { window: r.pick([900, 3600]), maxTransfers: r.between(0, 2), maxDirect: 0, walker }
  return { ...queryDefaults, ...asked, from, to, arriveBy, minJourneys, time: (at(9) + r.below(7200)) as UnixSeconds }
}

/** Seconds of a walk by what works while it is made; undefined: it cannot be. */
function takes(town: Town, q: Query, { from, to, departure, arrival }: WalkLeg): number | undefined {
  const works = town.during(departure, arrival)
  if (from.kind === 'stop' && to.kind === 'stop') return changeBetween(works.footpaths, from.stop, to.stop)
  const reverse = from.kind === 'stop'
  const [end, { stop }] = (reverse ? [to, from] : [from, to]) as [WalkLeg['to'], { readonly stop: StopIdx }]
  const options = { maxSeconds: 900, profile: q.walker, maxMatchingDistance: 250, reverse }
  const { stops, seconds } = stopsAround({ timetable: town.tt, ...works }, placeOf(q, end), options)
  return seconds[Array.from(stops).indexOf(stop)]
}

/** Can it be made as long as it is? Of longer ones tables know what is needed (needed.ts). */
const isMade = (town: Town, q: Query, leg: WalkLeg): boolean =>
  leg.arrival - leg.departure <= 900 && (takes(town, q, leg) ?? Infinity) <= leg.arrival - leg.departure

/** Each walk is made while it can be, and everything in order. */
function check(town: Town, q: Query, { legs }: Journey): void {
  legs.forEach((leg, n) => {
    if (n > 0) expect(leg.departure).toBeGreaterThanOrEqual(legs[n - 1]!.arrival)
    if (leg.kind === 'walk') expect(takes(town, q, leg)).toBeLessThanOrEqual(leg.arrival - leg.departure)
  })
}

/** One to all says what plan says of each stop that is come to by a ride; of the last walks beyond 900 s it knows some (needed.ts). */
function compareAll(town: Town, q: Query): void {
  const { planner, horizon } = town
  const one = q.arriveBy ? q.to : q.from
  const all = reachAll(planner, horizon, { ...q, one })
  for (const { stop, seconds, rides } of all) {
    if (rides === 0) continue
    const there = { kind: 'stop', stop: stop as StopIdx } as const
    const [from, to] = q.arriveBy ? [there, one] : [one, there]
    const [least, farther] = [900, 1800].map(seconds => {
      const far = q.arriveBy ? { maxAccess: seconds } : { maxEgress: seconds }
      const found = plan(planner, horizon, { ...q, ...far, from, to, window: 0 }).itineraries
      return Math.min(...found.map(j => (q.arriveBy ? q.time - j.departure : j.arrival - q.time)))
    })
    expect(least, `${stop}`).toBeGreaterThanOrEqual(seconds)
    expect(farther, `${stop}`).toBeLessThanOrEqual(seconds)
    seen.stops++
    if (least === seconds) seen.same++
  }
}

const seen = {
  journeys: 0,
  otherwise: 0,
  stops: 0,
  same: 0,
  byStop: 0,
  sure: 0,
  meanwhile: 0,
  missed: 0,
  ridden: 0,
  riddenOtherwise: 0,
}
const townsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i)

describe('random towns', () => {
  test.each(townsFrom(0, 125))('%i', seed => {
    const r = random(seed)
    const walker = r.pick([Profile.foot, Profile.wheelchair])
    const town = townOf(r, walker, seed % 2 === 1)
    for (let n = 0; n < 4; n++) {
      const q = query(r, town, walker)
      const result = plan(town.planner, town.horizon, q)
      const { windowStart, windowEnd } = result
      const isIn = ([departure, arrival]: Answer): boolean => {
        const t = q.arriveBy ? arrival : departure
        return t >= windowStart && t < windowEnd
      }
      const found = told(result.itineraries)
      expect(found, JSON.stringify(q)).toEqual(best(slowly(town, q), isIn))
      for (const j of result.itineraries) check(town, q, j)
      seen.journeys += found.length
      const before = { ...town.horizon, conditions: noConditions }
      if (JSON.stringify(told(plan(town.planner, before, q).itineraries)) !== JSON.stringify(found)) seen.otherwise++
    }
  })

  test.each(townsFrom(600, 60))('%i: by bicycle to the first stop and from the last', seed => {
    const r = random(seed)
    const town = townOf(r, Profile.foot, seed % 2 === 1)
    const ways = { access: ['BIKE'], egress: ['BIKE'], direct: [] } as const
    const approaches = { ...ways, rental: { access: anyRental, egress: anyRental, direct: anyRental } }
    const place = (): QueryPlace => placeIn(r, 0)
    for (let n = 0; n < 3; n++) {
      const q = {
        ...query(r, town, Profile.foot),
        from: place(),
        to: place(),
        approaches,
        bikeParking: 'anywhere',
      } as const
      const { itineraries, windowStart, windowEnd } = plan(town.planner, town.horizon, q)
      const isIn = ([departure, arrival]: Answer): boolean => {
        const t = q.arriveBy ? arrival : departure
        return t >= windowStart && t < windowEnd
      }
      expect(told(itineraries), JSON.stringify(q)).toEqual(best(slowly(town, q, byBicycle), isIn))
      seen.ridden += itineraries.length
      const before = { ...town.horizon, conditions: noConditions }
      if (JSON.stringify(told(plan(town.planner, before, q).itineraries)) !== JSON.stringify(told(itineraries)))
        seen.riddenOtherwise++
    }
  })

  test.each(townsFrom(200, 30))('%i: as one to all', seed => {
    const r = random(seed)
    const walker = r.pick([Profile.foot, Profile.wheelchair])
    const town = townOf(r, walker)
    compareAll(town, query(r, town, walker))
  })

  test.each(townsFrom(300, 40))(
    '%i: with a place on the way, or limits of one’s own, no walk leads over what is out',
    seed => {
      const r = random(seed)
      const { limits } = Profile.wheelchair
      const walker = r.pick([Profile.wheelchair, { ...Profile.wheelchair, limits: { ...limits, maxSlope: 5 } }])
      const town = townOf(r, walker)
      const via = (): Via => ({ place: placeIn(r, 16), stay: r.pick([0, 120]) })
      for (let n = 0; n < 4; n++) {
        const q = { ...query(r, town, walker), vias: walker === Profile.wheelchair ? [via()] : [] }
        const { itineraries } = plan(town.planner, town.horizon, q)
        for (const j of itineraries) check(town, q, j)
        seen.byStop += itineraries.length
      }
    },
  )

  test.each(townsFrom(400, 60))(
    '%i: by way of a place, what is best with everything working and can be made is found',
    seed => {
      const r = random(seed)
      const town = townOf(r, Profile.foot)
      for (let n = 0; n < 4; n++) {
        const via: Via = { place: placeIn(r, 16), stay: r.pick([0, 120]) }
        const q = { ...query(r, town, Profile.foot), vias: [via], minJourneys: 0 }
        const found = told(plan(town.planner, town.horizon, q).itineraries)
        const sure = plan(town.planner, town.best.horizon, q).itineraries.filter(({ legs }) =>
          legs.every(leg => leg.kind === 'ride' || isMade(town, q, leg)),
        )
        const isNear = sure.some(({ legs }) =>
          legs.some(leg => leg.kind === 'walk' && town.best.isOutOfOrder(leg.departure, leg.arrival)),
        )
        if (isNear) seen.meanwhile++
        seen.sure += sure.length
        seen.missed += told(sure).filter(one => !found.some(f => covers(f, one))).length
      }
    },
  )

  test('many of these journeys would be others if everything worked', () => {
    expect(seen.journeys).toBeGreaterThan(700)
    expect(seen.otherwise).toBeGreaterThan(90)
    expect(seen.same).toBeGreaterThan(0.9 * seen.stops)
    expect(seen.stops).toBeGreaterThan(100)
    expect(seen.byStop).toBeGreaterThan(100)
    expect(seen.sure).toBeGreaterThan(25)
    console.log(seen)
    expect(seen.ridden).toBeGreaterThan(100)
    expect(seen.riddenOtherwise).toBeGreaterThan(10)
    expect(seen.meanwhile).toBeGreaterThan(10)
    expect(seen.missed).toBe(0)
  })
})
