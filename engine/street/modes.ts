// Who travels, as data: where a mode may go is in the edge's access bits, how long it takes follows from one table per profile and speed,
// read by kind and surface. A new profile is a new row here, not new code.

import { NEVER } from '../core/time.ts'
import { KINDS, Kind, type KindName, limitOf, Mode, mayGo, NODE_ELEVATOR, paceOf, Surface } from './graph.ts'

export interface Profile {
  readonly mode: Mode
  /** m/s on a good street when nobody asks for another. */
  readonly speed: number
  /** Kind → how many times longer than a good street of the same length; 1 when not named. */
  readonly slowness: Readonly<Partial<Record<KindName, number>>>
  /** The same by surface. */
  readonly roughness: Readonly<Partial<Record<keyof typeof Surface, number>>>
  /** Kind → km/h usual there; a traveller who can go faster does not. */
  readonly usual: Readonly<Partial<Record<KindName, number>>>
  /** Does a speed limit bind? */
  readonly heedsLimits: boolean
  /** Waiting for an elevator and riding it. */
  readonly elevatorSeconds: number
}

// A ferry makes nobody faster than his own feet once the waiting is counted: it has no entry for those who walk or ride.
export const Profile = {
  foot: {
    mode: Mode.foot,
    speed: 1.2,
    slowness: { steps: 2, escalator: 2, elevator: 20 },
    roughness: {},
    usual: {},
    heedsLimits: false,
    elevatorSeconds: 45,
  },
  wheelchair: {
    mode: Mode.wheelchair,
    speed: 0.9,
    slowness: { elevator: 20, track: 1.3, path: 1.3 },
    roughness: { cobbles: 1.5, gravel: 2, ground: 2, compacted: 1.2 },
    usual: {},
    heedsLimits: false,
    elevatorSeconds: 60,
  },
  bike: {
    mode: Mode.bike,
    speed: 4.5,
    slowness: {
      living_street: 1.2,
      pedestrian: 1.5,
      footway: 1.5,
      path: 1.3,
      sidewalk: 1.5,
      crossing: 1.5,
      track: 1.2,
      platform: 4,
    },
    roughness: { cobbles: 1.4, gravel: 1.5, ground: 1.5, compacted: 1.1 },
    usual: {},
    heedsLimits: false,
    elevatorSeconds: 60,
  },
  car: {
    mode: Mode.car,
    speed: 36,
    slowness: {},
    roughness: {},
    usual: {
      motorway: 110,
      trunk: 80,
      primary: 50,
      secondary: 45,
      tertiary: 40,
      unclassified: 35,
      residential: 27,
      living_street: 7,
      pedestrian: 7,
      service: 15,
      track: 15,
      ferry: 8,
    },
    heedsLimits: true,
    elevatorSeconds: 0,
  },
} as const satisfies Record<string, Profile>

/** A profile at a speed: milliseconds per millimetre, in tables that the search indexes with bits of the edge's traits. */
export interface Costs {
  readonly mode: Mode
  /** kind and surface (paceOf) → ms per mm */
  readonly pace: Float64Array
  /** speed limit (limitOf) → ms per mm at least */
  readonly limit: Float64Array
  /** ms per mm where nothing slows: the way between a point and its street, and what no edge is cheaper than. */
  readonly plain: number
  readonly elevatorMs: number
}

const SURFACES = 8

/** @param speed m/s, above 0 */
export function costsOf(profile: Profile, speed: number): Costs {
  const plain = 1 / speed
  const pace = new Float64Array(KINDS * SURFACES).fill(plain)
  const limit = new Float64Array(32)
  for (const [name, kind] of Object.entries(Kind)) {
    const usual = profile.usual[name as KindName]
    const ownPace = Math.max(plain * (profile.slowness[name as KindName] ?? 1), usual ? 3.6 / usual : 0)
    for (const [surfaceName, surface] of Object.entries(Surface))
      pace[kind + KINDS * surface] = ownPace * (profile.roughness[surfaceName as keyof typeof Surface] ?? 1)
  }
  if (profile.heedsLimits) for (let step = 1; step < limit.length; step++) limit[step] = 3.6 / (step * 5)
  return { mode: profile.mode, pace, limit, plain, elevatorMs: profile.elevatorSeconds * 1000 }
}

/** Milliseconds along `millimetres` of an edge with these traits. */
export const edgeMs = (costs: Costs, traits: number, millimetres: number): number =>
  Math.round(millimetres * Math.max(costs.pace[paceOf(traits)]!, costs.limit[limitOf(traits)]!))

/** The same for a part of an edge, in a direction: NEVER if that is not allowed. To stay where one is, always is. */
export const partMs = (costs: Costs, traits: number, backward: number, millimetres: number): number =>
  millimetres === 0 ? 0 : mayGo(traits, costs.mode, backward) ? edgeMs(costs, traits, millimetres) : NEVER

/** When a node reached at `ms` can be left: at once, after the elevator, or NEVER past a barrier. */
export const leaveMs = (costs: Costs, nodeTraits: number, ms: number): number =>
  nodeTraits === 0
    ? ms
    : ((nodeTraits >> costs.mode) & 1) === 1
      ? NEVER
      : (nodeTraits & NODE_ELEVATOR) === 0
        ? ms
        : ms + costs.elevatorMs
