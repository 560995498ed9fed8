// Where a bicycle may not be ridden but pushed (`bicycle=dismount`) it is, if the way is open on foot: either way along a one-way, not on escalators,
// and on stairs only beside which there is a ramp for it. Nobody begins or ends on such a way who has a bicycle: he is where the nearest one is
// that he may ride on.

import { hasBikeRamp, isDismount, Kind, kindOf, Mode, mayGo } from './graph.ts'

/** Is this way pushed along in this direction by who travels so? */
export const isPushed = (mode: Mode, traits: number, form: number, backward: number): boolean =>
  mode === Mode.bike &&
  isDismount(traits) &&
  !mayGo(traits, Mode.bike, backward) &&
  mayGo(traits, Mode.foot, backward) &&
  kindOf(traits) !== Kind.escalator &&
  (kindOf(traits) !== Kind.steps || hasBikeRamp(form))

/** m/s; with a bicycle on a ramp beside stairs half as fast. */
const [PUSHING, ON_STAIRS] = [1.2, 0.6]

/** ms per mm on the flat of who rides at this speed. */
export const pushingPace = (speed: number, traits: number): number =>
  1 / Math.min(speed, kindOf(traits) === Kind.steps ? ON_STAIRS : PUSHING)
