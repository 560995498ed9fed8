// Walks between stops for who walks otherwise than those whose table he is given: at another pace, with limits of his own, from bench to bench,
// rather under lamps. There are as many such travellers as queries, so none has a table of his own. He is given the usual one at his pace; from
// the stops at which the journeys found change, his walks are made (a flood each, some tenths of a millisecond), and the search is asked again,
// until it changes at no others (plan.ts). What another walk had taken the place of, its stops are looked at as well (needed.ts). Left out: walks that
// the usual table lacks, from a stop nobody looked at: longer ones than `near` that only his limits make needed, and those only he can go.

import { buildFootpaths, type Footpaths, type Walk } from '../footpaths/footpaths.ts'
import { statedPairs } from '../footpaths/rules.ts'
import { mergeWalk, SHORTEST_WALK_SECONDS } from '../footpaths/transfers.ts'
import type { Profile } from '../street/profile.ts'
import { isExtraStop } from '../timetable/room.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Ground } from './ground.ts'
import { walkLimits, walksBetweenStops } from './walks.ts'

/** Does he go other ways than those whose table it is, or faster? (Slower on the same ways the table at his pace says it all.) */
export function goesOwnWays(walker: Profile, usual: Profile): boolean {
  const [own, theirs] = [walker, usual].map(({ limits, weights }) => JSON.stringify([limits, weights]))
  return own !== theirs || walker.speed > usual.speed
}

/** The walks at another pace, taking so many times as long; what transfers.txt states stays as it is. */
export function atPace(tt: Timetable, footpaths: Footpaths, times: number): Footpaths {
  if (times === 1) return footpaths
  const { outBegin, outTo, outSeconds, inBegin, inFrom, inSeconds } = footpaths
  const { stops } = tt.counts
  const paced = (seconds: Int32Array) => seconds.map(s => Math.max(SHORTEST_WALK_SECONDS, Math.ceil(s * times)))
  const [out, into] = [paced(outSeconds), paced(inSeconds)]
  const keep = (
    begin: Uint32Array,
    other: Uint32Array,
    of: number,
    at: number,
    from: Int32Array,
    to: Int32Array,
  ): void => {
    for (let i = begin[of]!; i < begin[of + 1]!; i++) if (other[i] === at) to[i] = from[i]!
  }
  for (const pair of statedPairs(tt)) {
    const [from, to] = [Math.floor(pair / stops), pair % stops]
    keep(outBegin, outTo, from, to, outSeconds, out)
    keep(inBegin, inFrom, to, from, inSeconds, into)
  }
  return { ...footpaths, outSeconds: out, inSeconds: into }
}

/** All of them to be searched: what makes a walk needed is not the same for him. */
export const allNeeded = (footpaths: Footpaths): Footpaths => ({
  ...footpaths,
  outNeeded: new Uint8Array(footpaths.counts.footpaths).fill(1),
})

/** The same, but from these stops his walks as they are; those of stops that only realtime knows stay, for no street leads to them. */
export function withOwnWalks(
  ground: Ground,
  paced: Footpaths,
  { battery, ...walker }: Profile,
  from: ReadonlySet<number>,
): Footpaths {
  const { timetable: tt } = ground
  const { stops } = tt.counts
  const stated = statedPairs(tt)
  const { outBegin, outTo, outSeconds } = paced
  const stays = (stop: number, to: number): boolean =>
    !from.has(stop) || isExtraStop(tt, stop) || isExtraStop(tt, to) || stated.has(stop * stops + to)
  function* walks(): Generator<Walk> {
    for (let stop = 0; stop < stops; stop++)
      for (let i = outBegin[stop]!; i < outBegin[stop + 1]!; i++) {
        const to = outTo[i]!
        if (stays(stop, to)) yield { from: stop, to, seconds: outSeconds[i]! }
      }
    for (const walk of walksBetweenStops(ground, { walker, maxSeconds: walkLimits(tt).far, from: [...from] }))
      if (!stated.has(walk.from * stops + walk.to)) yield mergeWalk(walk)
  }
  return buildFootpaths(stops, walks(), paced.changeSeconds)
}
