// Are a feed's pathways as long as it says? GTFS has metres; a feed in feet says that everything is 3.28 times as far. One way may wind or be
// mistaken, so a feed is judged as a whole, by what cannot be otherwise: no way is shorter than the straight line, and people walk at a
// metre or so a second.

import { metresBetween } from '#engine/core/geo.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import type { Report } from './report.ts'
import { PATHWAYS } from './tables.ts'

const FOOT = 0.3048
/** pathway_mode of what one walks or is carried along, elevators and gates aside; the first one is walked at one's own pace. */
const [WALKWAY, ESCALATOR] = [1, 4]
/** Places are drawn to some metres: what is nearer than that has no ratio. Fewer pathways say nothing of a feed. */
const [LEAST_METRES, LEAST_PATHWAYS] = [5, 20]
/** Length over straight line, of the middle one; in a station that is drawn as it is, 1 to 1.6. */
const [SHORTER, WINDING] = [0.5, 3]
/** The same in feet (3.28 and more): of the straightest tenth, and of the middle one. */
const [FEET_FROM, FEET_STRAIGHT, FEET_WINDING] = [3, 4.5, 6.6]
/** m/s on walkways, of the middle one. */
const [SLOWEST, FASTEST] = [0.2, 2.5]

/** Sets right or leaves out the lengths of the pathways from row `first` on when they are no metres, and says so. */
export function checkPathwayLengths(builder: TimetableBuilder, first: number, report: Report): void {
  const { stops, pathways } = builder
  const { pathwayFrom, pathwayTo, pathwayMode, pathwaySeconds, pathwayMillimetres } = pathways
  const [ratios, speeds]: [number[], number[]] = [[], []]
  let stated = 0
  for (let p = first; p < pathwayMode.length; p++) {
    const metres = pathwayMillimetres.data[p]! / 1000
    if (metres < 0) continue
    stated++
    const [mode, seconds] = [pathwayMode.data[p]!, pathwaySeconds.data[p]!]
    if (mode > ESCALATOR || metres === 0) continue
    if (mode === WALKWAY && seconds > 0) speeds.push(metres / seconds)
    const [from, to] = [pathwayFrom.data[p]!, pathwayTo.data[p]!]
    if (stops.stopHasPosition.data[from] !== 1 || stops.stopHasPosition.data[to] !== 1) continue
    const [lat, lon] = [stops.stopLat.data, stops.stopLon.data]
    const straight = metresBetween(lat[from]!, lon[from]!, lat[to]!, lon[to]!)
    if (straight >= LEAST_METRES) ratios.push(metres / straight)
  }
  const [straightest, middle, speed] = [quantile(ratios, 0.1), quantile(ratios, 0.5), quantile(speeds, 0.5)]
  if (!(middle > WINDING || middle < SHORTER || speed > FASTEST || speed < SLOWEST)) return
  const paced = Number.isNaN(speed) || (speed * FOOT <= FASTEST && speed * FOOT >= SLOWEST)
  const feet = paced && straightest >= FEET_FROM && straightest <= FEET_STRAIGHT && middle <= FEET_WINDING
  for (let p = first; p < pathwayMode.length; p++) {
    const { data } = pathwayMillimetres
    if (data[p]! >= 0) data[p] = feet ? Math.round(data[p]! * FOOT) : -1
  }
  const found = [
    ...(Number.isNaN(middle) ? [] : [`${middle.toFixed(1)} times the straight line`]),
    ...(Number.isNaN(speed) ? [] : [`${speed.toFixed(1)} m/s on walkways`]),
  ].join(', ')
  report.note(
    'implausible_pathway_lengths',
    PATHWAYS.file,
    0,
    () =>
      `length is in metres; as metres, ${stated} lengths are in the middle ${found}: ${feet ? 'taken as feet' : 'left out, straight lines count instead'}. The publisher should convert them`,
  )
}

/** NaN of too few. */
const quantile = (values: readonly number[], share: number): number =>
  values.length < LEAST_PATHWAYS ? Number.NaN : [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!
