// Whom an elevator spares time: nobody for whom it is no quicker from door to door than a way without any elevator, as stairs beside it are for
// most. Whether such a one works makes no difference to him, wherever he goes.

import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { reachInside } from '../station/walk.ts'
import type { StreetElevator } from '../street/elevators.ts'
import { Kind, kindOf, traitsOf } from '../street/graph.ts'
import type { Profile } from '../street/profile.ts'
import { type StreetSearch, travelAs } from '../street/search.ts'
import { aim } from '../street/shortest.ts'
import type { Place } from '../street/snap.ts'
import type { Elevator } from './elevators.ts'
import { type Ground, insideOf } from './ground.ts'
import { placeAtEnd } from './switches.ts'

/** An elevator that takes longer from door to door nobody takes. Seconds. */
const LONGEST = 7200

/** @param ground with everything working */
export function isOfUse(ground: Ground, elevator: Elevator, walker: Profile): boolean {
  if ('pathway' in elevator) return isOfUseInside(ground, elevator.pathway, walker)
  return ground.streets !== undefined && isOfUseOutside(ground.streets, elevator, walker)
}

const withoutElevators = (walker: Profile): Profile => ({ ...walker, limits: { ...walker.limits, elevators: false } })

function isOfUseInside({ timetable: tt, insides }: Ground, pathway: number, walker: Profile): boolean {
  const [one, other] = [tt.pathwayFrom[pathway]! as StopIdx, tt.pathwayTo[pathway]! as StopIdx]
  const seconds = (from: StopIdx, to: StopIdx, who: Profile): number =>
    reachInside(tt, insides, from, insideOf(who), new Set(), LONGEST, false).get(to) ?? Number.POSITIVE_INFINITY
  const isQuicker = (from: StopIdx, to: StopIdx): boolean =>
    seconds(from, to, walker) < seconds(from, to, withoutElevators(walker))
  return isQuicker(one, other) || isQuicker(other, one)
}

function isOfUseOutside(streets: StreetSearch, elevator: StreetElevator, walker: Profile): boolean {
  const doors = doorsOf(streets, elevator)
  if (!doors) return true
  const pairs = doors.flatMap(from => doors.flatMap(to => (from === to ? [] : [[from, to] as const])))
  travelAs(streets, walker)
  const over = pairs.map(([from, to]) => aim(streets, from, to, LONGEST * 1000))
  travelAs(streets, withoutElevators(walker))
  return pairs.some(([from, to], i) => {
    const way = over[i]
    const beside = way && aim(streets, from, to, way.cost)
    return way !== undefined && !(beside && beside.ms <= way.ms)
  })
}

/** Right before it, on each street that leads there; undefined where that is another elevator, or a stop lies within. */
function doorsOf({ graph, links }: StreetSearch, elevator: StreetElevator): Place[] | undefined {
  const isEdge = 'edge' in elevator
  const nodes = isEdge
    ? [graph.edgeFrom[elevator.edge as EdgeIdx], graph.edgeTo[elevator.edge as EdgeIdx]]
    : [elevator.node]
  const doors: Place[] = []
  for (const node of nodes) {
    for (let i = links.entriesBegin[node]!; isEdge && i < links.entriesBegin[node + 1]!; i++)
      if (links.entryArc[i]! >>> 1 === elevator.edge) return undefined
    for (let a = graph.arcsBegin[node]!; a < graph.arcsBegin[node + 1]!; a++) {
      const edge = (graph.arcEdge[a]! >>> 1) as EdgeIdx
      if (isEdge && edge === elevator.edge) continue
      if (kindOf(traitsOf(graph, edge)) === Kind.elevator) return undefined
      doors.push(placeAtEnd(graph, node, edge))
    }
  }
  return doors
}
