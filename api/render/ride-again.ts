// How a way with a vehicle that was found before can be made now: its parts, on foot and riding, over the elevators that work at their times.

import { type Elevator, isWithin } from '#engine/access/elevators.ts'
import { type Ground, insideOf } from '#engine/access/ground.ts'
import { leadsOver } from '#engine/access/leads-over.ts'
import { type Passage, passage } from '#engine/access/passage.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { WalkNow, WalkWhen } from '#engine/plan/walked.ts'
import { Profile } from '#engine/street/profile.ts'
import type { Approach, WalkLeg } from '#engine/transit/journey.ts'
import { profileOfPart } from './approach.ts'
import type { PlanView } from './plan-view.ts'
import { streetEnd, type WalkView } from './walks.ts'

/** m/s of whoever goes fastest on the way. */
export const fastestOf = ({ query: { walker, rider } }: WalkView, { parts }: Approach): number =>
  Math.max(walker.speed, rider.speed, ...parts.map(({ mode }) => (mode === 'CAR' ? Profile.car.speed : 0)))

/** As it was found, longer where a part leads round what is out of order then, or none; nobody waits for a repair with it. */
export function rideAgain(
  view: PlanView,
  { by, from, to, departure, arrival }: WalkLeg & { readonly by: Approach },
  { arriveBy }: WalkWhen,
): WalkNow {
  const found = { departure, arrival }
  const states = view.outages()
  if (states.length === 0) return found
  const system = view.horizon.conditions?.rentals.find(({ id }) => id === by.rental?.system)
  const out = new Set<string>()
  let [at, more, blocked] = [departure as number, 0, false]
  const parts = by.parts.map(part => {
    const [begin, end] = [Math.floor(at), Math.ceil(at + part.seconds)]
    at += part.seconds
    const broken = states.filter(state => isWithin(state.out, begin, end))
    if (broken.length === 0) return part
    const travel = {
      profile: profileOfPart(view, by, part, system),
      maxSeconds: 2 * part.seconds + 600,
      maxMatchingDistance: view.query.maxMatchingDistance,
    }
    const find = (mayUse: (elevator: Elevator) => boolean): [Ground, Passage | undefined] => {
      const ground = view.groundAt(begin, end, mayUse)
      const riding = by.rental && part.mode === 'RENTAL' && ground.streets && view.riding?.(ground.streets, by.rental)
      const on = riding ? { ...ground, streets: riding } : ground
      const ends = [part.from ?? streetEnd(view, from), part.to ?? streetEnd(view, to)] as const
      return [on, passage(on, ...ends, travel, insideOf(view.query.walker))]
    }
    const [usual, free] = find(() => false)
    const over = free ? broken.filter(({ elevator }) => leadsOver(usual, free, elevator)) : []
    if (!free || over.length === 0) return part
    for (const { elevator } of over) out.add(elevator.id)
    const [, now] = find(() => true)
    blocked ||= now === undefined
    const longer = Math.max(0, (now ?? free).seconds - free.seconds)
    more += longer
    return { ...part, seconds: part.seconds + longer }
  })
  if (out.size === 0) return found
  const ids = { out: [...out] }
  if (blocked) return { ...found, blocked, ...ids }
  const times = arriveBy ? { departure: departure - more, arrival } : { departure, arrival: arrival + more }
  return { ...(times as { departure: UnixSeconds; arrival: UnixSeconds }), by: { ...by, parts }, ...ids }
}
