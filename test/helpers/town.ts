// Small towns whose stops lie on streets that not everybody can walk.

import { E7 } from '#engine/core/geo.ts'
import type { Random } from './random.ts'
import { metresToPoint, streets } from './streets.ts'
import { timetable } from './timetable.ts'

/** Corners along a side, and metres between them unless told otherwise. */
export const [SIDE, METRES] = [4, 95]
const time = (hours: number, minutes: number): string =>
  `${String(hours + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/**
 * A town of footways, steps and elevators between corners, with lines along its streets from nine to about half past eleven.
 * @param metres between corners
 * @param elevators how many of the corners are elevators
 */
export function drawTown(r: Random, metres = METRES, elevators = 0.2) {
  const [lines, calls]: [string[], string[]] = [[], []]
  const name = (x: number, y: number): string => `n${x}_${y}`
  for (let x = 0; x < SIDE; x++)
    for (let y = 0; y < SIDE; y++) {
      const [east, north] = [x * metres + r.below(20), y * metres + r.below(20)]
      lines.push(`at ${name(x, y)} ${east},${north}`)
      if (r.chance(elevators)) lines.push(`node ${name(x, y)} highway=elevator`)
      const { lat, lon } = metresToPoint(east + r.below(9), north + r.below(9))
      calls.push(`at s${x}_${y} ${lat / E7},${lon / E7}`)
    }
  const way = (): string =>
    `highway=${r.pick(['elevator', 'elevator', 'steps', 'footway', 'footway', 'footway', 'footway'])}`
  for (let x = 0; x < SIDE; x++)
    for (let y = 0; y < SIDE; y++) {
      if (x + 1 < SIDE && r.chance(0.75)) lines.push(`${name(x, y)}-${name(x + 1, y)} ${way()}`)
      if (y + 1 < SIDE && r.chance(0.75)) lines.push(`${name(x, y)}-${name(x, y + 1)} ${way()}`)
    }
  for (let n = r.between(12, 20); n > 0; n--) {
    const [i, begin, along, step] = [r.below(SIDE), r.between(0, 100), r.chance(0.5), r.between(1, 4)]
    const stop = (k: number): string => (along ? `s${k}_${i}` : `s${i}_${k}`)
    const ends = r.chance(0.5) ? [0, 1, 2, 3] : [3, 2, 1, 0]
    const kept = ends.filter((_, k) => k % 3 === 0 || r.chance(0.6))
    calls.push(`L${n} ${kept.map((k, at) => `${stop(k)} ${time(9, begin + at * step * 2)}`).join(' ')}`)
  }
  return { drawn: timetable(calls.join('\n')), graph: streets(lines.join('\n')).graph }
}
