// Seeded random queries between stops, busy stops more often than quiet ones, all through the day.

import type { BenchQuery } from '#api/cli/answers.ts'
import { publicStopId } from '#api/render/texts.ts'
import { NONE, type StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { StopLookup } from '#engine/timetable/lookup.ts'
import { random } from '../test/helpers/random.ts'

/** @param midnight of the day on which they depart, between 05:00 and 22:00 */
export function randomQueries(lookup: StopLookup, count: number, midnight: number): BenchQuery[] {
  const { tt, departures } = lookup
  const r = random(0x5eed)
  const roots: number[] = []
  for (let s = 0; s < tt.counts.stops; s++)
    if (tt.stopParent[s as StopIdx] === NONE && departures[s]! > 0) roots.push(s)
  const upTo: number[] = []
  for (const stop of roots) upTo.push((upTo.at(-1) ?? 0) + Math.ceil(departures[stop]!))
  const pick = (): string => {
    const at = r.below(upTo.at(-1)!)
    const i = upTo.findIndex(end => at < end)
    return publicStopId(tt, roots[i]! as StopIdx)
  }
  return Array.from({ length: count }, () => {
    const from = pick()
    let to = pick()
    while (to === from) to = pick()
    const time = (midnight + r.between(5 * 60, 22 * 60) * 60) as UnixSeconds
    return { text: `${from},${to},${new Date(time * 1000).toISOString()}`, from, to, time }
  })
}
