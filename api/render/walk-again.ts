// How a walk that was found before can be made now: over the elevators that work at its time, round those that do not, or after a wait.

import { type Elevator, isWithin, onTheWay, outagesThrough } from '#engine/access/elevators.ts'
import type { Ground } from '#engine/access/ground.ts'
import { leadsOver } from '#engine/access/leads-over.ts'
import type { Passage } from '#engine/access/passage.ts'
import { wayAt } from '#engine/plan/moment.ts'
import { soonestWay, timesOf } from '#engine/plan/soonest.ts'
import type { WalkAgain, WalkWhen } from '#engine/plan/walked.ts'
import { spanAround } from '#engine/plan/window.ts'
import type { WalkLeg } from '#engine/transit/journey.ts'
import type { PlanView } from './plan-view.ts'
import { fastestOf, rideAgain } from './ride-again.ts'
import { groundAlong, travelOf, type WalkView, walkOf, wayOn } from './walks.ts'

/** So much longer than a walk was may it be round a broken elevator, and with the wait for it, unless a ride is yet to be caught. Seconds. */
const LONGEST_DETOUR = 1800

/** The time of a walk with everything working, and which elevators it may lead over; round those, it may lead over the others `inReach`. */
export function aroundWalk(view: WalkView, walk: WalkLeg, when: WalkWhen) {
  const { from, to, profile } = walkOf(view, walk)
  const taken = walk.arrival - walk.departure
  const speed = walk.by ? fastestOf(view, walk.by) : profile.speed
  const within = (seconds: number) => onTheWay(view.horizon.timetable, from, to, seconds, { speed })
  const longest = 2 * taken + LONGEST_DETOUR
  const near = within(taken)
  const span = spanAround(when, taken)
  return {
    ...{ from, to, profile, taken, longest, span, near },
    inReach: within(longest),
    /** Does that elevator make the walk another one? */
    concerns: (elevator: Elevator, out: Parameters<typeof isWithin>[0]) => near(elevator) && isWithin(out, ...span),
  }
}

/** It takes as long as when it was found, longer where it leads round what is out of order, and waits for a repair if it is over sooner then. */
export const walkAgain =
  (view: PlanView): WalkAgain =>
  (walk, when) => {
    const { by } = walk
    if (by) return rideAgain(view, { ...walk, by }, when)
    const { time, arriveBy, until = time } = when
    const { from, to, profile, taken, longest, span, concerns, inReach } = aroundWalk(view, walk, when)
    const asked = { time, arriveBy, least: taken, longest: Math.max(longest, until - time) }
    const asFound = timesOf({ waits: 0, seconds: taken }, asked)
    const states = view.outages()
    const broken = states.filter(({ elevator, out }) => concerns(elevator, out))
    if (broken.length === 0) return asFound
    const travel = { ...travelOf(view, profile, walk), maxSeconds: longest }
    const find = (ground: Ground): Passage | undefined => wayOn(view, walk, ground, travel)
    const usual = view.groundAt(...span, () => false)
    const free = find(usual)
    if (!free) return asFound // the map does not know it
    // what it leads over has to work for as long as it takes
    const during = (begin: number, end: number): Ground => {
      const [first, last] = arriveBy ? [Math.min(begin, end - taken), end] : [begin, Math.max(end, begin + taken)]
      return groundAlong(view, from, to, travel, first, last)
    }
    const outages = outagesThrough(
      states.filter(({ elevator }) => inReach(elevator)),
      ...spanAround(asked, asked.longest),
    )
    const best = soonestWay(outages, asked, at => {
      const { way } = wayAt(during, at, arriveBy, find)
      return way && (way.seconds <= free.seconds ? taken : Math.max(taken, way.seconds))
    })
    if (best?.waits === 0 && best.seconds === taken) return asFound
    const over = broken.filter(({ elevator }) => leadsOver(usual, free, elevator))
    const out = (over.length > 0 ? over : broken).map(({ elevator }) => elevator.id)
    return best
      ? { ...timesOf(best, asked), out }
      : { departure: walk.departure, arrival: walk.arrival, blocked: true, out }
  }
