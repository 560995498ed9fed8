// What tags mean: who may use a way in which direction, what kind it is, how it is underfoot; what a barrier keeps out. After
// https://wiki.openstreetmap.org/wiki/Key:access, …/OSM_tags_for_routing/Access_restrictions (Germany) and …/Key:oneway.

import {
  ALL_MODES,
  Crossing,
  Cycleway,
  Kind,
  type KindName,
  Mode,
  packForm,
  packTraits,
  Surface,
} from '#engine/street/graph.ts'
import { type Smoothness, smoothnessNames } from '#engine/street/profile.ts'
import { valuesByDay, valuesOfMostDays } from './conditional.ts'

export type Tags = ReadonlyMap<string, string>

/** What the street builder wants to know of a way, except its id. */
export interface Street {
  readonly traits: number
  readonly form: number
  readonly name: string
  readonly fromLevel: number
  readonly toLevel: number
}

/** A way without any of these is no street; they decide what kind of street it is. */
export const streetKeys = ['highway', 'railway', 'public_transport', 'man_made', 'route'] as const
const conditional = (key: string): string => `${key}:conditional`
/** All keys that readStreet, readNode, readRestriction and isArea look at. */
export const knownKeys: ReadonlySet<string> = new Set([
  ...streetKeys,
  ...['name', 'ref', 'local_ref', 'area', 'type', 'level', 'incline', 'conveying', 'footway', 'path', 'cycleway'],
  ...['access', 'foot', 'vehicle', 'bicycle', 'motor_vehicle', 'motorcar', 'wheelchair', 'motorroad', 'sidewalk'],
  ...[
    'service',
    'oneway',
    'oneway:bicycle',
    'oneway:foot',
    'junction',
    'cycleway:left',
    'cycleway:right',
    'cycleway:both',
  ],
  ...['surface', 'lit', 'maxspeed', 'crossing', 'crossing:signals', 'ramp:wheelchair', 'barrier'],
  ...['smoothness', 'width', 'est_width', 'ramp', 'ramp:stroller', 'ramp:bicycle', 'bicycle_road', 'cyclestreet'],
  ...['crossing:island', 'crossing:markings', 'crossing_ref', 'traffic_calming'],
  ...['restriction', 'restriction:motorcar', 'restriction:bicycle', 'except'],
  ...['bridge', 'tunnel', 'covered', 'layer'],
  ...['access', 'foot', 'vehicle', 'bicycle', 'motor_vehicle', 'motorcar', 'oneway', 'maxspeed'].map(conditional),
  ...['sidewalk:left', 'sidewalk:right', 'sidewalk:both', 'kerb', 'kerb:height', 'segregated'],
])

const walkers = [Mode.foot, Mode.wheelchair]
const all = ALL_MODES

/** highway=… → kind, and who may use it where no other tag speaks. Whatever is not here is no street. */
const highways: Readonly<Record<string, readonly [KindName, readonly Mode[]]>> = {
  motorway: ['motorway', [Mode.car]],
  trunk: ['trunk', [Mode.bike, Mode.car]],
  primary: ['primary', all],
  secondary: ['secondary', all],
  tertiary: ['tertiary', all],
  unclassified: ['unclassified', all],
  road: ['unclassified', all],
  residential: ['residential', all],
  living_street: ['living_street', all],
  service: ['service', all],
  track: ['track', [Mode.foot, Mode.bike, Mode.wheelchair]],
  pedestrian: ['pedestrian', walkers],
  footway: ['footway', walkers],
  path: ['path', [Mode.foot, Mode.bike, Mode.wheelchair]],
  cycleway: ['cycleway', [Mode.foot, Mode.bike, Mode.wheelchair]],
  bridleway: ['bridleway', [Mode.foot]],
  steps: ['steps', [Mode.foot]],
  elevator: ['elevator', [Mode.foot, Mode.bike, Mode.wheelchair]],
  corridor: ['corridor', walkers],
  platform: ['platform', walkers],
  busway: ['busway', []],
}

/** The street that a way with these tags is, undefined if it is none or nobody may use it. */
export function readStreet(tags: Tags): Street | undefined {
  const found = kindOf(tags)
  if (!found) return undefined
  const [kind, usual] = found
  const access = accessBits(tags, kind, usual)
  if (access === 0) return undefined
  const roundabout = isRoundabout(tags)
  const traits = packTraits({
    access,
    kind: Kind[kind],
    crossing: kind === 'crossing' ? crossingOf(tags) : Crossing.none,
    surface: surfaces.get(tags.get('surface') ?? '') ?? Surface.unknown,
    lit: yesNo(tags.get('lit')),
    wheelchair: yesNo(tags.get('wheelchair')),
    areaRim: isArea(tags),
    roundabout,
    island: kind === 'crossing' && hasIsland(tags),
    noThrough: isNoThrough(tags),
    speedLimit: speedLimitOf(tags),
  })
  const [fromLevel, toLevel] = levelsOf(tags)
  return { traits, form: formOf(tags, kind), name: nameOf(tags, kind), fromLevel, toLevel }
}

function kindOf(tags: Tags): readonly [KindName, readonly Mode[]] | undefined {
  const highway = tags.get('highway')?.replace(/_link$/, '')
  if (highway === 'steps' && yesNo(tags.get('conveying')) !== 2 && tags.has('conveying'))
    return ['escalator', [Mode.foot]]
  if (highway === 'footway' || highway === 'path' || highway === 'cycleway') {
    const part = tags.get(highway)
    if (part === 'crossing' || part === 'sidewalk') return [part, highways[highway]![1]]
  }
  const found = highway && Object.hasOwn(highways, highway) ? highways[highway] : undefined
  if (found) return found
  if (tags.get('railway') === 'platform' || tags.get('public_transport') === 'platform') return ['platform', walkers]
  if (tags.get('man_made') === 'pier') return ['pier', [Mode.foot, Mode.bike, Mode.wheelchair]]
  if (tags.get('route') === 'ferry') return ['ferry', all]
  return undefined
}

// ── access ────────────────────────────────────────────────────────────────────────────────────────────────────────────
const opening = new Set(['yes', 'designated', 'permissive', 'official', 'destination', 'customers', 'public'])
const closing = new Set([
  ...['no', 'private', 'use_sidepath', 'agricultural', 'forestry', 'military', 'delivery', 'emergency', 'restricted'],
  ...['permit', 'residents', 'dismount', 'separate', 'customer', 'employees'],
  ...['psv', 'bus', 'taxi', 'hov', 'tram'], // for these alone
])
/** From general to particular; the last that speaks decides. Those of `groups` only close: `access=yes` opens no footway to cars. */
const particular: Readonly<Record<Mode, { groups: readonly string[]; own: readonly string[] }>> = {
  [Mode.foot]: { groups: ['access'], own: ['foot'] },
  [Mode.wheelchair]: { groups: ['access'], own: ['foot', 'wheelchair'] },
  [Mode.bike]: { groups: ['access', 'vehicle'], own: ['bicycle'] },
  [Mode.car]: { groups: ['access', 'vehicle'], own: ['motor_vehicle', 'motorcar'] },
}

/** What a key says: of several words (`private;customers`) one that opens is enough, unless a condition closes it most days. */
function said(tags: Tags, key: string): 'opens' | 'closes' | undefined {
  if (valuesOfMostDays(tags.get(conditional(key))).some(word => closing.has(word))) return 'closes'
  const words = (tags.get(key) ?? '').split(';').map(word => word.trim())
  if (words.some(word => opening.has(word))) return 'opens'
  return words.some(word => closing.has(word)) ? 'closes' : undefined
}

/** undefined: no tag speaks. */
export function allowed(tags: Tags, mode: Mode): boolean | undefined {
  let answer: boolean | undefined
  for (const key of particular[mode].groups) if (said(tags, key) === 'closes') answer = false
  for (const key of particular[mode].own) {
    const word = said(tags, key)
    // foot=yes on stairs lets nobody roll up
    if (word === 'opens')
      answer = mode === Mode.wheelchair && key === 'foot' ? (answer === false ? true : answer) : true
    else if (word === 'closes') answer = false
  }
  return answer
}

function accessBits(tags: Tags, kind: KindName, usual: readonly Mode[]): number {
  const onlyMotors = tags.get('motorroad') === 'yes'
  let bits = 0
  for (const mode of ALL_MODES) {
    let may = allowed(tags, mode) ?? (usual.includes(mode) && !(onlyMotors && mode !== Mode.car))
    if (kind === 'trunk' && mode !== Mode.car && hasSidewalk(tags)) may = allowed(tags, mode) ?? true
    if (kind === 'steps' && mode === Mode.wheelchair)
      may = tags.get('ramp:wheelchair') === 'yes' && allowed(tags, mode) !== false
    if (!may) continue
    const [forward, backward] = directions(tags, kind, mode)
    bits |= (forward ? 1 << mode : 0) | (backward ? 0x10 << mode : 0)
  }
  return bits
}

/** `Anlieger frei`, for customers; or nothing but the way to a house, or to a place in a car park. */
const onlyThere = new Set(['destination', 'customers'])
const ending = new Set(['driveway', 'parking_aisle', 'drive-through', 'emergency_access'])

/** Of cars: the most particular key that opens says for whom. */
function isNoThrough(tags: Tags): boolean {
  const { groups, own } = particular[Mode.car]
  const key = [...groups, ...own].findLast(name => said(tags, name) === 'opens')
  const words = (key ? tags.get(key)! : '').split(';').map(word => word.trim())
  const opens = words.filter(word => opening.has(word))
  return (opens.length > 0 && opens.every(word => onlyThere.has(word))) || ending.has(tags.get('service') ?? '')
}

const sidewalkKeys = ['sidewalk', 'sidewalk:left', 'sidewalk:right', 'sidewalk:both']
const hasSidewalk = (tags: Tags): boolean =>
  sidewalkKeys.some(key => ['both', 'left', 'right', 'yes', 'separate'].includes(tags.get(key) ?? ''))

// ── one-ways ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const BOTH = [true, true] as const
const FORWARD = [true, false] as const
const BACKWARD = [false, true] as const
const NEITHER = [false, false] as const

const onewayOf = (value: string | undefined): readonly [boolean, boolean] | undefined =>
  value === 'yes' || value === 'true' || value === '1'
    ? FORWARD
    : value === '-1' || value === 'reverse'
      ? BACKWARD
      : value === 'no' || value === 'alternating'
        ? BOTH
        : value === 'reversible' // now this way, now that: nobody can count on either
          ? NEITHER
          : undefined

function directions(tags: Tags, kind: KindName, mode: Mode): readonly [boolean, boolean] {
  if (kind === 'escalator') {
    const moves = tags.get('conveying')
    return moves === 'backward' ? BACKWARD : moves === 'reversible' ? BOTH : FORWARD
  }
  if (mode === Mode.foot || mode === Mode.wheelchair) return onewayOf(tags.get('oneway:foot')) ?? BOTH
  if (mode === Mode.bike) {
    const own = onewayOf(tags.get('oneway:bicycle'))
    if (own) return own
    for (const side of ['cycleway', 'cycleway:left', 'cycleway:right', 'cycleway:both'])
      if (tags.get(side)?.startsWith('opposite')) return BOTH
  }
  const usual = onewayOf(tags.get('oneway')) ?? (kind === 'motorway' || isRoundabout(tags) ? FORWARD : BOTH)
  return valuesByDay(tags.get('oneway:conditional'))
    .map(value => onewayOf(value) ?? BOTH)
    .reduce(([there, back], [forward, backward]) => [there && forward, back && backward], usual)
}

const isRoundabout = (tags: Tags): boolean =>
  tags.get('junction') === 'roundabout' || tags.get('junction') === 'circular'

// ── how it is ─────────────────────────────────────────────────────────────────────────────────────────────────────────
export const yesNo = (value: string | undefined): number =>
  value === 'yes' || value === 'designated' || value === '24/7' ? 1 : value === 'no' ? 2 : 0

/** Is the way the rim of an area? */
export const isArea = (tags: Tags): boolean => tags.get('area') === 'yes' || tags.get('type') === 'multipolygon'

const surfaces = new Map(
  Object.entries({
    smooth: 'asphalt concrete chipseal rubber metal_grid tartan',
    paved: 'paved paving_stones bricks brick concrete:plates concrete:lanes wood metal tiles grass_paver',
    cobbles: 'sett cobblestone unhewn_cobblestone cobblestone:flattened',
    compacted: 'compacted fine_gravel',
    gravel: 'gravel pebblestone rock',
    ground: 'unpaved ground dirt earth grass sand mud woodchips',
  }).flatMap(([surface, values]) => values.split(' ').map(v => [v, Surface[surface as keyof typeof Surface]] as const)),
)

/** How a crossing's node or way is marked: `crossing`, and its newer and older relatives. */
export function crossingOf(tags: Tags): Crossing {
  const value = tags.get('crossing')
  if (value === 'traffic_signals' || tags.get('crossing:signals') === 'yes') return Crossing.signals
  const markings = tags.get('crossing:markings') ?? tags.get('crossing_ref') ?? 'no'
  if (value === 'marked' || value === 'uncontrolled' || value === 'zebra' || markings !== 'no') return Crossing.marked
  return value === 'unmarked' ? Crossing.unmarked : Crossing.none
}

export const hasIsland = (tags: Tags): boolean =>
  tags.get('crossing:island') === 'yes' || tags.get('crossing') === 'island' || tags.get('traffic_calming') === 'island'

/** The lowest that holds by day; km/h, 0 when not stated or not understood. */
function speedLimitOf(tags: Tags): number {
  const limits = [tags.get('maxspeed'), ...valuesByDay(tags.get('maxspeed:conditional'))].map(speedLimit)
  return limits.reduce((lowest, limit) => (limit === 0 || (lowest > 0 && lowest < limit) ? lowest : limit), 0)
}

function speedLimit(value: string | undefined): number {
  if (!value) return 0
  const said = /^(\d{1,3})( ?mph)?$/.exec(value)
  if (said) return said[2] ? Math.round(Number(said[1]) * 1.609344) : Number(said[1])
  if (value === 'walk' || value.endsWith(':living_street')) return 7
  if (value.endsWith(':urban')) return 50
  if (value.endsWith(':rural')) return 100
  const zone = /:zone:?(\d{2})$/.exec(value)
  return zone ? Number(zone[1]) : 0
}

// ── how it is built ───────────────────────────────────────────────────────────────────────────────────────────────────
function formOf(tags: Tags, kind: KindName): number {
  const cycleStreet = tags.get('bicycle_road') === 'yes' || tags.get('cyclestreet') === 'yes'
  const [cyclewayForward, cyclewayBackward] = cyclewaysOf(tags, kind)
  const ramp = (key: string): boolean => tags.get(key) === 'yes' || (tags.get('ramp') === 'yes' && !tags.has(key))
  return packForm({
    slope: slopeOf(tags.get('incline')),
    smoothness: smoothnessNames.indexOf((tags.get('smoothness') ?? '') as Smoothness) + 1,
    width: metresOf(tags.get('width') ?? tags.get('est_width')),
    cyclewayForward,
    cyclewayBackward,
    cycleStreet,
    sidewalk: hasSidewalk(tags),
    pramRamp: kind === 'steps' && ramp('ramp:stroller'),
    bikeRamp: kind === 'steps' && ramp('ramp:bicycle'),
    stairs: kind !== 'steps' && kind !== 'escalator' ? 0 : rises(tags.get('incline')),
    accidents: 0,
    offGround: isOffGround(tags),
  })
}

const isOffGround = (tags: Tags): boolean =>
  ['bridge', 'tunnel', 'covered', 'layer'].some(key => !['no', '0', ''].includes(tags.get(key) ?? ''))

/** 0 unknown, 1 up, 2 down. */
const rises = (incline: string | undefined): number => {
  const slope = slopeOf(incline)
  return incline === 'up' || (slope ?? 0) > 0 ? 1 : incline === 'down' || (slope ?? 0) < 0 ? 2 : 0
}

/** Percent; `up`, `down` and what is no number say nothing of how steep it is. */
function slopeOf(incline: string | undefined): number | undefined {
  const said = /^(-?\d{1,3}(?:[.,]\d+)?) ?(%|°)?$/.exec(incline ?? '')
  if (!said) return undefined
  const value = Number(said[1]!.replace(',', '.'))
  return said[2] === '°' ? Math.tan((value * Math.PI) / 180) * 100 : value
}

/** Metres from `1.2`, `1,2 m`, `90 cm`, `4'`; 0 when not stated or not understood. */
export function metresOf(width: string | undefined): number {
  const said = /^(\d{1,3}(?:[.,]\d+)?) ?(m|cm|ft|')?$/.exec(width ?? '')
  if (!said) return 0
  const value = Number(said[1]!.replace(',', '.'))
  return said[2] === 'cm' ? value / 100 : said[2] === 'ft' || said[2] === "'" ? value * 0.3048 : value
}

const cycleways = new Map<string, Cycleway>([
  ...['track', 'separate', 'opposite_track', 'sidepath'].map(v => [v, Cycleway.track] as const),
  ...['lane', 'opposite_lane', 'buffered_lane', 'soft_lane'].map(v => [v, Cycleway.lane] as const),
  ...['shared_lane', 'share_busway', 'opposite_share_busway', 'shared_busway'].map(v => [v, Cycleway.shared] as const),
])

/** What there is for bicycles, forwards and backwards; one rides on the right. */
function cyclewaysOf(tags: Tags, kind: KindName): [Cycleway, Cycleway] {
  if (kind === 'cycleway') return [Cycleway.track, Cycleway.track]
  const on = (key: string): Cycleway => cycleways.get(tags.get(key) ?? '') ?? Cycleway.none
  const both = Math.max(on('cycleway'), on('cycleway:both')) as Cycleway
  const against = tags.get('cycleway')?.startsWith('opposite') ? on('cycleway') : Cycleway.none
  return [
    Math.max(against ? Cycleway.none : both, on('cycleway:right')) as Cycleway,
    Math.max(both, against, on('cycleway:left')) as Cycleway,
  ]
}

/** Floors at the first and the last node, in halves; `0;1` on stairs that go down is 1 → 0. */
function levelsOf(tags: Tags): [number, number] {
  const floors = (tags.get('level') ?? '')
    .split(';')
    .map(text => (text.trim() === '' ? Number.NaN : Math.round(Number(text) * 2)))
    .filter(halves => Math.abs(halves) <= 127)
  if (floors.length === 0) return [0, 0]
  const [first, last] = [floors[0]!, floors.at(-1)!]
  const incline = tags.get('incline')
  const turned = (incline === 'up' && first > last) || (incline === 'down' && first < last)
  return turned ? [last, first] : [first, last]
}

const nameOf = (tags: Tags, kind: KindName): string =>
  (kind === 'platform'
    ? (tags.get('local_ref') ?? tags.get('ref') ?? tags.get('name'))
    : (tags.get('name') ?? tags.get('ref'))) ?? ''

// ── turn restrictions ─────────────────────────────────────────────────────────────────────────────────────────────────
/** https://wiki.openstreetmap.org/wiki/Relation:restriction → whom it binds and how; undefined if it binds nobody here. */
export function readRestriction(tags: Tags): { readonly only: boolean; readonly modes: number } | undefined {
  const except = new Set((tags.get('except') ?? '').split(/[;,] ?/))
  let [modes, only] = [0, false]
  for (const [mode, own, ...groups] of [
    [Mode.car, 'motorcar', 'motor_vehicle', 'vehicle'],
    [Mode.bike, 'bicycle', 'vehicle'],
  ] as const) {
    const said = tags.get(`restriction:${own}`) ?? tags.get('restriction')
    if (!said || !/^(no|only)_/.test(said) || [own, ...groups].some(word => except.has(word))) continue
    modes |= 1 << mode
    only = said.startsWith('only_')
  }
  return modes === 0 ? undefined : { only, modes }
}
