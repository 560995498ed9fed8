// Where a bicycle may not be ridden it is pushed, if the way is open on foot: along footways, through pedestrian zones, against a one-way street. Not on
// escalators, and on stairs only beside which there is a ramp for it. An edge is ridden or pushed whatever came before, so labels need not tell.

import type { EdgeIdx } from '../core/ids.ts'
import { hasBikeRamp, Kind, kindOf, Mode, mayGo, mayUse, type StreetGraph, traitsOf } from './graph.ts'

/** Is this way pushed along in this direction by who travels so? */
export const isPushed = (mode: Mode, traits: number, form: number, backward: number): boolean =>
  mode === Mode.bike &&
  !mayGo(traits, Mode.bike, backward) &&
  mayGo(traits, Mode.foot, backward) &&
  kindOf(traits) !== Kind.escalator &&
  (kindOf(traits) !== Kind.steps || hasBikeRamp(form))

/** May it go along this way in this direction, if only pushed? */
export const leads = (mode: Mode, traits: number, form: number, backward: number): boolean =>
  mayGo(traits, mode, backward) || isPushed(mode, traits, form, backward)

/** m/s; with a bicycle on a ramp beside stairs half as fast. */
const [PUSHING, ON_STAIRS] = [1.2, 0.6]

/** ms per mm on the flat of who rides at this speed. */
export const pushingPace = (speed: number, traits: number): number =>
  1 / Math.min(speed, kindOf(traits) === Kind.steps ? ON_STAIRS : PUSHING)

const riddenNodes = new WeakMap<StreetGraph, Uint8Array>()

/** Node → 1 where a bicycle may be ridden on some edge: amid ways on which one pushes it nobody leaves it. */
export const riddenAt = (g: StreetGraph): Uint8Array =>
  riddenNodes.getOrInsertComputed(g, () => {
    const ridden = new Uint8Array(g.counts.nodes)
    for (let edge = 0 as EdgeIdx; edge < g.counts.edges; edge++)
      if (mayUse(traitsOf(g, edge), Mode.bike)) ridden[g.edgeFrom[edge]] = ridden[g.edgeTo[edge]] = 1
    return ridden
  })
