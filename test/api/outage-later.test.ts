// An elevator that breaks after a journey was planned: read again and watched, its walks go round it, wait for it, or are none.

import { describe, expect, test } from 'vitest'
import type { SnapOf } from '#api/live/messages.ts'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { E7 } from '#engine/core/geo.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { silence } from '#engine/live/state.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { appFor, get } from '../helpers/api.ts'
import { hubOf, join } from '../helpers/live.ts'
import { manualScheduler } from '../helpers/scheduler.ts'
import { testService } from '../helpers/service.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

describe('an elevator that breaks after a journey was planned', () => {
  //   A ── L 10 min ──▶ B ──100 m── elevator ──100 m── G ── M ──▶ H        and round about from B to G by R, 632 m
  const map = (round: string, kind = 'highway=footway') => {
    const s = streets(`
      at a 0,0  at a2 20,0  at b 3000,0  at e 3100,0  at g 3200,0  at g2 3220,0  at r 3100,300
      node e highway=elevator
      a-a2 highway=footway
      b-e-g-g2 ${kind}
      ${round}`)
    const at = (place: string): string => `${s.at(place).lat / E7},${s.at(place).lon / E7}`
    const drawn = timetable(`
      at A ${at('a')}
      at B ${at('b')}
      at G ${at('g')}
      at H 51.6,7.6
      L A 09:00 B 09:10
      M G 09:20 H 09:40
      M G 09:50 H 10:10
      N B 09:20 A 09:30`)
    const streetMap = { graph: s.graph, links: buildStopLinks(s.graph, drawn.tt) }
    const ground = createGround(drawn.tt, createStreetSearch(s.graph, streetMap.links))
    const walks = (walker: Profile) => mergeTransfers(drawn.tt, walksBetweenStops(ground, { walker, maxSeconds: 1800 }))
    const now = (drawn.day * 86_400 + 8 * 3600 + 50 * 60) as UnixSeconds
    const service = testService(
      { ...drawn, footpaths: walks(Profile.foot) },
      now,
      silence,
      walks(Profile.wheelchair),
      streetMap,
    )
    const app = appFor(service)
    type Leg = {
      mode: string
      startTime: string
      endTime: string
      missed?: true
      cancelled?: true
      elevators?: object[]
    }
    type Told = { id: string; startTime: string; endTime: string; broken?: true; legs: Leg[] }
    const text = ({ legs, broken }: Told): string =>
      legs
        .filter(({ startTime, endTime }) => startTime < endTime)
        .map(({ mode, startTime, endTime, missed, cancelled }) =>
          [mode, startTime.slice(11, 19), endTime.slice(11, 19), missed && 'missed', cancelled && 'cancelled']
            .filter(Boolean)
            .join(' '),
        )
        .concat(broken ? ['broken'] : [])
        .join(', ')
    const live = ({ display }: ReturnType<typeof join<'journey'>>): string => {
      const rows = [...display.rows.values()] as unknown as SnapOf<'journey'>['rows']
      const { journey } = display.members as unknown as SnapOf<'journey'>
      const iso = (time: number): string => new Date(time * 1000).toISOString()
      return text({
        legs: rows.map(({ mode, departure, arrival, state }) => ({
          ...{ mode, startTime: iso(departure), endTime: iso(arrival) },
          ...(state === 'missed' && { missed: true }),
          ...(state === 'cancelled' && { cancelled: true }),
        })),
        ...(journey.state === 'broken' && { broken: true }),
      } as Told)
    }
    const place = (name: string): string =>
      name === 'h' ? `${textOf(drawn.tt, drawn.tt.feedTag[0 as never])}_H` : at(name)
    const tell = (...out: { start: number; end: number }[]): void => {
      const { lat, lon } = s.at('e')
      const elevator = { id: 'e', source: 'fasta', name: 'e', lat, lon, state: 'out', out: out as never } as const
      service.publish(silence, undefined, { ...noConditions, elevators: out.length > 0 ? [elevator] : [] })
    }
    const allDay = { start: now - 3600, end: now + 10 * 3600 }
    return async (from: string, to: string, more = '', plannedWhileOut = false, out = allDay) => {
      tell(...(plannedWhileOut ? [out] : []))
      const time = new Date(now * 1000).toISOString()
      const url = `/api/v6/plan?fromPlace=${place(from)}&toPlace=${place(to)}&time=${time}&numItineraries=1&pedestrianProfile=WHEELCHAIR${more}`
      const { itineraries } = await get<{ itineraries: Told[] }>(app, url)
      const planned = itineraries[0]!
      const scheduler = manualScheduler()
      const watched = join<'journey'>({ hub: hubOf(service, scheduler) } as never, `journey:${planned.id}`)
      const again = async (details: boolean) => {
        const query = `itineraryId=${planned.id}&detailedLegs=${details}`
        const read = await get<Told>(app, `/api/v6/refresh-itinerary?${query}`)
        for (let s = 0; s < 3; s++) {
          scheduler.advance(1000)
          await new Promise(resolve => setImmediate(resolve))
        }
        expect(live(watched)).toBe(text(read))
        // what is not as planned is so because of it
        if (text(read) !== text(planned))
          expect(read.legs.flatMap(leg => leg.elevators ?? [])).toContainEqual(
            expect.objectContaining({ id: expect.stringMatching('^osm_'), name: 'e', source: 'fasta' }),
          )
        return text(read)
      }
      expect(await again(true)).toBe(text(planned))
      tell(out)
      const told = await again(true)
      expect(await again(false)).toBe(told)
      tell()
      if (!plannedWhileOut) expect(await again(true)).toBe(text(planned))
      return [text(planned), told]
    }
  }
  const around = 'b-r-g highway=footway'

  test('on a bicycle as well one sets out earlier, or not at all', async () => {
    const by = '&preTransitModes=BIKE&maxPreTransitTime=1800'
    const kind = 'highway=footway bicycle=yes'
    const train = 'BUS 09:20:00 09:30:00'
    // through the elevator 200 m, round 632 m; to lock it takes half a minute
    expect(await map(`b-r-g ${kind}`, kind)('g', 'a', by)).toEqual([
      `BIKE 09:17:27 09:19:30, WALK 09:19:30 09:20:00, ${train}`,
      `BIKE 09:16:12 09:19:30, WALK 09:19:30 09:20:00, ${train}`,
    ])
    expect(await map('', kind)('g', 'a', by)).toEqual([
      `BIKE 09:17:27 09:19:30, WALK 09:19:30 09:20:00, ${train}`,
      `BIKE 09:17:27 09:19:30 cancelled, WALK 09:19:30 09:20:00 cancelled, ${train}, broken`,
    ])
  })

  test('on a bicycle as well one waits for the repair where one is there sooner, or is there before it breaks', async () => {
    const kind = 'highway=footway bicycle=yes'
    const [now, minutes] = [Date.parse('2026-01-10T08:50:00Z') / 1000, 60]
    const last = '&postTransitModes=BIKE&maxPostTransitTime=1800'
    const soon = { start: now, end: now + 20.5 * minutes }
    const waits = 'BUS 09:00:00 09:10:00, WALK 09:10:30 09:11:00, BIKE 09:11:00 09:13:03'
    for (const plannedWhileOut of [true, false])
      expect((await map(`b-r-g ${kind}`, kind)('a', 'g', last, plannedWhileOut, soon))[1]).toBe(waits)
    const first = '&preTransitModes=BIKE&maxPreTransitTime=1800'
    const breaks = { start: now + 29 * minutes, end: now + 60 * minutes }
    const before = 'BIKE 09:16:27 09:18:30, WALK 09:18:30 09:19:00, BUS 09:20:00 09:30:00'
    for (const plannedWhileOut of [true, false])
      expect((await map(`b-r-g ${kind}`, kind)('g', 'a', first, plannedWhileOut, breaks))[1]).toBe(before)
  })

  test('the last walk arrives later', async () => {
    expect(await map(around)('a', 'g')).toEqual([
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:14:43',
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:21:43',
    ])
  })
  test('the first walk sets out earlier', async () => {
    expect(await map(around)('g', 'a')).toEqual([
      'WALK 09:15:17 09:20:00, BUS 09:20:00 09:30:00',
      'WALK 09:08:17 09:20:00, BUS 09:20:00 09:30:00',
    ])
  })
  test('a change is missed', async () => {
    expect(await map(around)('a', 'h')).toEqual([
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:14:43, BUS 09:20:00 09:40:00',
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:21:43, BUS 09:20:00 09:40:00 missed, broken',
    ])
  })
  describe('and works again, or breaks, before or after a walk', () => {
    const at = (time: string): number => Date.parse(`2026-01-10T${time}Z`) / 1000
    const until = (time: string) => ({ start: at('08:00'), end: at(time) })
    const from = (time: string) => ({ start: at(time), end: at('12:00') })
    test('the last walk waits for the repair where it is there sooner', async () => {
      const read = (out: { start: number; end: number }) => map(around)('a', 'g', '', false, out)
      expect((await read(until('09:13')))[1]).toBe('BUS 09:00:00 09:10:00, WALK 09:13:00 09:17:43')
      // there at 09:21:43 by the way round
      expect((await read(until('09:17')))[1]).toBe('BUS 09:00:00 09:10:00, WALK 09:10:00 09:21:43')
    })
    test('a change waits as long as the ride leaves time', async () => {
      expect((await map('')('a', 'h', '', false, until('09:15')))[1]).toBe(
        'BUS 09:00:00 09:10:00, WALK 09:15:00 09:19:43, BUS 09:20:00 09:40:00',
      )
      expect((await map('')('a', 'h', '', false, until('09:17')))[1]).toBe(
        'BUS 09:00:00 09:10:00, WALK 09:17:00 09:21:43, BUS 09:20:00 09:40:00 missed, broken',
      )
    })
    test('the first walk is there before the elevator breaks', async () => {
      expect((await map(around)('g', 'a', '', false, from('09:18')))[1]).toBe(
        'WALK 09:13:17 09:18:00, BUS 09:20:00 09:30:00',
      )
    })
    test('what was planned with a wait is read again as it was planned', async () => {
      const [planned, told] = await map('')('a', 'h', '', true, until('09:13'))
      expect(planned).toContain('WALK 09:13:00 09:17:43')
      expect(told).toBe(planned)
    })
  })
  test('where the way round was planned, in haste as well, it stays', async () => {
    const read = map(around)
    for (const pace of ['', '&pedestrianSpeed=1.8']) {
      const [planned, told] = await read('a', 'g', pace, true)
      expect(told).toBe(planned)
    }
  })
  test('where no way is left the walk is cancelled', async () => {
    const without = map('')
    expect(await without('a', 'g')).toEqual([
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:14:43',
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:14:43 cancelled, broken',
    ])
    expect((await without('a', 'h'))[1]).toBe(
      'BUS 09:00:00 09:10:00, WALK 09:10:00 09:14:43 cancelled, BUS 09:20:00 09:40:00, broken',
    )
  })
})
