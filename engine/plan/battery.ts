// One battery for a whole journey: each leg begins with what the one before has left. The search asks of each street leg by itself that it can
// be made with the battery as it is at the start; a journey whose legs together would drain it below its reserve is left out here.

import { insideOf } from '../access/ground.ts'
import { passage } from '../access/passage.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { StreetEnd } from '../street/path.ts'
import { type Profile, withCharge } from '../street/profile.ts'
import type { ApproachPart, Journey, LegEnd, WalkLeg } from '../transit/journey.ts'
import { streetEnd } from './direct.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'

/**
 * Those of the journeys that the battery lasts for; their street legs say what is in it when they begin. Charging that the search knew nothing of makes a
 * leg longer: as long as the next ride is reached, or at the end, that is told. All, where nobody has a battery.
 */
export function withinBattery(planner: Planner, q: Query, journeys: readonly Journey[]): readonly Journey[] {
  const charge = (q.walker.battery ?? q.rider.battery)?.chargeWh
  if (charge === undefined || !planner.streets) return journeys
  // most journeys share their walks
  const known = new Map<string, Stretched | undefined>()
  return journeys.flatMap(journey => {
    let left = charge
    let late = 0
    const legs: Journey['legs'][number][] = []
    for (const leg of journey.legs) {
      if (leg.kind === 'ride') {
        const before = legs.at(-1)
        if (before && late > 0 && before.arrival > leg.departure) return []
        late = 0
        legs.push(leg)
        continue
      }
      const chargeWh = left
      const parts = leg.by && [...leg.by.parts]
      let longer = 0
      for (const part of partsOf(planner, q, leg)) {
        const key = `${JSON.stringify([part.from, part.to])} ${part.profile.name} ${left}`
        const made = known.getOrInsertComputed(key, () => along(planner, q, part, left))
        if (!made) return []
        left = made.left
        if (made.seconds <= part.seconds + 1) continue
        longer += Math.ceil(made.seconds - part.seconds)
        if (parts) parts[part.at] = { ...parts[part.at]!, seconds: made.seconds }
      }
      legs.push({
        ...leg,
        ...(parts && { by: { ...leg.by!, parts } }),
        chargeWh,
        departure: later(leg.departure, late),
        arrival: later(leg.arrival, late + longer),
      })
      late += longer
    }
    const arrival = legs.at(-1)?.arrival ?? journey.arrival
    return [{ ...journey, arrival, legs }]
  })
}

const later = (time: UnixSeconds, seconds: number): UnixSeconds => (time + seconds) as UnixSeconds

interface Part {
  /** Among the leg's parts. */
  readonly at: number
  readonly from: StreetEnd
  readonly to: StreetEnd
  readonly seconds: number
  readonly profile: Profile
}
interface Stretched {
  readonly seconds: number
  readonly left: number
}

/** The parts of a street leg that a battery drives. */
function partsOf(planner: Planner, q: Query, leg: WalkLeg): Part[] {
  const ends = { from: endOf(planner, q, leg.from), to: endOf(planner, q, leg.to) }
  const whole: ApproachPart = { mode: 'WALK', seconds: leg.arrival - leg.departure, from: undefined, to: undefined }
  return (leg.by?.parts ?? [whole]).flatMap((part, at) => {
    const profile = part.mode === 'WALK' ? q.walker : part.mode === 'BIKE' ? q.rider : undefined
    return profile?.battery
      ? [{ at, from: part.from ?? ends.from, to: part.to ?? ends.to, seconds: part.seconds, profile }]
      : []
  })
}

/** Seconds that charging may add to a leg. */
const MOST_CHARGING = 4 * 3600

function along(
  planner: Planner,
  q: Query,
  { from, to, seconds, profile }: Part,
  chargeWh: number,
): Stretched | undefined {
  const travel = {
    profile: withCharge(profile, chargeWh),
    maxSeconds: seconds + MOST_CHARGING,
    maxMatchingDistance: q.maxMatchingDistance,
  }
  const way = passage(planner.ground, from, to, travel, insideOf(q.walker))
  return way && { seconds: way.seconds, left: way.path?.endured.battery?.left ?? chargeWh }
}

function endOf({ timetable }: Planner, q: Query, end: LegEnd): StreetEnd {
  if (end.kind === 'stop') return { stop: end.stop }
  return streetEnd(timetable, end.kind === 'via' ? q.vias[end.via]!.place : end.kind === 'start' ? q.from : q.to)
}
