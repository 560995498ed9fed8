// Whom an elevator spares time.

import { expect, test } from 'vitest'
import { isOfUse } from '#engine/access/elevator-use.ts'
import { listElevators } from '#engine/access/elevators.ts'
import { createGround } from '#engine/access/ground.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'
import { loadStation } from '../station/station.ts'

const { tt: nowhere } = timetable('L A 10:00 B 10:05')

/** For each elevator of the map: of use on foot, in a wheelchair. */
function uses(drawing: string): [foot: boolean, wheelchair: boolean][] {
  const { graph } = streets(drawing)
  const ground = createGround(nowhere, createStreetSearch(graph, buildStopLinks(graph, nowhere)))
  return listElevators(nowhere, graph).map(e => [
    isOfUse(ground, e, Profile.foot),
    isOfUse(ground, e, Profile.wheelchair),
  ])
}

//   a ──── b ── e ── c ──── d      5 m from either door to e
const ends =
  'at a 0,0  at b 145,0  at e 150,0  at f 150,10  at c 155,0  at d 300,0\na-b highway=footway\nc-d highway=footway'

test('stairs beside it serve who climbs them as well, and a long way round nobody', () => {
  const lift = 'b-e-c highway=footway\nnode e highway=elevator'
  expect(uses(`${ends}\n${lift}`)).toEqual([[true, true]])
  expect(uses(`${ends}\n${lift}\nb-c highway=steps`)).toEqual([[false, true]])
  expect(uses(`${ends}\n${lift}\nb-f-c highway=footway`)).toEqual([[false, false]])
  expect(uses(`at r 150,400\n${ends}\n${lift}\nb-r-c highway=footway`)).toEqual([[true, true]])
  // from right before it the stairs are minutes away
  expect(uses(`${ends}\n${lift}\na-f-d highway=steps`)).toEqual([[true, true]])
})

test('an elevator mapped as a way', () => {
  expect(uses(`${ends}\nb-c highway=elevator`)).toEqual([[true, true]])
  expect(uses(`${ends}\nb-c highway=elevator\nb-f-c highway=steps`)).toEqual([[false, true]])
})

test('of two side by side each is of use, for the other may be out as well', () => {
  const both = 'b-e-c highway=footway\nb-f-c highway=footway\nnode e highway=elevator\nnode f highway=elevator'
  expect(uses(`${ends}\n${both}`)).toEqual([
    [true, true],
    [true, true],
  ])
})

test('inside a station', async () => {
  const { tt } = await loadStation()
  const ground = createGround(tt, undefined)
  const all = listElevators(tt, undefined)
  expect(all.map(e => isOfUse(ground, e, Profile.foot))).toEqual([false, false])
  expect(all.map(e => isOfUse(ground, e, Profile.wheelchair))).toEqual([true, true])
})
