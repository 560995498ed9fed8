// Lower bounds of a query in a large network, with the dead ends closed that it has nothing to do with (engine/transit/dead-ends.ts).

import { stopCopies } from '../footpaths/copies.ts'
import { emptyBounds, type LowerBounds, leastSeconds } from '../transit/bounds.ts'
import { closeDeadEnds, deadEndsOf } from '../transit/dead-ends.ts'
import type { SearchState } from '../transit/state.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { changesToSearch, type PlanSide } from './side.ts'

/** Seconds from end to end from which on closing them, two looks at every stop, costs less than it saves. */
const FAR = 3600

const scratches = new WeakMap<SearchState, Int32Array>()

/** Those of who changes as the timetable says; the side's own for everybody else, and where realtime has stops of its own. */
export function boundsBesideDeadEnds(
  planner: Planner,
  { network, bounds, query, state, direction }: PlanSide,
  q: Query,
): LowerBounds {
  const { timetable: tt, own } = planner
  const { min, additional, factor } = q.transferTimes
  const isUsual = min === 0 && additional === 0 && factor === 1 && q.wheelchairStops === 'no' && own === undefined
  if (!isUsual || network.horizon.added || stopCopies(tt).of.size > 0) return bounds
  // half a second of a country's: neither for each pace nor for each set of broken elevators
  if (planner.footpaths !== planner.moments.footpaths.foot) return bounds
  // made by a planner's first plan, however short
  const deadEnds = deadEndsOf(tt, changesToSearch(planner, q))
  if (leastSeconds(query.access, bounds.seconds) < FAR) return bounds
  const closed = scratches.getOrInsertComputed(state, () => emptyBounds(state.stops).seconds)
  const touched = {
    ends: [query.access, query.egress],
    faster: direction.faster,
    blocks: network.blocks.map(({ real }) => real.block),
  }
  closeDeadEnds(deadEnds, touched, bounds.seconds, closed)
  return { seconds: closed, rides: bounds.rides }
}
