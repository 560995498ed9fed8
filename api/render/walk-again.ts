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
import { fastestOf, rideOn, withParts } from './ride-again.ts'
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
    ...{ from, to, profile, speed, taken, longest, span, near },
    inReach: within(longest),
    /** Does that elevator make the walk another one? */
    concerns: (elevator: Elevator, out: Parameters<typeof isWithin>[0]) => near(elevator) && isWithin(out, ...span),
  }
}

/** A way as it is on some ground: on foot of one part, with a vehicle of several. */
export interface WayAgain {
  readonly parts: readonly { readonly ground: Ground; readonly way: Passage }[]
}

/** It takes as long as when it was found, longer where it leads round what is out of order, and waits for a repair if it is over sooner then. */
export const walkAgain =
  (view: PlanView): WalkAgain =>
  (walk, when) => {
    const { by } = walk
    const { time, arriveBy, until = time } = when
    const { from, to, profile, speed, taken, longest, span, concerns, inReach } = aroundWalk(view, walk, when)
    const asked = { time, arriveBy, least: taken, longest: Math.max(longest, until - time) }
    const asFound = timesOf({ waits: 0, seconds: taken }, asked)
    const states = view.outages()
    const broken = states.filter(({ elevator, out }) => concerns(elevator, out))
    if (broken.length === 0) return asFound
    const travel = { ...travelOf(view, profile, walk), maxSeconds: longest }
    const find = (ground: Ground): WayAgain | undefined => {
      if (by) return rideOn(view, { ...walk, by }, ground, longest)
      const way = wayOn(view, walk, ground, travel)
      return way && { parts: [{ ground, way }] }
    }
    const free = find(view.groundAt(...span, () => false))
    if (!free) return asFound // the map does not know it
    const longerThanFree = ({ parts }: WayAgain): number[] =>
      parts.map(({ way }, i) => Math.max(0, way.seconds - free.parts[i]!.way.seconds))
    const seconds = (found: WayAgain): number =>
      by
        ? taken + longerThanFree(found).reduce((sum, more) => sum + more)
        : longerThanFree(found)[0] === 0
          ? taken
          : Math.max(taken, found.parts[0]!.way.seconds)
    // what it leads over has to work for as long as it takes
    const during = (begin: number, end: number): Ground => {
      const [first, last] = arriveBy ? [Math.min(begin, end - taken), end] : [begin, Math.max(end, begin + taken)]
      return groundAlong(view, from, to, { profile: { speed }, maxSeconds: longest }, first, last)
    }
    const outages = outagesThrough(
      states.filter(({ elevator }) => inReach(elevator)),
      ...spanAround(asked, asked.longest),
    )
    const foundAt = (at: number) =>
      wayAt(during, at, arriveBy, ground => {
        const found = find(ground)
        return found && { found, seconds: seconds(found) }
      }).way
    const best = soonestWay(outages, asked, at => foundAt(at)?.seconds)
    if (best?.waits === 0 && best.seconds === taken) return asFound
    const over = broken.filter(({ elevator }) => free.parts.some(({ ground, way }) => leadsOver(ground, way, elevator)))
    const out = (over.length > 0 ? over : broken).map(({ elevator }) => elevator.id)
    if (!best) return { departure: walk.departure, arrival: walk.arrival, blocked: true, out }
    const found = by && foundAt(arriveBy ? time - best.waits : time + best.waits)?.found
    return { ...timesOf(best, asked), out, ...(by && found && { by: withParts(by, longerThanFree(found)) }) }
  }
