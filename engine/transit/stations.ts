// Stations as the places of a network, and which of them are neighbours: by a ride from one to the next, or by a walk.

import { NONE } from '../core/ids.ts'
import { PairCollector } from '../core/pairs.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { hopsOf } from './bounds.ts'

export interface Stations {
  /** Stop → its station, itself if it has none. */
  readonly stationOf: Int32Array
  /** Station → range of its neighbours in `to`. */
  readonly begin: Uint32Array
  readonly to: Uint32Array
  /** Station → range of its stops in `stopsAt`. */
  readonly stopBegin: Uint32Array
  readonly stopsAt: Uint32Array
}

/** @param changes walks between stops that make neighbours as well */
export function stationsOf(tt: Timetable, changes: Footpaths): Stations {
  const { stops } = tt.counts
  const stationOf = new Int32Array(stops)
  const members = new PairCollector(stops)
  for (let stop = 0; stop < stops; stop++) {
    let station: number = stop
    while ((tt.stopParent as ArrayLike<number>)[station] !== NONE)
      station = (tt.stopParent as ArrayLike<number>)[station]!
    stationOf[stop] = station
    members.add(station, stop, 0)
  }
  const pairs = new PairCollector(stops)
  const join = (a: number, b: number): void => {
    const [one, other] = [stationOf[a]!, stationOf[b]!]
    if (one === other) return
    pairs.add(one, other, 0)
    pairs.add(other, one, 0)
  }
  const { begin, from } = hopsOf(tt, false)
  const { outBegin, outTo } = changes
  for (let stop = 0; stop < stops; stop++) {
    for (let e = begin[stop]!; e < begin[stop + 1]!; e++) join(stop, from[e]!)
    for (let e = outBegin[stop]!; e < outBegin[stop + 1]!; e++) join(stop, outTo[e]!)
  }
  const neighbours = pairs.finish()
  const at = members.finish()
  return { stationOf, begin: neighbours.begin, to: neighbours.to, stopBegin: at.begin, stopsAt: at.to }
}
