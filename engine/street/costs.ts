// A profile as tables that the search reads: how long a millimetre of each sort of way takes in each direction, how long a node holds one up.
// What a limit closes is Infinity there. Time and cost are two tables: a wish for safe, flat or lit ways makes them dearer, not longer, and
// never more than `maxDetour` dearer, so that the way found takes at most (1 + maxDetour) times the quickest (proof: time ≤ cost ≤
// (1 + maxDetour) · time on every edge). So do streets that nobody may drive through: never forbidden, or a place behind them would have no way,
// but dear enough that a way past them is taken. To push a bicycle is as dear as a way gets.

import { NEVER } from '../core/time.ts'
import {
  accidentsOf,
  Cycleway,
  cyclewayOf,
  HOLDING_UP,
  hasBikeRamp,
  hasPramRamp,
  hasSidewalk,
  hasUnknownKerb,
  isCycleStreet,
  isNoThrough,
  KERB_CM,
  Kerb,
  Kind,
  type KindName,
  kerbOf,
  kindNames,
  kindOf,
  limitOf,
  litOf,
  Mode,
  mayGo,
  mayUse,
  NODE_BENCH,
  NODE_ELEVATOR,
  NODE_NARROW,
  NODE_SIGNALS,
  NODE_TRAITS,
  type StreetGraph,
  Surface,
  slopeDoubt,
  slopeOf,
  smoothnessOf,
  surfaceOf,
  wheelchairOf,
  widthOf,
} from './graph.ts'
import { hasWishes } from './hurry.ts'
import { Profile, smoothnessNames } from './profile.ts'
import { isPushed, pushingPace } from './pushing.ts'
import type { Place } from './snap.ts'

export interface Costs {
  readonly profile: Profile
  /** sort << 1 | backward → ms per mm, Infinity where it is closed; not less than `plain` */
  readonly time: Float64Array
  /** The same with wishes and what is not to be driven through; the very same array if there are none. */
  readonly pace: Float64Array
  /** Times dearer than long at most. */
  readonly dearest: number
  /** A search as far as `dearest` everywhere would be its square times as large: it ends where the time does. */
  readonly untilTime: boolean
  /** Node traits (HOLDING_UP) → ms until it can be left again, NEVER past a barrier. */
  readonly leave: Int32Array
  /** ms per mm where nothing slows: the way between a point and its street, and what no edge is cheaper than. */
  readonly plain: number
  /** sort → ms to turn round at a junction, then at the end of a street (turning.ts); not there: it takes no time */
  readonly turning?: Int32Array
  /** What empties on the way, of who does not go on for ever. */
  readonly store?: Store
  /** Stop << 1 | reverse → links by which this traveller leaves a stop that has two, as far as somebody has asked (ends.ts). */
  readonly linked: Map<number, readonly UsedLink[]>
  /** The same of racks, stations and car parks (switches.ts): where this traveller leaves them, and where he comes to them. */
  readonly left: WeakMap<object, readonly Place[]>
  readonly comeTo: WeakMap<object, readonly Place[]>
}

/** A link of a stop, and what it takes this traveller longer than as the crow flies. */
export interface UsedLink {
  readonly link: number
  readonly moreMs: number
}

/** A battery in watt-hours, or legs in millimetres (endurance.ts). */
export interface Store {
  /** What is in it when full, at the start, at least; and at the start of who has most, where that is not the same for all. */
  readonly full: number
  readonly start: number
  readonly strongest: number
  readonly least: number
  /** sort << 1 | backward → units per mm */
  readonly drain: Float64Array
  /** The same off the streets. */
  readonly plain: number
  /** Node trait of the places that fill it; 0: none does. */
  readonly filledAt: number
  /** What a stop takes, and each unit then filled in. */
  readonly stopMs: number
  readonly msPerUnit: number
}

/** The tables of a profile on a graph; some hundredths of a second for a large city. */
export function costsOf(g: StreetGraph, profile: Profile): Costs {
  const { sorts } = g.counts
  const { maxDetour } = profile.weights
  const { passing = 1 } = profile
  const wishes = hasWishes(profile)
  const time = new Float64Array(sorts * 2)
  const pace = wishes || passing > 1 ? new Float64Array(sorts * 2) : time
  for (let sort = 0; sort < sorts; sort++) {
    const [traits, form] = [g.sortTraits[sort]!, g.sortForm[sort]!]
    for (let backward = 0; backward < 2; backward++) {
      const at = (sort << 1) | backward
      const pushed = isPushed(profile.mode, traits, form, backward)
      const closed = !(pushed || mayEnter(profile, traits, backward)) || blockOf(profile, traits, form) === 'no'
      time[at] = closed ? Number.POSITIVE_INFINITY : paceOn(profile, traits, form, backward)
      if (pace === time) continue
      const dear = wishes ? 1 + maxDetour * (pushed ? 1 : dread(profile, traits, form, backward)) : 1
      pace[at] = time[at]! * dear * (isNoThrough(traits) ? passing : 1)
    }
  }
  const leave = Int32Array.from({ length: NODE_TRAITS }, (_, traits) => leaveOf(profile, traits))
  const store = storeOf(g, profile)
  const passes = passing > 1 && hasNoThrough(g, time)
  const turning = store ? undefined : turningOf(g, profile)
  return {
    profile,
    time,
    pace,
    dearest: (wishes ? 1 + maxDetour : 1) * (passes ? passing : 1),
    untilTime: wishes || passes,
    leave,
    plain: 1 / profile.speed,
    linked: new Map(),
    left: new WeakMap(),
    comeTo: new WeakMap(),
    ...(store && { store }),
    ...(turning && { turning }),
  }
}

const hasNoThrough = ({ sortTraits }: StreetGraph, time: Float64Array): boolean =>
  sortTraits.some((traits, sort) => isNoThrough(traits) && Math.min(time[sort << 1]!, time[(sort << 1) | 1]!) < NEVER)

const mayEnter = ({ mode, asBicycles }: Profile, traits: number, backward: number): boolean =>
  mayGo(traits, mode, backward) &&
  (!asBicycles?.includes(kindNames[kindOf(traits)]!) || mayGo(traits, Mode.bike, backward))

function turningOf(g: StreetGraph, { turningRound }: Profile): Int32Array | undefined {
  if (!turningRound) return undefined
  const { on, elsewhere, atEnd } = turningRound
  return Int32Array.from({ length: g.counts.sorts + 1 }, (_, sort) => {
    if (sort === g.counts.sorts) return atEnd * 1000
    return (on[kindNames[kindOf(g.sortTraits[sort]!)] as KindName] ?? elsewhere) * 1000
  })
}

/** Seconds. To sit down, and to plug in and out. */
const [REST, PLUG] = [120, 60]

function storeOf(g: StreetGraph, { motor, battery, limits, range }: Profile): Store | undefined {
  if (motor && battery) {
    const plain = motor.whPerKm / 1e6
    return {
      full: Math.max(motor.capacityWh, battery.chargeWh),
      start: battery.chargeWh,
      strongest: battery.chargeWh,
      least: battery.reserveWh,
      // downhill the weight does the work; nothing goes back into the battery
      drain: drainOn(g, slope => Math.max(0, plain + (motor.whPerClimb * slope) / 100 / 1000)),
      plain,
      filledAt: battery.charging ? where(g, motor.chargedAt) : 0,
      stopMs: PLUG * 1000,
      msPerUnit: 3_600_000 / motor.watts,
    }
  }
  if (range)
    return {
      ...{ full: range.strongest * 1000, start: range.weakest * 1000, strongest: range.strongest * 1000, least: 0 },
      drain: drainOn(g, () => 1),
      ...{ plain: 1, filledAt: 0, stopMs: 0, msPerUnit: 0 },
    }
  if (limits.maxWithoutRest === undefined) return undefined
  const metres = limits.maxWithoutRest * 1000
  return {
    ...{ full: metres, start: metres, strongest: metres, least: 0 },
    drain: drainOn(g, () => 1),
    ...{ plain: 1, filledAt: where(g, NODE_BENCH), stopMs: REST * 1000, msPerUnit: 0 },
  }
}

/** The trait, if any node has it. */
const where = ({ nodeTraits }: StreetGraph, trait: number): number =>
  nodeTraits.some(traits => (traits & trait) !== 0) ? trait : 0

/**
 * What is pushed takes as much as what is ridden: did it take nothing, every footway would be another trade of time for battery.
 * @param unitsPerMm by percent uphill, 0 where nobody knows
 */
function drainOn(g: StreetGraph, unitsPerMm: (slope: number) => number): Float64Array {
  return Float64Array.from({ length: g.counts.sorts * 2 }, (_, at) =>
    unitsPerMm(slopeOf(g.sortForm[at >>> 1]!, at & 1) ?? 0),
  )
}

function paceOn(profile: Profile, traits: number, form: number, backward: number): number {
  const plain = 1 / profile.speed
  const kind = kindNames[kindOf(traits)] as KindName
  const usual = profile.usual[kind]
  const climb = Math.max(0, slopeOf(form, backward) ?? 0)
  if (isPushed(profile.mode, traits, form, backward))
    return pushingPace(profile.speed, traits) * (1 + profile.uphill * climb)
  const own =
    Math.max(plain * (profile.slowness[kind] ?? 1), usual ? 3.6 / usual : 0) *
    (profile.roughness[surfaceNames[surfaceOf(traits)]!] ?? 1) *
    (1 + profile.uphill * climb)
  const limit = profile.heedsLimits ? limitOf(traits) * 5 : 0
  // where a limit is stated it says how fast traffic is, within reason
  return limit > 0 ? Math.max(plain, own / BEYOND_USUAL, 3.6 / limit) : own
}

/** On a street with a high limit one drives so many times faster than on others of its kind. */
const BEYOND_USUAL = 1.5

const surfaceNames = Object.keys(Surface) as (keyof typeof Surface)[]

/**
 * What share of the longest detour a way is worth going round, from 0 to 1. It saturates and is never cut off: traffic, climbs and darkness
 * come to three quarters at most, and of what is left each level of accidents takes its share, on great roads as on small ones.
 */
function dread(profile: Profile, traits: number, form: number, backward: number): number {
  const { safety, flat, lit, maxDetour } = profile.weights
  const climb = Math.max(0, slopeOf(form, backward) ?? 0)
  const dark = litOf(traits) === 2 ? 1 : litOf(traits) === 0 ? darkness[kindOf(traits)]! : 0
  const rides = profile.mode === Mode.bike
  const bad =
    safety * (rides ? riding(traits, form, backward) : walking(traits, form)) + flat * climb * 0.15 + lit * dark
  const usual = ALWAYS_THERE * Math.tanh(bad / (ALWAYS_THERE * maxDetour))
  return 1 - (1 - usual) * Math.exp(-safety * (rides ? 0.6 : 0.3) * accidentsOf(form))
}

const ALWAYS_THERE = 0.75

/** How unlit a kind is when nobody has said: streets in towns have lamps, paths rarely. */
const darkness = Float64Array.from(kindNames, name =>
  ['track', 'path', 'bridleway', 'pier'].includes(name)
    ? 0.8
    : ['footway', 'cycleway', 'steps'].includes(name)
      ? 0.5
      : 0.2,
)

/** Danger of a road to who rides in its traffic. */
const traffic = new Float64Array(kindNames.length)
for (const [kind, danger] of Object.entries({
  ...{ motorway: 2, trunk: 2, primary: 1.4, secondary: 1, tertiary: 0.7, unclassified: 0.4, busway: 0.4 },
  ...{ residential: 0.2, service: 0.2, track: 0.1, living_street: 0.05 },
}))
  traffic[Kind[kind as KindName]] = danger

const ON = { [Cycleway.none]: 1, [Cycleway.shared]: 0.8, [Cycleway.lane]: 0.5, [Cycleway.track]: 0.1 } as const

function riding(traits: number, form: number, backward: number): number {
  const limit = limitOf(traits) * 5
  const calm = limit > 0 && limit <= 30 ? 0.6 : 1
  const way = isCycleStreet(form) ? 0.3 : ON[cyclewayOf(form, backward)]
  return traffic[kindOf(traits)]! * calm * way
}

/** The same to who walks: a road with a pavement is as good as a path, and only the great ones are bad without. */
const walking = (traits: number, form: number): number =>
  hasSidewalk(form) ? 0 : 0.3 * Math.max(0, traffic[kindOf(traits)]! - 0.4)

// ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────
export type Passable = 'yes' | 'unknown' | 'no'

/** What a limit is about. */
export type LimitName =
  | 'stairs'
  | 'elevator'
  | 'slope'
  | 'width'
  | 'surface'
  | 'smoothness'
  | 'wheelchair'
  | 'kerb'
  | 'barrier'

/** May this traveller use the way, as far as limits go? `unknown` counts as no for who refuses it. */
function blockOf(profile: Profile, traits: number, form: number): Passable {
  let worst: Passable = 'yes'
  for (const [, passable] of judgeWay(profile, traits, form)) {
    if (passable === 'no') return 'no'
    if (passable === 'unknown') worst = 'unknown'
  }
  return worst === 'unknown' && profile.limits.unknown === 'refuse' ? 'no' : worst
}

const isRoad = (kind: number): boolean => kind <= Kind.service!
const rank = (surface: Surface): number => surface // best first already

/** Every limit that the way does not keep for certain. */
export function judgeWay(profile: Profile, traits: number, form: number): [LimitName, Passable][] {
  const { limits } = profile
  const kind = kindOf(traits)
  if (profile.mode === Mode.wheelchair && !mayUse(traits, Mode.wheelchair))
    return [[kind === Kind.steps || kind === Kind.escalator ? 'stairs' : 'wheelchair', 'no']]
  const found: [LimitName, Passable][] = []
  const judge = (limit: LimitName, passable: boolean | undefined): void => {
    if (passable !== true) found.push([limit, passable === undefined ? 'unknown' : 'no'])
  }
  // a mapper who went there knows best what a wheelchair can do; of who wants more than that the mapper says nothing
  const proved = limits.wheelchair === true && wheelchairOf(traits) === 1
  const { limits: usual } =
    profile.name === Profile.electricWheelchair.name ? Profile.electricWheelchair : Profile.wheelchair
  if (limits.wheelchair && wheelchairOf(traits) === 2) found.push(['wheelchair', 'no'])
  if (limits.stairs === false && (kind === Kind.escalator || (kind === Kind.steps && !hasRamp(profile, traits, form))))
    found.push(['stairs', 'no'])
  if (limits.elevators === false && kind === Kind.elevator) found.push(['elevator', 'no'])
  if (limits.maxSlope !== undefined && !(proved && limits.maxSlope >= usual.maxSlope!)) {
    const slope = slopeOf(form, 0)
    judge('slope', slope === undefined ? undefined : keepsSlope(Math.abs(slope), slopeDoubt(form), limits.maxSlope))
  }
  if (limits.minWidth !== undefined && !isRoad(kind) && !(proved && limits.minWidth <= usual.minWidth!)) {
    const width = widthOf(form)
    judge('width', width === 0 ? undefined : width + 1e-6 >= limits.minWidth)
  }
  const smoothness = smoothnessOf(form)
  const surface = surfaceOf(traits)
  if (limits.surface !== undefined && !(proved && rank(Surface[limits.surface]) >= rank(Surface[usual.surface!]))) {
    const known = surface !== Surface.unknown
    judge('surface', known ? rank(surface) <= rank(Surface[limits.surface]) : undefined)
  }
  const smooth = (limit: NonNullable<typeof limits.smoothness>): number => smoothnessNames.indexOf(limit)
  if (limits.smoothness !== undefined && !(proved && smooth(limits.smoothness) >= smooth(usual.smoothness!))) {
    const worst = smooth(limits.smoothness) + 1
    // a sealed surface is not bad until somebody says so
    judge('smoothness', smoothness > 0 ? smoothness <= worst : surface === Surface.smooth ? true : undefined)
  }
  if (limits.maxKerb !== undefined && hasUnknownKerb(form) && !(proved && limits.maxKerb >= usual.maxKerb!))
    found.push(['kerb', 'unknown'])
  return found
}

/** As far as it is known: what was measured may be a few percent from the truth. */
const keepsSlope = (slope: number, doubt: number, most: number): boolean | undefined =>
  slope + doubt <= most ? true : slope - doubt > most ? false : undefined

function hasRamp({ ramp }: Profile, traits: number, form: number): boolean {
  if (ramp === 'pram') return hasPramRamp(form) || wheelchairOf(traits) === 1 || mayUse(traits, Mode.wheelchair)
  if (ramp === 'bicycle') return hasBikeRamp(form)
  return ramp === 'wheelchair' // the access bits say so
}

/** The same for a node that is passed. */
export function judgeNode(profile: Profile, nodeTraits: number): [LimitName, Passable][] {
  const { limits } = profile
  const found: [LimitName, Passable][] = []
  if (((nodeTraits >> profile.mode) & 1) === 1 || (profile.wide && (nodeTraits & NODE_NARROW) !== 0))
    found.push(['barrier', 'no'])
  if (limits.elevators === false && (nodeTraits & NODE_ELEVATOR) !== 0) found.push(['elevator', 'no'])
  const kerb = kerbOf(nodeTraits)
  if (limits.maxKerb !== undefined && kerb !== Kerb.none) {
    const cm = KERB_CM[kerb]
    if (Number.isNaN(cm)) found.push(['kerb', 'unknown'])
    else if (cm > limits.maxKerb) found.push(['kerb', 'no'])
  }
  return found
}

function leaveOf(profile: Profile, nodeTraits: number): number {
  const verdicts = judgeNode(profile, nodeTraits)
  if (verdicts.some(([, passable]) => passable === 'no')) return NEVER
  if (profile.limits.unknown === 'refuse' && verdicts.length > 0) return NEVER
  const elevator = (nodeTraits & NODE_ELEVATOR) !== 0 ? profile.elevatorSeconds : 0
  const signals = (nodeTraits & NODE_SIGNALS) !== 0 ? profile.signalSeconds : 0
  return (elevator + signals) * 1000
}

// ── what the search asks ──────────────────────────────────────────────────────────────────────────────────────────────
/** May the traveller use this sort of way in at least one direction? */
export const usableSort = ({ pace }: Costs, sort: number): boolean =>
  pace[sort << 1]! < Number.POSITIVE_INFINITY || pace[(sort << 1) | 1]! < Number.POSITIVE_INFINITY

/** Milliseconds of `table` for a part of an edge, in a direction: NEVER if that is not allowed. To stay where one is, always is. */
export function partMs(table: Float64Array, sort: number, backward: number, millimetres: number): number {
  if (millimetres === 0) return 0
  return Math.min(NEVER, Math.round(millimetres * table[(sort << 1) | backward]!))
}

/** When a node reached at `ms` can be left, NEVER past a barrier. */
export const leaveMs = (costs: Costs, nodeTraits: number, ms: number): number =>
  Math.min(NEVER, ms + costs.leave[nodeTraits & HOLDING_UP]!)
