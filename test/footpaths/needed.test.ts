// Journeys with the walks that a search needs equal those with every walk, on time and late.

import { describe, expect, test } from 'vitest'
import { metresBetween } from '#engine/core/geo.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatTime } from '#engine/core/time.ts'
import { buildFootpaths, type Footpaths, type Walk } from '#engine/footpaths/footpaths.ts'
import { keepNeeded, neededFootpaths } from '#engine/footpaths/needed.ts'
import { RunState } from '#engine/live/state.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { type ChangedRun, horizonOf, liveState, plannedRun } from '../helpers/horizon.ts'
import { type Random, random } from '../helpers/random.ts'
import { at, search } from '../helpers/search.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

const CHANGE = 120

const drawnStops = (tt: Timetable): number => tt.counts.stops - tt.counts.roomStops

/** Everybody walks from everywhere to everywhere, in straight lines, at 1 m/s. */
function everyWalk(tt: Timetable): Footpaths {
  const stops = drawnStops(tt)
  function* walks(): Generator<Walk> {
    for (let from = 0; from < stops; from++)
      for (let to = 0; to < stops; to++) if (from !== to) yield { from, to, seconds: apart(tt, from, to) }
  }
  return buildFootpaths(tt.counts.stops, walks(), new Int32Array(tt.counts.stops).fill(CHANGE))
}

const apart = (tt: Timetable, a: number, b: number): number =>
  Math.max(60, Math.ceil(metresBetween(tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!)))

/** Lines that cross, run side by side, turn round and call twice, some doors closed; a stop every few hundred metres. */
function drawWorld(r: Random): string {
  const stops = Array.from({ length: r.between(6, 16) }, (_, i) => ({
    name: `s${i}`,
    y: r.below(300),
    x: r.below(400),
  }))
  const lines = stops.map(
    ({ name, y, x }) => `at ${name} ${51.5 + y / 10_000},${7.4 + x / 10_000} wheelchair=${r.pick([1, 1, 1, 0, 2])}`,
  )
  for (let line = r.between(3, 9); line > 0; line--) {
    const calls = [r.pick(stops)]
    for (let n = r.between(1, 7); n > 0; n--) {
      const { x, y } = calls.at(-1)!
      const near = stops.toSorted((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))
      calls.push(r.pick(near.slice(1, 4)))
    }
    const doors = calls.map(() => [r.chance(0.05) ? '-' : '', r.chance(0.05) ? '-' : ''] as const)
    const rides = calls.map(() => r.between(30, 300))
    for (let trip = r.between(2, 8); trip > 0; trip--) {
      let t = r.between(7 * 60, 10 * 60) * 60
      const row = calls.map((stop, i) => {
        const arrival = t
        const departure = t + (r.chance(0.2) ? r.below(90) : 0)
        t = departure + rides[i]! + (r.chance(0.1) ? 60 : 0)
        return `${doors[i]![0]}${stop.name}${doors[i]![1]} ${formatTime(arrival)}/${formatTime(departure)}`
      })
      lines.push(`L${line} ${row.join(' ')} [wheelchair=1]`)
    }
  }
  return lines.join('\n')
}

/** Half of the runs are late, and lose two minutes or make up for some from each stop to the next; a few are cancelled. */
function late(r: Random, { tt, day }: Drawn): ChangedRun[] {
  return Array.from({ length: tt.counts.trips }, (_, t) => plannedRun(tt, t as TripIdx, day))
    .filter(() => r.chance(0.5))
    .map(run => {
      let delay = r.below(1500)
      let before = 0
      for (const call of run.calls) {
        call.arrival = Math.max(before, call.arrival + delay)
        call.departure = Math.max(call.arrival, call.departure + delay)
        before = call.departure
        delay = r.chance(0.5) ? delay + 120 : Math.max(0, delay - 150)
      }
      return r.chance(0.15) ? { ...run, state: RunState.cancelled } : run
    })
}

/** `departure-arrival-rides` of the best journeys of two hours. */
function journeys(r: Random, drawn: Drawn, footpaths: Footpaths, changed: ChangedRun[]): string[][] {
  const { tt, day } = drawn
  const horizon = horizonOf(tt, footpaths, liveState(changed))
  const around = (stop: number): Map<number, number> =>
    new Map(Array.from({ length: drawnStops(tt) }, (_, s) => [s, s === stop ? 0 : apart(tt, stop, s)]))
  return Array.from({ length: 6 }, (_, i) => {
    const begin = day * 86_400 + r.between(7 * 60, 9 * 60) * 60
    const need = (n: number) => (n === 0 ? 'no' : 'yes') as 'no' | 'yes'
    const found = search(horizon, {
      from: around(r.below(drawnStops(tt))),
      to: around(r.below(drawnStops(tt))),
      time: [begin, begin + 7200],
      backwards: i % 3 === 2,
      maxRides: 5,
      maxTravelTime: 4 * 3600,
      wishes: { bikes: 'no', wheelchair: need(i % 2), wheelchairStops: need(i % 3) },
    })
    return found.map(j => `${j.departure}-${j.arrival}-${j.transfers}`).sort()
  })
}

/** `A→C 400`, sorted. */
const told = ({ tt }: Drawn, f: Footpaths): string[] => {
  const name = (stop: number): string => textOf(tt, tt.stopId[stop]!)
  return Array.from({ length: drawnStops(tt) }, (_, from) =>
    Array.from(f.outTo.subarray(f.outBegin[from], f.outBegin[from + 1]), (to, i) => {
      const seconds = f.outSeconds[f.outBegin[from]! + i]
      return `${name(from)}→${name(to)} ${seconds}`
    }),
  )
    .flat()
    .sort()
}

//   S  A ── B ── C        U is nearest to S between B and E: who changes gets off at one and on at the other
//           ┊
//   U  D ── E ── F        between neighbours 2 minutes by vehicle, 10 on foot
const crossing = `
  S   A 10:00   B 10:02   C 10:04
  U   D 10:00   E 10:02   F 10:04
  walk A–B 600s
  walk B–C 600s
  walk D–E 600s
  walk E–F 600s
  walk A–D 400s
  walk B–E 390s
  walk C–F 400s
  walk A–E 720s
  walk B–D 720s
  walk B–F 720s
  walk C–E 720s`

describe('the walks that a search needs', () => {
  test('are those where two lines are nearest', () => {
    const drawn = timetable(crossing)
    const needed = neededFootpaths(keepNeeded(drawn.tt, drawn.footpaths, 0), 0)
    // nobody gets off at A or on at F; from C to E, or to D, it is no shorter than from B
    expect(told(drawn, needed)).toEqual(['B→E 390', 'E→B 390'])
  })

  test('riding on has to save two minutes more than the ride takes', () => {
    const needed = (fromC: number): string[] => {
      const drawn = timetable(`
        S   A 10:00   B 10:02   C 10:04
        U   E 10:20   F 10:30
        walk A→E 1000s
        walk B→E 600s
        walk C→E ${fromC}s`)
      return told(drawn, neededFootpaths(keepNeeded(drawn.tt, drawn.footpaths, 0), 0))
    }
    expect(needed(360)).toEqual(['C→E 360'])
    expect(needed(361)).toEqual(['B→E 600', 'C→E 361'])
  })

  test('a rule’s walk is always one, and those as short as asked are kept to be looked up', () => {
    const drawn = timetable(`${crossing}
      rule A→E 11m from=S`)
    const kept = keepNeeded(drawn.tt, drawn.footpaths, 600)
    expect(told(drawn, neededFootpaths(kept, 0))).toContain('A→E 720')
    expect(told(drawn, kept)).toEqual(
      told(drawn, drawn.footpaths).filter(walk => !walk.endsWith('720') || walk.startsWith('A')),
    )
  })

  test('find what all walks find, on time and late', () => {
    let [every, needed, found] = [0, 0, 0]
    for (let seed = 0; seed < 300; seed++) {
      const r = random(seed)
      const drawn = timetable(drawWorld(r))
      const all = everyWalk(drawn.tt)
      const few = neededFootpaths(keepNeeded(drawn.tt, all, 0), 0)
      every += all.counts.footpaths
      needed += few.counts.footpaths
      const changed = seed % 3 === 0 ? [] : late(r, drawn)
      const expected = journeys(random(seed + 1000), drawn, all, changed)
      expect(journeys(random(seed + 1000), drawn, few, changed), `seed ${seed}`).toEqual(expected)
      found += expected.flat().length
    }
    expect(found).toBeGreaterThan(15_000)
    expect(needed).toBeLessThan(every / 2)
  })

  test('a change that is to take ten minutes begins where the vehicle comes first', () => {
    const drawn = timetable(`
      S   A 10:00   B 10:05   C 10:08
      U   D 10:16   E 10:30
      walk B→D 500s
      walk C→D 100s`)
    const kept = keepNeeded(drawn.tt, drawn.footpaths, 600)
    const found = (min: number): string[][] => {
      const transferTimes = { min, additional: 0, factor: 1 }
      const horizon = horizonOf(drawn.tt, neededFootpaths(kept, min))
      const [from, to] = [at(drawn.stop('A')), at(drawn.stop('E'))]
      const time = drawn.day * 86_400 + 10 * 3600
      return search(horizon, { from, to, time, maxRides: 2, maxTravelTime: 7200, transferTimes }).map(({ legs }) =>
        legs.map(leg => formatTime(leg.arrival % 86_400)),
      )
    }
    expect(found(0)).toEqual([['10:08:00', '10:09:40', '10:30:00']])
    expect(found(600)).toEqual([['10:05:00', '10:15:00', '10:30:00']])
  })

  test('a change at one stop that a rule forbids some replaces no walk', () => {
    const drawn = timetable(`
      S   A 10:00   B 10:05   C 10:06
      U   C 10:20   D 10:30
      walk B→C 600s
      change C 120s
      rule C→C never from=S to=U`)
    expect(told(drawn, neededFootpaths(keepNeeded(drawn.tt, drawn.footpaths, 0), 0))).toEqual(['B→C 600'])
  })
})
