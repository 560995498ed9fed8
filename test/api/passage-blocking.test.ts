// What blocks a way into a station is what blocks the way along the streets to its door, ends included, and what blocks inside.

import { expect, test } from 'vitest'
import { answerQuestion } from '#api/questions.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { streets } from '../helpers/streets.ts'
import { loadStation, stationFiles } from '../station/station.ts'

type Answer = { blocking: Blocking[]; reasons?: { code: string }[] }
type Blocking = { limit: string; osmWay?: number; pathway?: string }

/** A wheelchair's way to the station's door at e, and to the platform behind it. */
async function answersIn(drawing: string, from: string | [east: number, north: number], maxSeconds = 3600) {
  const s = streets(drawing)
  const degrees = `${s.at('e').lat / 1e7},${s.at('e').lon / 1e7}`
  const { tt } = await loadStation({
    'stops.txt': String(stationFiles['stops.txt']).replaceAll(/51\.500\d,7\.400\d/g, degrees),
  })
  const footpaths = mergeTransfers(tt, [])
  const planner = createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) })
  const platform = { stop: tt.stopId.findIndex(text => textOf(tt, text) === 'P1') as StopIdx }
  const profile = withChanges(Profile.wheelchair, { limits: { unknown: 'refuse' } })
  return [s.at('e'), platform].map(to => {
    const options = { profile, maxSeconds, maxMatchingDistance: 100 }
    const question = { kind: 'street', from: s.at(from), to, options, walker: profile }
    return answerQuestion(planner, horizonOf(tt, footpaths), question as never, 0 as UnixSeconds) as Answer
  })
}

const blockingIn = async (...world: Parameters<typeof answersIn>): Promise<Blocking[][]> =>
  (await answersIn(...world)).map(({ blocking }) => blocking)

const onStreets = (blocking: readonly Blocking[]) => blocking.filter(({ pathway }) => pathway === undefined)

//            k
//    ● home  ║ no wheels, way 2
//   a ═══════ b ═══════ e the station's door
test('who refuses what nobody knows hears of a nearer street closed to wheels, as on the streets alone', async () => {
  const drawing = `
    at a -300,0 at b -200,0 at k -200,60 at e 0,0
    a-b-e highway=residential
    b-k highway=footway wheelchair=no`
  const [outside, whole] = await blockingIn(drawing, [-210, 30])
  expect(outside!.some(({ osmWay }) => osmWay === 2)).toBe(true)
  expect(onStreets(whole!)).toEqual(outside)
})

test('where no wheels come at all, what blocks is told of the way on foot, as on the streets alone', async () => {
  const drawing = `
    at a -300,0 at b -200,0 at e 0,0
    a-b highway=residential
    b-e highway=steps`
  const [outside, whole] = await blockingIn(drawing, 'a')
  expect(outside).toContainEqual(expect.objectContaining({ limit: 'stairs', osmWay: 2 }))
  expect(onStreets(whole!)).toEqual(outside)
})

//    ● 500 m off        f an island ─ g
//   a ═══════ b ══════════ e the station's door
test('why there is no way is said: off the streets, too far, or nowhere', async () => {
  const drawing = `
    at a -600,0 at b -200,0 at e 0,0 at f -400,300 at g -300,300
    a-b-e highway=residential wheelchair=yes surface=asphalt smoothness=good width=3 incline=0% kerb=flush
    f-g highway=residential wheelchair=yes surface=asphalt smoothness=good width=3 incline=0% kerb=flush`
  const why = async (from: string | [east: number, north: number], maxSeconds?: number) =>
    (await answersIn(drawing, from, maxSeconds)).map(({ reasons }) => reasons?.map(({ code }) => code))
  expect((await why('a'))[0]).toBeUndefined()
  // behind the door nobody knows all that he needs
  expect(await why('a', 60)).toEqual([['DIRECT_TIME'], ['DIRECT_LIMITS']])
  expect(await why([-600, 700])).toEqual([['FROM_NO_STREET'], ['FROM_NO_STREET']])
  expect(await why('f')).toEqual([['NO_DIRECT'], ['NO_DIRECT']])
})
