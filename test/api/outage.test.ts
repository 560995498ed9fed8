// One elevator out of order, told by an alert or by a source of elevators: routing, boards and watched journeys change at once, and are as
// before when it works again.

import { expect, test } from 'vitest'
import type { SnapOf } from '#api/live/messages.ts'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { type Conditions, noConditions } from '#engine/conditions/conditions.ts'
import { E7 } from '#engine/core/geo.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { type LiveAlert, silence } from '#engine/live/state.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { appFor, get } from '../helpers/api.ts'
import { hubOf, join } from '../helpers/live.ts'
import { manualScheduler } from '../helpers/scheduler.ts'
import { testService } from '../helpers/service.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'
import { loadStation } from '../station/station.ts'

const NOW = (Date.parse('2026-01-05T09:40:00+01:00') / 1000) as UnixSeconds
const { tt } = await loadStation()
const walks = (walker: Profile) =>
  mergeTransfers(tt, walksBetweenStops(createGround(tt, undefined), { walker, maxSeconds: 600 }))
const idOf = (text: string): string => `${textOf(tt, tt.feedTag[0 as never])}_${text}`

const alert: LiveAlert = {
  id: 'x_1',
  source: 0,
  communication: [],
  impact: [],
  selectors: [{ stop: tt.stopId.findIndex(text => textOf(tt, text) === 'P2') as never }],
  cause: 'MAINTENANCE',
  effect: 'ACCESSIBILITY_ISSUE',
  severity: 'WARNING',
  header: [{ text: 'Elevator out of order' }],
  description: [],
  ttsHeader: [],
  ttsDescription: [],
  url: [],
}
const report: Conditions = {
  ...noConditions,
  elevators: [{ id: idOf('L2'), source: 'fasta', name: 'zu Gleis 2', lat: 0, lon: 0, state: 'out', out: [] }],
}

test.each([
  ['an alert', { ...silence, alerts: [alert] }, noConditions, '', 'x_1'],
  ['a source of elevators', silence, report, 'zu Gleis 2', 'fasta'],
])('%s', async (_, live, conditions, name, source) => {
  const service = testService({ tt, footpaths: walks(Profile.foot) }, NOW, silence, walks(Profile.wheelchair))
  const scheduler = manualScheduler()
  const hub = hubOf(service, scheduler)
  const app = appFor(service)
  const plan = async (who: string) => {
    const url = `/api/v6/plan?fromPlace=${idOf('Z')}&toPlace=${idOf('Y')}&time=2026-01-05T08:45:00Z&numItineraries=1&pedestrianProfile=${who}`
    const { itineraries } = await get<{
      itineraries: { id: string; legs: { tripId?: string; from: { stopId: string } }[] }[]
    }>(app, url)
    return itineraries[0]!
  }
  const boards = async (who: string): Promise<string[]> =>
    (await plan(who)).legs.filter(leg => leg.tripId).map(leg => leg.from.stopId)
  const passing = async (seconds: number): Promise<void> => {
    for (let s = 0; s < seconds; s++) {
      service.time = (service.time + 1) as UnixSeconds
      scheduler.advance(1000)
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  const [rolling, walking] = [await plan('WHEELCHAIR'), await plan('FOOT')]
  const board = join({ hub } as never, `station:${idOf('S')}`)
  const watched = join<'journey'>({ hub } as never, `journey:${rolling.id}`)
  const onFoot = join<'journey'>({ hub } as never, `journey:${walking.id}`)
  const shown = ({ display }: typeof watched) => {
    const { journey, notices, alternative } = display.members as unknown as SnapOf<'journey'>
    return {
      state: journey.state,
      notices,
      way: alternative?.legs.flatMap(leg => (leg.tripId ? [leg.from.stopId] : [])),
    }
  }
  const outAt = ({ display }: typeof board) => (display.members as unknown as SnapOf<'board'>).elevators
  const before = {
    boards: await boards('WHEELCHAIR'),
    elevators: outAt(board),
    watched: shown(watched),
  }
  expect(before).toEqual({
    boards: [idOf('Z'), idOf('P2')],
    elevators: [],
    watched: { state: 'ok', notices: [], way: undefined },
  })

  service.publish(live, undefined, conditions)
  await passing(3)
  expect(await boards('WHEELCHAIR')).toEqual([idOf('Z'), idOf('X')])
  expect(outAt(board)).toEqual([{ id: idOf('L2'), name, source }])
  expect(shown(watched)).toEqual({
    state: 'broken',
    notices: [{ kind: 'elevator', leg: '1', elevator: name || idOf('L2'), id: idOf('L2'), source }],
    way: [idOf('Z'), idOf('X')],
  })
  expect(shown(onFoot).state).toBe('ok')
  expect(await boards('FOOT')).toEqual([idOf('Z'), idOf('P2')])

  service.publish(silence, undefined, noConditions)
  await passing(3)
  expect({
    boards: await boards('WHEELCHAIR'),
    elevators: outAt(board),
    watched: shown(watched),
  }).toEqual(before)
})

test('an elevator that works again, or breaks, while one changes: what is planned, read again and watched agrees', async () => {
  const service = testService({ tt, footpaths: walks(Profile.foot) }, NOW, silence, walks(Profile.wheelchair))
  const app = appFor(service)
  const clock = (time: string): number => Date.parse(`2026-01-05T${time}+01:00`) / 1000
  const tell = (...impact: LiveAlert['impact']): void =>
    service.publish({ ...silence, alerts: [{ ...alert, impact }] }, undefined, noConditions)
  type Told = { id: string; legs: { startTime: string; endTime: string; mode: string; to: { stopId?: string } }[] }
  const walk = ({ legs }: Told) => {
    const leg = legs.find(({ mode, to }) => mode === 'WALK' && to.stopId === idOf('P2'))
    return leg && [leg.startTime, leg.endTime].map(time => time.slice(11, 19)).join('–')
  }
  const url = `/api/v6/plan?fromPlace=${idOf('Z')}&toPlace=${idOf('Y')}&time=2026-01-05T08:45:00Z&numItineraries=1&pedestrianProfile=WHEELCHAIR`
  const plan = async () => (await get<{ itineraries: Told[] }>(app, url)).itineraries[0]!
  const watch = async (id: string) => {
    const { display } = join<'journey'>({ hub: hubOf(service, manualScheduler()) } as never, `journey:${id}`)
    await new Promise(resolve => setImmediate(resolve))
    const { journey, notices } = display.members as unknown as SnapOf<'journey'>
    const rows = [...display.rows.values()] as unknown as SnapOf<'journey'>['rows']
    const way = rows.find(row => row.mode === 'WALK')
    return [journey.state, notices.length, way && [way.departure, way.arrival]]
  }
  tell({ end: clock('10:02:00') as UnixSeconds })
  const waiting = await plan()
  expect(walk(waiting)).toBe('09:02:00–09:03:17')
  expect(walk(await get<Told>(app, `/api/v6/refresh-itinerary?itineraryId=${waiting.id}`))).toBe('09:02:00–09:03:17')
  expect(await watch(waiting.id)).toEqual(['ok', 0, [clock('10:02:00'), clock('10:03:17')]])

  service.publish(silence, undefined, noConditions)
  const early = await plan()
  expect(walk(early)).toBe('09:00:00–09:01:17')
  tell({ start: clock('10:01:00') as UnixSeconds, end: clock('12:00:00') as UnixSeconds })
  expect((await watch(early.id))[0]).toBe('broken')
  expect(walk(await plan())).toBeUndefined()
})

test('a walk into a station tells its pathways as steps, in a journey and on its own', async () => {
  const service = testService({ tt, footpaths: walks(Profile.foot) }, NOW, silence, walks(Profile.wheelchair))
  const app = appFor(service)
  type Step = {
    relativeDirection: string
    pathway?: string
    duration?: number
    fromLevel: number
    toLevel: number
    stairCount?: number
  }
  const say = ({ steps }: { steps: Step[] }) =>
    steps.map(s =>
      [s.relativeDirection, s.pathway, s.duration, s.stairCount, `${s.fromLevel} → ${s.toLevel}`]
        .filter(Boolean)
        .join(' '),
    )
  const leg = async (who: string) => {
    const url = `/api/v6/plan?fromPlace=51.4999,7.3990&toPlace=${idOf('Y')}&time=2026-01-05T08:45:00Z&numItineraries=1&detailedLegs=true&pedestrianProfile=${who}`
    const { itineraries } = await get<{ itineraries: { legs: { steps: Step[]; to: { stopId: string } }[] }[] }>(
      app,
      url,
    )
    const first = itineraries.flatMap(({ legs }) => legs[0]!).find(({ to }) => to.stopId === idOf('P2'))
    return say(first!)
  }
  expect(await leg('FOOT')).toEqual([
    'STAIRS STAIRS 30 40 0 → -1',
    'CONTINUE FARE_GATE 2 -1 → -1',
    'STAIRS STAIRS 25 30 -1 → -2.5',
  ])
  expect(await leg('WHEELCHAIR')).toEqual([
    'ELEVATOR ELEVATOR 60 0 → -1',
    'CONTINUE FARE_GATE 3 -1 → -1',
    'ELEVATOR ELEVATOR 50 -1 → -2.5',
  ])
  const url = `/api/freifahrt/v1/street?from=${idOf('E')}&to=${idOf('P1')}&mode=WHEELCHAIR&maxSlope=6`
  const { route } = await get<{ route: { duration: number; accessible: string; obstacles: unknown[]; steps: Step[] } }>(
    app,
    url,
  )
  expect(route).toMatchObject({
    duration: 60 + 3 + 27,
    accessible: 'UNKNOWN',
    obstacles: ['L1 width', 'in width', 'w1 slope', 'w1 width'].map(words => {
      const [pathway, limit] = words.split(' ')
      return { limit, pathway, passable: 'UNKNOWN' }
    }),
  })
})

test('a way on its own goes over no elevator that is out of order then', async () => {
  const service = testService({ tt, footpaths: walks(Profile.foot) }, NOW, silence, walks(Profile.wheelchair))
  const app = appFor(service)
  const end = NOW + 3600
  const way = async (mode: string, time: number): Promise<number | undefined> => {
    const at = new Date(time * 1000).toISOString()
    const url = `/api/freifahrt/v1/street?from=${idOf('E')}&to=${idOf('P2')}&mode=${mode}&time=${at}`
    return (await get<{ route?: { duration: number } }>(app, url)).route?.duration
  }
  const open = 60 + 3 + 50
  expect(await way('WHEELCHAIR', NOW)).toBe(open)
  service.publish(
    { ...silence, alerts: [{ ...alert, impact: [{ end: end as UnixSeconds }] }] },
    undefined,
    noConditions,
  )
  expect(await way('WHEELCHAIR', NOW)).toBeUndefined()
  expect(await way('WHEELCHAIR', end)).toBe(open)
  expect(await way('WALK', NOW)).toBe(30 + 2 + 25)
  service.publish(silence, undefined, noConditions)
  expect(await way('WHEELCHAIR', NOW)).toBe(open)
})

test('where the only way leads over an elevator that is out of order, it is named, and is the reason', async () => {
  const service = testService({ tt, footpaths: walks(Profile.foot) }, NOW, silence, walks(Profile.wheelchair))
  const app = appFor(service)
  const time = new Date(NOW * 1000).toISOString()
  type Why = { route?: object; blocking?: object[]; itineraries?: object[]; reasons?: { code: string }[] }
  const codes = ({ reasons }: Why) => reasons?.map(({ code }) => code)
  const street = (more = '') =>
    get<Why>(app, `/api/freifahrt/v1/street?from=${idOf('E')}&to=${idOf('P2')}&mode=WHEELCHAIR&time=${time}${more}`)
  const plan = (query: string, at = time) =>
    get<Why>(app, `/api/v6/plan?pedestrianProfile=WHEELCHAIR&time=${at}&${query}`)
  // Y by U2 from P2, by nothing else
  const ride = `fromPlace=51.4999,7.3990&toPlace=${idOf('Y')}&transitModes=SUBWAY&bannedRoutes=${idOf('U3')}`
  const direct = `fromPlace=${idOf('E')}&toPlace=${idOf('P2')}&transitModes=`
  expect((await plan(ride)).itineraries).not.toEqual([])
  expect(codes(await plan(direct))).toBeUndefined()

  const end = NOW + 6 * 3600
  const known = { ...report.elevators[0]!, out: [{ end: end as UnixSeconds }] }
  service.publish(silence, undefined, { ...noConditions, elevators: [known] })
  const why = await street()
  expect(codes(why)).toEqual(['ELEVATORS_OUT'])
  const outUntil = new Date(end * 1000).toISOString().replace('.000', '')
  expect(why.blocking).toEqual([
    {
      ...{ limit: 'elevator', passable: 'NO', pathway: 'L2', lat: 51.5, lon: 7.4003 },
      elevator: { id: idOf('L2'), name: 'zu Gleis 2', station: 'Station', outUntil, source: 'fasta' },
    },
  ])
  const elevators = [{ id: idOf('L2'), name: 'zu Gleis 2', station: 'Station', outUntil, source: 'fasta' }]
  const reasons = [{ code: 'ELEVATORS_OUT', text: expect.stringContaining('out of order'), elevators }]
  for (const query of [ride, direct]) expect((await plan(query)).reasons, query).toEqual(reasons)
  const later = new Date((end - 60) * 1000).toISOString()
  expect((await plan(`${ride}&arriveBy=true`, later)).reasons).toEqual(reasons)
  // with every elevator working there would be none either
  expect(codes(await street('&max=60'))).toEqual(['DIRECT_LIMITS'])
  expect(codes(await plan(`${ride}&maxTransfers=0&maxTravelTime=1`))).not.toContain('ELEVATORS_OUT')

  service.publish(silence, undefined, noConditions)
  expect((await street()).blocking).toEqual([])
  expect((await plan(ride)).itineraries).not.toEqual([])
})

test('an itinerary read again goes over no elevator that is out of order meanwhile', async () => {
  const service = testService({ tt, footpaths: walks(Profile.foot) }, NOW, silence, walks(Profile.wheelchair))
  const app = appFor(service)
  type Read = { id: string; legs: { to: { stopId: string }; steps?: { pathway?: string }[] }[] }
  const wayIn = ({ legs }: Read) => legs[0]!.steps!.map(step => step.pathway)
  const { itineraries } = await get<{ itineraries: Read[] }>(
    app,
    `/api/v6/plan?fromPlace=51.4999,7.3990&toPlace=${idOf('Y')}&time=2026-01-05T08:45:00Z&numItineraries=1&pedestrianProfile=WHEELCHAIR`,
  )
  const { id } = itineraries.find(({ legs }) => legs[0]!.to.stopId === idOf('P2'))!
  const again = async () => wayIn(await get<Read>(app, `/api/v6/refresh-itinerary?itineraryId=${id}&detailedLegs=true`))
  expect(await again()).toEqual(['ELEVATOR', 'FARE_GATE', 'ELEVATOR'])
  service.publish(silence, undefined, report)
  // no other way is known: a straight line
  expect(await again()).toEqual([])
  service.publish(silence, undefined, noConditions)
  expect(await again()).toEqual(['ELEVATOR', 'FARE_GATE', 'ELEVATOR'])
})

test('one to many with transit: the direct way goes over no elevator that is out of order then', async () => {
  //   a ── elevator ── b        300 m apart, and a line beside them
  const s = streets(`
    at a 0,0  at e 150,0  at b 300,0
    node e highway=elevator
    a-e-b highway=footway`)
  const drawn = timetable('L A 10:00 B 10:05')
  const now = (drawn.day * 86_400 + 9 * 3600) as UnixSeconds
  const map = { graph: s.graph, links: buildStopLinks(s.graph, drawn.tt) }
  const service = testService(drawn, now, silence, undefined, map)
  const app = appFor(service)
  const degrees = (place: string): string => Object.values(s.at(place)).map(e7 => e7 / E7).join() // biome-ignore format: one line
  const direct = async (hour: number) => {
    const at = new Date((now + (hour - 9) * 3600) * 1000).toISOString()
    const url = `/api/experimental/one-to-many-intermodal?one=${degrees('a')}&many=${degrees('b').replace(',', ';')}&time=${at}`
    return (await get<{ street_durations: { duration?: number }[] }>(app, url)).street_durations[0]!.duration
  }
  // 300 m at 1.2 m/s and an elevator, rounded up
  const working = 250 + 45 + 1
  expect(await direct(9)).toBe(working)
  const { lat, lon } = s.at('e')
  const elevator = { id: 'e', source: 'fasta', name: 'e', lat, lon, state: 'out' } as const
  const out = [{ start: now, end: (now + 3600) as UnixSeconds }]
  service.publish(silence, undefined, { ...noConditions, elevators: [{ ...elevator, out }] })
  expect([await direct(9), await direct(10)]).toEqual([undefined, working])
  service.publish(silence, undefined, noConditions)
  expect(await direct(9)).toBe(working)
})
