// One battery for a whole journey: each leg begins with what the one before has left. The search asks of each street leg by itself that it can
// be made with the battery as it is at the start; a journey whose legs together would drain it below its reserve is left out here.

import { type StreetEnd, streetPath } from '../street/path.ts'
import { type Profile, withCharge } from '../street/profile.ts'
import type { ApproachPart, Journey, LegEnd, WalkLeg } from '../transit/journey.ts'
import { streetEnd } from './direct.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'

/** Those of the journeys that the battery lasts for; their street legs say what is in it when they begin. All, where nobody has a battery. */
export function withinBattery(planner: Planner, q: Query, journeys: readonly Journey[]): readonly Journey[] {
  const charge = (q.walker.battery ?? q.rider.battery)?.chargeWh
  if (charge === undefined || !planner.streets) return journeys
  // most journeys share their walks
  const known = new Map<string, Stretched | undefined>()
  return journeys.flatMap(journey => {
    let left = charge
    const legs: Journey['legs'][number][] = []
    for (const leg of journey.legs) {
      if (leg.kind === 'ride') {
        legs.push(leg)
        continue
      }
      legs.push({ ...leg, chargeWh: left })
      for (const part of partsOf(planner, q, leg)) {
        const key = `${JSON.stringify([part.from, part.to])} ${part.profile.name} ${left}`
        const made = known.getOrInsertComputed(key, () => along(planner, q, part, left))
        // charging that the search knew nothing of would make it late
        if (!made || made.seconds > part.seconds + 1) return []
        left = made.left
      }
    }
    return [{ ...journey, legs }]
  })
}

interface Part {
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
  return (leg.by?.parts ?? [whole]).flatMap(part => {
    const profile = part.mode === 'WALK' ? q.walker : part.mode === 'BIKE' ? q.rider : undefined
    return profile?.battery
      ? [{ from: part.from ?? ends.from, to: part.to ?? ends.to, seconds: part.seconds, profile }]
      : []
  })
}

function along(
  planner: Planner,
  q: Query,
  { from, to, seconds, profile }: Part,
  chargeWh: number,
): Stretched | undefined {
  const path = streetPath(planner.streets!, from, to, {
    profile: withCharge(profile, chargeWh),
    maxSeconds: seconds + 600,
    maxMatchingDistance: q.maxMatchingDistance,
  })
  return path && { seconds: path.seconds, left: path.endured.battery!.left }
}

function endOf({ timetable }: Planner, q: Query, end: LegEnd): StreetEnd {
  if (end.kind === 'stop') return { stop: end.stop }
  return streetEnd(timetable, end.kind === 'via' ? q.vias[end.via]!.place : end.kind === 'start' ? q.from : q.to)
}
