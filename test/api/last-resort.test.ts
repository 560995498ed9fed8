// Whom his limits close the street beside him is let through to the next one that is open to him, as nobody knows whether one can pass there: told
// as UNKNOWN wherever such a way is told, with what closes the nearer street and where. Who has no such limits is told nothing.
//
//   p                     ● 5 m beside the stairs
//   ═══ stairs ═══════════╪══════ s     20 m farther: a path, which is open, and from there the way to g
//   ───── path ──────────────────  q ────────────── g

import { describe, expect, test } from 'vitest'
import type { PlanResponse } from '#api/contract/itinerary.ts'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { silence } from '#engine/live/state.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { appFor, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const s = streets(`
  at p 50,5  at s1 0,0  at s2 100,0  at q1 0,-20  at q2 100,-20  at g 600,-20  at h 700,-20
  s1-s2 highway=steps
  s1-q1 highway=footway wheelchair=yes
  s2-q2 highway=footway wheelchair=yes
  q1-q2-g-h highway=footway wheelchair=yes`)
const at = (place: string): string => `${s.at(place).lat / E7},${s.at(place).lon / E7}`
const drawn = timetable(`
  at A ${at('g')}
  at B 51.6,7.6
  L A 09:00 B 09:30`)
const streetMap = { graph: s.graph, links: buildStopLinks(s.graph, drawn.tt) }
const ground = createGround(drawn.tt, createStreetSearch(s.graph, streetMap.links))
const walks = (walker: Profile) => mergeTransfers(drawn.tt, walksBetweenStops(ground, { walker, maxSeconds: 1800 }))
const now = (drawn.day * 86_400 + 8 * 3600) as UnixSeconds
const foot = { ...drawn, footpaths: walks(Profile.foot) }
const service = testService(foot, now, silence, walks(Profile.wheelchair), streetMap)
const ask = <T>(url: string): Promise<T> => get<T>(appFor(service), url)
const time = `time=${new Date(now * 1000).toISOString()}`

interface Told {
  readonly accessible?: string | undefined
  readonly obstacles?:
    | undefined
    | readonly { readonly limit: string; readonly passable: string; readonly lat: number }[]
}
/** In one word each. */
const said = ({ accessible, obstacles = [] }: Told): string =>
  [accessible, ...obstacles.map(({ limit, passable }) => `${limit} ${passable}`)].filter(Boolean).join(', ')
const BESIDE = 'UNKNOWN, stairs UNKNOWN'

const asked: Record<string, (from: string, to: string, who: string) => Promise<Told>> = {
  street: async (from, to, who) =>
    (await ask<{ route: Told }>(`/api/freifahrt/v1/street?from=${at(from)}&to=${at(to)}&mode=${who}`)).route,
  'a plan without transit': async (from, to, who) => {
    const url = `/api/v6/plan?fromPlace=${at(from)}&toPlace=${at(to)}&${time}&transitModes=&pedestrianProfile=${who}`
    return (await ask<PlanResponse>(url.replace('=WALK', '=FOOT'))).direct[0]!.legs[0]!
  },
  'one to many': async (from, to, who) => {
    const many = at(to).replace(',', ';')
    return (await ask<Told[]>(`/api/v1/one-to-many?one=${at(from).replace(',', ';')}&many=${many}&mode=${who}`))[0]!
  },
}

describe.each(Object.entries(asked))('%s', (_, tells) => {
  test.each([
    ['p', 'g'],
    ['g', 'p'],
  ])('from %s to %s', async (from, to) => {
    expect(said(await tells(from, to, 'WHEELCHAIR'))).toBe(BESIDE)
    for (const { obstacles = [] } of [await tells(from, to, 'WHEELCHAIR')])
      expect(Math.abs(obstacles[0]!.lat - s.at('s1').lat / E7)).toBeLessThan(1e-6)
    expect((await tells(from, to, 'WALK')).obstacles ?? []).toEqual([])
  })
  test('where the street is open there is nothing to tell', async () => {
    expect((await tells('g', 'h', 'WHEELCHAIR')).obstacles ?? []).toEqual([])
  })
})

test('with transit', async () => {
  const url = `/api/v6/plan?fromPlace=${at('p')}&toPlace=test_B&${time}&numItineraries=1&pedestrianProfile=WHEELCHAIR`
  const { itineraries } = await ask<PlanResponse>(url)
  expect(said(itineraries[0]!.legs[0]!)).toBe(BESIDE)
})

test('isochrones', async () => {
  const isochrone = (from: string, mode: string) =>
    ask<Told>(`/api/freifahrt/v1/isochrone?one=${at(from)}&minutes=5&${time}&mode=${mode}`)
  expect(said(await isochrone('p', 'WHEELCHAIR'))).toBe(BESIDE)
  expect(said(await isochrone('p', 'WALK'))).toBe('')
  expect(said(await isochrone('g', 'WHEELCHAIR'))).toBe('')
})

test('who refuses what nobody knows is not let through', async () => {
  const many = at('g').replace(',', ';')
  const url = `/api/v1/one-to-many?one=${at('p').replace(',', ';')}&many=${many}&mode=WHEELCHAIR&unknownWays=REFUSE`
  expect(await ask(url)).toEqual([{}])
})
