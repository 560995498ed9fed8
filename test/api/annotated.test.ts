// Searched by the schedule, told with realtime: what is late, early or missed is told as the same journey read again tells it.

import { expect, test } from 'vitest'
import type { Itinerary, Leg, PlanResponse } from '#api/contract/itinerary.ts'
import { publicStopId } from '#api/render/texts.ts'
import type { StopIdx, TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import { appFor, get } from '../helpers/api.ts'
import { drawCity } from '../helpers/city.ts'
import { type ChangedRun, lateRun, liveState } from '../helpers/horizon.ts'
import { type Random, random } from '../helpers/random.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city, iso } from './city.ts'

const day = (at('0:00') / 86_400) as ServiceDay
const told = ({ legs }: Itinerary): string[] =>
  legs.map(
    ({ startTime, endTime, displayName, mode, missed }: Leg) =>
      `${startTime.slice(11, 16)} ${displayName ?? mode} ${endTime.slice(11, 16)}${missed ? ' missed' : ''}`,
  )

test.each([
  [90, ['10:01 S1 10:11', '10:11 WALK 10:13', '10:14 U2 10:30']],
  [180, ['10:03 S1 10:13', '10:13 WALK 10:15', '10:14 U2 10:30 missed']],
])('S1 %i s late', async (late, expected) => {
  const app = appFor(testService(city, at('9:00'), liveState([lateRun(city.tt, city.trip('S1'), day, late)])))
  const url = `/api/v6/plan?fromPlace=test_A&toPlace=test_E&time=${iso('9:50')}&realtimeMode=REALTIME_ANNOTATION_ONLY`
  const [itinerary] = (await get<PlanResponse>(app, url)).itineraries
  expect(told(itinerary!)).toEqual(expected)
})

test('the first ride leaves early: so does who walks there', async () => {
  const world = timetable(`
    at A 51.5,7.4
    U1   A 10:00   B 10:30`)
  const early = liveState([lateRun(world.tt, world.trip('U1'), day, -120)])
  const app = appFor(testService(world, at('9:00'), early))
  const url = `/api/v6/plan?fromPlace=51.501,7.4&toPlace=test_B&time=${iso('9:40')}&realtimeMode=REALTIME_ANNOTATION_ONLY`
  const [itinerary] = (await get<PlanResponse>(app, url)).itineraries
  expect(itinerary!.legs.map(leg => leg.endTime)).toEqual([iso('9:58'), iso('10:28')])
  expect(itinerary!.startTime).toBe(itinerary!.legs[0]!.startTime)
})

/** Half of all runs, up to three minutes early or 25 late. */
function lateRuns(tt: Timetable, r: Random): ChangedRun[] {
  const changed: ChangedRun[] = []
  for (let t = 0 as TripIdx; t < tt.counts.trips; t++)
    for (let d = tt.counts.firstDay as ServiceDay; d < tt.counts.firstDay + tt.counts.days; d++)
      if (runsOn(tt, tt.tripService[t], d) && r.chance(0.5)) changed.push(lateRun(tt, t, d, r.between(-180, 1500)))
  return changed
}

test('60 drawn cities: missed is what is missed when it is read again', async () => {
  let [missed, kept] = [0, 0]
  for (let seed = 1; seed <= 60; seed++) {
    const r = random(900 + seed)
    const world = timetable(drawCity(r), { change: 60 })
    const { tt } = world
    const service = testService(world, (world.day * 86_400) as UnixSeconds, liveState(lateRuns(tt, r)))
    const app = appFor(service)
    const stop = (): string => publicStopId(tt, r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx)
    const time = new Date((world.day * 86_400 + r.between(0, 40 * 3600)) * 1000).toISOString()
    const url = `/api/v6/plan?fromPlace=${stop()}&toPlace=${stop()}&time=${time}&searchWindow=14400&realtimeMode=REALTIME_ANNOTATION_ONLY`
    for (const itinerary of (await get<PlanResponse>(app, url)).itineraries) {
      const again = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${itinerary.id}`)
      const flags = ({ legs }: Itinerary) => legs.flatMap(leg => (leg.tripId ? [leg.missed === true] : []))
      expect(flags(itinerary), `seed ${seed} ${url}\n${told(itinerary)}\n${told(again)}`).toEqual(flags(again))
      for (const flag of flags(itinerary)) flag ? missed++ : kept++
    }
  }
  expect(Math.min(missed, kept)).toBeGreaterThan(3)
})
