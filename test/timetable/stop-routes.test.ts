import { expect, test } from 'vitest'
import type { PatternIdx, RouteIdx, StopIdx } from '#engine/core/ids.ts'
import { routesCallingAt } from '#engine/timetable/stop-routes.ts'
import { slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import { drawCity } from '../helpers/city.ts'
import { random } from '../helpers/random.ts'
import { timetable } from '../helpers/timetable.ts'

function bySearching(tt: Timetable, stops: readonly StopIdx[]): Set<RouteIdx> {
  const found = new Set<RouteIdx>()
  for (let p = 0 as PatternIdx; p < tt.counts.patterns; p++)
    for (let slot = tt.slotBegin[p]!; slot < tt.slotBegin[p + 1]!; slot++)
      if (stops.includes(slotStop(tt.slots[slot]!))) found.add(tt.patternRoute[p])
  return found
}

const sorted = (routes: Set<RouteIdx>): number[] => [...routes].sort((a, b) => a - b)

test('the routes at each stop, and at several, of 20 drawn cities', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { tt } = timetable(drawCity(random(seed)))
    const stops = Array.from({ length: tt.counts.stops }, (_, s) => s as StopIdx)
    for (const stop of stops) expect(sorted(routesCallingAt(tt, [stop]))).toEqual(sorted(bySearching(tt, [stop])))
    const some = stops.slice(0, 5)
    expect(sorted(routesCallingAt(tt, some))).toEqual(sorted(bySearching(tt, some)))
  }
})
