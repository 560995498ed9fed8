// Thousands of watched journeys whose walks lead over elevators, for the test and its long version: elevators go out of order and work again,
// and after each time exactly those journeys must have been told of it that say something else when they are read anew, and say what an
// itinerary says that is read again.
//
//   station i    D ── x      B ══ L ══▶ A of i + 1          L, a line; e, f and x are elevators
//                │           │
//                o ──── f ── ┤ ─── e ──── A                 o, where riders come from and go to; round e there is a way at every other station
//
// x leads nowhere: whatever it does is no news to anybody.

import { expect } from 'vitest'
import type { ChannelMaker } from '#api/live/maker.ts'
import type { SnapOf } from '#api/live/messages.ts'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { type ElevatorReport, noConditions } from '#engine/conditions/conditions.ts'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { silence } from '#engine/live/state.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { appFor, get } from './api.ts'
import { hubOf, join, type Listener } from './live.ts'
import { random } from './random.ts'
import { manualScheduler } from './scheduler.ts'
import { testService } from './service.ts'
import { streets } from './streets.ts'
import { timetable } from './timetable.ts'

export interface LiftFigures {
  readonly journeys: number
  /** Over all batches: journeys that were told, those read for it, questions to plan threads. */
  readonly told: number
  readonly reads: number
  readonly asked: number
  /** Of each batch: milliseconds until the last was told, plan threads included. */
  readonly ms: readonly number[]
}

const STATIONS = 10
/** Metres from one station to the next. */
const APART = 1500
/** Trips of a line, and minutes between them. */
const [TRIPS, EVERY] = [8, 30]

interface Told {
  readonly id: string
  readonly broken?: true
  readonly legs: readonly { mode: string; startTime: string; endTime: string; missed?: true; cancelled?: true }[]
}

/** @param batches of elevators that break and work again, a few at a time */
export async function watchLifts(count: number, batches: number, seed: number): Promise<LiftFigures> {
  const dice = random(seed)
  const { service, hub, scheduler, place, lift, day } = town()
  const app = appFor(service)
  const at = (minute: number): number => day * 86_400 + minute * 60
  const ids = new Set<string>()
  while (ids.size < count) {
    const [from, rides] = [dice.below(STATIONS - 2), 1 + dice.below(2)]
    const time = new Date(at(8 * 60 + EVERY * dice.below(TRIPS - 2)) * 1000).toISOString()
    const [a, b] = [place(from, dice.below(600) / 10), place(from + rides, dice.below(600) / 10)]
    const url = `/api/v6/plan?fromPlace=${a}&toPlace=${b}&time=${time}&numItineraries=1&pedestrianProfile=WHEELCHAIR&maxPreTransitTime=1800&maxPostTransitTime=1800`
    const { itineraries } = await get<{ itineraries: Told[] }>(app, url)
    ids.add(itineraries[0]!.id)
  }
  let asked = 0
  // a way on that is found later would be news of its own
  const counted: typeof service = Object.assign(Object.create(service), {
    plan: () => Promise.reject(new Error('no way on')),
    ask: (...args: Parameters<typeof service.ask>) => {
      asked++
      return service.ask(...args)
    },
  })
  const watching = hub(counted)
  const maker = watching.source as ChannelMaker
  const watched = [...ids].map(id => ({ id, listener: join<'journey'>({ hub: watching } as never, `journey:${id}`) }))
  const settle = async (): Promise<void> => {
    for (let s = 0; s < 3; s++) {
      service.time = (service.time + 1) as UnixSeconds
      scheduler.advance(1000)
      for (let before = -1; asked !== before; ) {
        before = asked
        for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
      }
    }
  }
  const out = new Map<string, ElevatorReport>()
  const figures = { journeys: watched.length, told: 0, reads: 0, asked: 0, ms: [] as number[] }
  for (let batch = 0; batch < batches; batch++) {
    for (let n = dice.below(3); n >= 0; n--) {
      const name = `${dice.pick(['e', 'f', 'x'])}${dice.below(STATIONS)}`
      const begin = at(8 * 60 + dice.below(TRIPS * EVERY))
      const period = { start: begin as UnixSeconds, end: (begin + 60 * dice.between(1, 120)) as UnixSeconds }
      if (!out.delete(name)) out.set(name, lift(name, dice.chance(0.3) ? [] : [period]))
    }
    const seen = watched.map(({ listener }) => listener.deltas.length)
    const then = watched.map(({ listener }) => contentOf(listener))
    const [begin, reads, askedBefore] = [performance.now(), maker.reads, asked]
    service.publish(silence, [], { ...noConditions, elevators: [...out.values()] })
    await settle()
    figures.ms.push(performance.now() - begin)
    figures.reads += maker.reads - reads
    figures.asked += asked - askedBefore
    const anew = hub(counted)
    for (const [i, { id, listener }] of watched.entries()) {
      const where = `seed ${seed}, batch ${batch}, journey ${i}`
      const fresh = join<'journey'>({ hub: anew } as never, `journey:${id}`)
      await new Promise(resolve => setImmediate(resolve))
      scheduler.advance(1000)
      await new Promise(resolve => setImmediate(resolve))
      expect(contentOf(listener), where).toBe(contentOf(fresh))
      const again = await get<Told>(app, `/api/v6/refresh-itinerary?itineraryId=${id}&detailedLegs=false`)
      expect(timesOf(listener), where).toEqual(timesIn(again))
      const isTold = listener.deltas.length > seen[i]!
      expect(isTold, where).toBe(contentOf(listener) !== then[i])
      if (isTold) figures.told++
    }
    anew.close()
  }
  watching.close()
  return figures
}

function town() {
  const all = Array.from({ length: STATIONS }, (_, i) => i)
  const map = streets(
    all
      .map(i => {
        const x = (metres: number): number => i * APART + metres
        return `
          at o${i} ${x(-60)},0  at p${i} ${x(0)},0  at f${i} ${x(50)},0  at b${i} ${x(100)},0  at e${i} ${x(200)},0  at a${i} ${x(300)},0
          at r${i} ${x(200)},250  at x${i} ${x(0)},60  at y${i} ${x(0)},90
          node e${i} highway=elevator
          node f${i} highway=elevator
          node x${i} highway=elevator
          o${i}-p${i}-f${i}-b${i}-e${i}-a${i} highway=footway
          p${i}-x${i}-y${i} highway=footway
          ${i % 2 ? `b${i}-r${i}-a${i} highway=footway` : ''}`
      })
      .join('\n'),
  )
  const degrees = (name: string): string => `${map.at(name).lat / E7},${map.at(name).lon / E7}`
  const clock = (minute: number): string => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
  const trips = all.slice(1).flatMap(i =>
    Array.from({ length: TRIPS }, (_, n) => {
      const minute = 8 * 60 + 15 + n * EVERY
      return `L${i} B${i - 1} ${clock(minute)} A${i} ${clock(minute + 12)}`
    }),
  )
  const drawn = timetable(
    [...all.flatMap(i => [`at A${i} ${degrees(`a${i}`)}`, `at B${i} ${degrees(`b${i}`)}`]), ...trips].join('\n'),
  )
  const streetMap = { graph: map.graph, links: buildStopLinks(map.graph, drawn.tt) }
  const ground = createGround(drawn.tt, createStreetSearch(map.graph, streetMap.links))
  const walks = (walker: Profile) => mergeTransfers(drawn.tt, walksBetweenStops(ground, { walker, maxSeconds: 1800 }))
  const now = (drawn.day * 86_400 + 7 * 3600) as UnixSeconds
  const footpaths = walks(Profile.foot)
  const service = testService({ ...drawn, footpaths }, now, silence, walks(Profile.wheelchair), streetMap)
  const scheduler = manualScheduler()
  return {
    ...{ service, scheduler, day: drawn.day },
    hub: (of: typeof service) => hubOf(of, scheduler, { maxChannels: 100_000 }),
    /** So many metres from where riders of a station come from. */
    place: (i: number, metres: number): string => {
      const [o, p] = [map.at(`o${i}`), map.at(`p${i}`)]
      const along = (a: number, b: number): number => (a + ((b - a) * metres) / 60) / E7
      return `${along(o.lat, p.lat)},${along(o.lon, p.lon)}`
    },
    lift: (name: string, out: ElevatorReport['out']): ElevatorReport => {
      const { lat, lon } = map.at(name)
      return { id: name, source: 'fasta', name, lat, lon, state: 'out', out }
    },
  }
}

function contentOf({ display }: Listener<'journey'>): string {
  const { alternative: _, ...members } = display.members
  return JSON.stringify({ rows: [...display.rows.values()].map(row => ({ ...row, v: undefined })), ...members })
}

const timesOf = ({ display }: Listener<'journey'>): string[] =>
  ([...display.rows.values()] as unknown as SnapOf<'journey'>['rows']).flatMap(row =>
    row.departure === row.arrival ? [] : [`${row.mode} ${row.departure} ${row.arrival} ${row.state}`],
  )

const timesIn = ({ legs }: Told): string[] =>
  legs.flatMap(({ mode, startTime, endTime, missed, cancelled }) => {
    const [begin, end] = [startTime, endTime].map(time => Date.parse(time) / 1000)
    const state = cancelled ? 'cancelled' : missed ? 'missed' : 'normal'
    return begin === end ? [] : [`${mode} ${begin} ${end} ${state}`]
  })
