// How a walk that was found before can be made now: over the elevators that work at its time, round those that do not, or after a wait.

import { isWithin, onTheWay, outagesThrough } from '#engine/access/elevators.ts'
import type { Ground } from '#engine/access/ground.ts'
import type { Passage } from '#engine/access/passage.ts'
import { wayAt } from '#engine/plan/moment.ts'
import type { WalkNow } from '#engine/plan/refresh.ts'
import { soonestWay, timesOf } from '#engine/plan/soonest.ts'
import { spanAround } from '#engine/plan/window.ts'
import type { PlanView } from './plan-view.ts'
import { groundAlong, travelOf, walkOf, wayOn } from './walks.ts'

/** So much longer than a walk was may it be round a broken elevator, and with the wait for it, unless a ride is yet to be caught. Seconds. */
const LONGEST_DETOUR = 1800

/** It takes as long as when it was found, longer where it leads round what is out of order, and waits for a repair if it is over sooner then. */
export const walkNow =
  (view: PlanView): WalkNow =>
  (walk, { time, arriveBy, until = time }) => {
    const { timetable: tt } = view.horizon
    const { from, to, profile } = walkOf(view, walk)
    const taken = walk.arrival - walk.departure
    const asked = { time, arriveBy, least: taken, longest: Math.max(2 * taken + LONGEST_DETOUR, until - time) }
    const asFound = timesOf({ waits: 0, seconds: taken }, asked)
    const isNear = onTheWay(tt, from, to, taken, profile)
    const states = view.outages()
    const span = spanAround(asked, taken)
    if (!states.some(({ elevator, out }) => isNear(elevator) && isWithin(out, ...span))) return asFound
    const travel = { ...travelOf(view, profile, walk), maxSeconds: 2 * taken + LONGEST_DETOUR }
    const find = (ground: Ground): Passage | undefined => wayOn(view, walk, ground, travel)
    const free = find(view.groundAt(...span, () => false))
    if (!free) return asFound // the map does not know it
    // what it leads over has to work for as long as it takes
    const during = (begin: number, end: number): Ground => {
      const [first, last] = arriveBy ? [Math.min(begin, end - taken), end] : [begin, Math.max(end, begin + taken)]
      return groundAlong(view, from, to, travel, first, last)
    }
    const mayUse = onTheWay(tt, from, to, travel.maxSeconds, profile)
    const matters = states.filter(({ elevator }) => mayUse(elevator))
    const outages = outagesThrough(matters, ...spanAround(asked, asked.longest))
    const best = soonestWay(outages, asked, at => {
      const { way } = wayAt(during, at, arriveBy, find)
      return way && (way.seconds <= free.seconds ? taken : Math.max(taken, way.seconds))
    })
    return best && timesOf(best, asked)
  }
