// Where one can change to from a stop: how long the search allows for it, and how long the way along the streets is for whom.

import type { TransfersResponse } from '#api/contract/map.ts'
import type { Ground } from '#engine/access/ground.ts'
import { type Passage, passage } from '#engine/access/passage.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { changeBetween } from '#engine/footpaths/footpaths.ts'
import { ELEVATOR } from '#engine/station/walk.ts'
import { kindNames, kindOf, traitsOf } from '#engine/street/graph.ts'
import { Profile } from '#engine/street/profile.ts'
import type { Stretch } from '#engine/street/stretch.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import { stopPlace, type View } from './place.ts'

const MAX_SECONDS = 3600

/** @param equivalences stops that a board of this one shows as well */
export function renderTransfers(
  view: View,
  ground: Ground,
  stop: StopIdx,
  equivalences: readonly StopIdx[],
): TransfersResponse {
  const { footpaths, timetable: tt } = view.horizon
  const others = footpaths.outTo.subarray(footpaths.outBegin[stop]!, footpaths.outBegin[stop + 1]!)
  const targets = [stop, ...(Array.from(others) as StopIdx[])]
  return {
    place: stopPlace(view, stop),
    root: stopPlace(view, rootStop(tt, stop)),
    equivalences: equivalences.map(other => stopPlace(view, other)),
    hasFootTransfers: ground.streets !== undefined,
    hasWheelchairTransfers: ground.streets !== undefined,
    hasCarTransfers: false,
    transfers: targets.flatMap(to => {
      // one table is searched: what transfers.txt says where it says something, else the walk along the streets
      const seconds = changeBetween(footpaths, stop, to)
      if (seconds === undefined) return []
      return [
        { to: stopPlace(view, to), default: minutesOf(seconds), ...(ground.streets && waysBetween(ground, stop, to)) },
      ]
    }),
  }
}

const minutesOf = (seconds: number): number => Math.round(seconds / 6) / 10

/** Along the streets, and through stations as they are inside. */
function waysBetween(ground: Ground, from: StopIdx, to: StopIdx) {
  const way = (profile: Profile) =>
    passage(ground, { stop: from }, { stop: to }, { profile, maxSeconds: MAX_SECONDS, maxMatchingDistance: 0 })
  const [foot, wheelchair] = [way(Profile.foot), way(Profile.wheelchair)]
  return {
    foot: foot && minutesOf(foot.seconds),
    wheelchair: wheelchair && minutesOf(wheelchair.seconds),
    wheelchairUsesElevator: wheelchair && usesElevator(ground, wheelchair),
  }
}

function usesElevator({ timetable: tt, streets }: Ground, { before, path, after }: Passage): boolean {
  const isElevator = ({ edge }: Stretch): boolean => kindNames[kindOf(traitsOf(streets!.graph, edge))] === 'elevator'
  return (
    [...before, ...after].some(({ pathway }) => tt.pathwayMode[pathway] === ELEVATOR) ||
    (path?.stretches.some(isElevator) ?? false)
  )
}
