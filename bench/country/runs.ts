// When lines run: headways by kind, hour and day type, school buses, short turns, slower at rush hour, nights from Friday to Sunday, one
// line in five with a new timetable from some day on; vehicles go back and forth where their operator plans them (block_id).

import { type Random, random } from '../../test/helpers/random.ts'
import type { Line, LineKind } from './lines.ts'

/** Services that every operator has; feed.ts says on which days they run. */
export const SERVICES = ['weekday', 'school', 'saturday', 'sunday', 'night', 'before', 'after'] as const
export type Service = (typeof SERVICES)[number]

export interface Run {
  readonly service: Service
  readonly back: 0 | 1
  /** First departure, seconds of the service day. */
  readonly start: number
  /** Positions in the line's direction that it serves: from … to, both included. */
  readonly from: number
  readonly to: number
  /** Travel times are the line's times this, to the next minute. */
  readonly pace: number
  /** Number of the vehicle within line and service; −1 where nobody says. */
  readonly vehicle: number
}

/** Minutes between runs: at rush hour, by day, in the evening; 0 = none. */
type Headways = readonly [number, number, number]

interface Plan {
  /** Service day hours of the first and last run. */
  readonly weekday: { readonly hours: readonly [number, number]; readonly every: Headways }
  readonly saturday: { readonly hours: readonly [number, number]; readonly every: Headways }
  readonly sunday: { readonly hours: readonly [number, number]; readonly every: Headways }
  readonly nights: number
  readonly school: boolean
}

const PLANS: Readonly<Record<LineKind, Plan>> = {
  tram: {
    weekday: { hours: [4, 24], every: [10, 10, 20] },
    saturday: { hours: [5, 24], every: [20, 15, 20] },
    sunday: { hours: [6, 24], every: [20, 20, 20] },
    nights: 30,
    school: false,
  },
  city: {
    weekday: { hours: [4, 24], every: [30, 40, 60] },
    saturday: { hours: [7, 22], every: [60, 60, 60] },
    sunday: { hours: [8, 22], every: [60, 60, 60] },
    nights: 0,
    school: false,
  },
  town: {
    weekday: { hours: [5, 20], every: [60, 60, 120] },
    saturday: { hours: [8, 18], every: [120, 120, 120] },
    sunday: { hours: [10, 18], every: [180, 180, 180] },
    nights: 0,
    school: true,
  },
  village: {
    weekday: { hours: [5, 21], every: [60, 120, 120] },
    saturday: { hours: [7, 18], every: [120, 120, 120] },
    sunday: { hours: [9, 18], every: [180, 180, 180] },
    nights: 0,
    school: true,
  },
  regional: {
    weekday: { hours: [4, 24], every: [30, 60, 60] },
    saturday: { hours: [5, 24], every: [60, 60, 60] },
    sunday: { hours: [6, 24], every: [60, 60, 60] },
    nights: 0,
    school: false,
  },
  express: {
    weekday: { hours: [5, 22], every: [60, 60, 120] },
    saturday: { hours: [6, 21], every: [60, 60, 120] },
    sunday: { hours: [6, 22], every: [60, 60, 60] },
    nights: 0,
    school: false,
  },
}
const RUSH = [
  [6.5, 9],
  [15.5, 18.5],
] as const
const EVENING = 20
const LAYOVER = 360

/** Arrival and departure at the positions of a run, in turn. */
export function runSeconds(line: Line, back: 0 | 1, pace: number): readonly number[] {
  const hops = back === 0 ? line.seconds : line.seconds.toReversed()
  return hops.map(seconds => Math.max(60, 60 * Math.round((seconds * pace) / 60)))
}

export function runsOf(line: Line, index: number, seed: number): Run[] {
  const r = random(seed * 31 + index)
  const plan = PLANS[line.kind]
  const runs: Run[] = []
  const rebuilt = r.chance(0.2)
  const offset = r.below(60)
  const weekday = [rebuilt ? 'before' : 'weekday', ...(rebuilt ? ['after'] : [])] as Service[]
  for (const service of weekday) drive(line, service, plan.weekday, offset + (service === 'after' ? 2 : 0), r, runs)
  drive(line, 'saturday', plan.saturday, offset, r, runs)
  drive(line, 'sunday', plan.sunday, offset, r, runs)
  if (plan.nights > 0) drive(line, 'night', { hours: [24.5, 28], every: [0, 0, plan.nights] }, offset, r, runs)
  if (plan.school) {
    const stops = line.stops.length - 1
    const half = Math.floor(stops / 2)
    // to the middle of the line in the morning, out again after the fifth and the sixth lesson
    runs.push({
      service: 'school',
      back: 0,
      start: 6.75 * 3600 + offset * 20,
      from: 0,
      to: Math.max(1, half),
      pace: 1.1,
      vehicle: -1,
    })
    for (const start of [12.75, 13.5])
      runs.push({
        service: 'school',
        back: 1,
        start: start * 3600 + offset * 20,
        from: stops - Math.max(1, half),
        to: stops,
        pace: 1.1,
        vehicle: -1,
      })
  }
  return runs
}

function drive(
  line: Line,
  service: Service,
  { hours: [first, last], every }: Plan['weekday'],
  offset: number,
  r: Random,
  runs: Run[],
): void {
  const planned = line.operator % 2 === 0
  // a vehicle: when and at which end of the line it is free
  const vehicles: { free: number; end: 0 | 1 }[] = []
  const end = line.stops.length - 1
  let start = first * 3600 + (offset % every[1] || offset % 15) * 60
  for (let i = 0; start <= last * 3600; i++) {
    const hour = start / 3600
    const rush = RUSH.some(([from, to]) => hour >= from && hour < to)
    const headway = every[rush ? 0 : hour >= EVENING ? 2 : 1] || every[2]
    const pace = rush ? 1.15 : hour >= EVENING + 1 || hour < 6 ? 0.85 : 1
    for (const back of [0, 1] as const) {
      // some of the rush hour's runs only go half the way
      const short = rush && i % 4 === 3 && end > 8
      const leave = start + (back === 1 ? 60 * (offset % 7) : 0)
      const [from, to] = short ? (back === 0 ? [0, end >> 1] : [end - (end >> 1), end]) : [0, end]
      const hops = runSeconds(line, back, pace)
      let arrival = leave
      for (let k = from; k < to; k++) arrival += hops[k]!
      let vehicle = -1
      if (planned && !short) {
        vehicle = vehicles.findIndex(v => v.free <= leave && v.end === back && leave - v.free < 5400)
        if (vehicle < 0) vehicle = vehicles.push({ free: 0, end: back }) - 1
        vehicles[vehicle] = { free: arrival + LAYOVER, end: back === 0 ? 1 : 0 }
      }
      runs.push({ service, back, start: leave, from, to, pace, vehicle })
    }
    start += headway * 60 + (r.chance(0.05) ? 60 : 0)
  }
}
