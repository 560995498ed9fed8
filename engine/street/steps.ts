// A way on streets, told: one step for each stretch of a street with one name, each staircase, elevator, crossing and roundabout, in the words of
// MOTIS' StepInstruction. Which way to turn is the angle between the last metres of one step and the first of the next.

import { E7, metresBetween } from '../core/geo.ts'
import { textOf } from '../core/strings.ts'
import {
  Crossing,
  crossingOf,
  formOf,
  hasIsland,
  isRoundabout,
  Kind,
  type KindName,
  kindNames,
  kindOf,
  Mode,
  mayGo,
  NODE_ELEVATOR,
  NODE_ISLAND,
  nodeCrossing,
  type StreetGraph,
  stairsOf,
  traitsOf,
} from './graph.ts'
import { isPushed } from './pushing.ts'
import { isBeside, SpotKind, spotAt, spotName, spotTraits } from './spots.ts'
import { pushStretch, type Stretch } from './stretch.ts'
import { after, foldStubs } from './stubs.ts'

export type RelativeDirection =
  | 'DEPART'
  | 'HARD_LEFT'
  | 'LEFT'
  | 'SLIGHTLY_LEFT'
  | 'CONTINUE'
  | 'CIRCLE_CLOCKWISE'
  | 'CIRCLE_COUNTERCLOCKWISE'
  | 'SLIGHTLY_RIGHT'
  | 'RIGHT'
  | 'HARD_RIGHT'
  | 'STAIRS'
  | 'ELEVATOR'
  | 'UTURN_LEFT'
  | 'UTURN_RIGHT'

export interface StreetStep {
  readonly relativeDirection: RelativeDirection
  /** '' when the way has none. */
  readonly streetName: string
  /** Of its first edge. */
  readonly kind: KindName
  readonly metres: number
  /** Floors, halves between them possible. */
  readonly fromLevel: number
  readonly toLevel: number
  /** OSM way of its first edge. */
  readonly osmWay: number
  /** Of a roundabout: which of the ways out is taken, from 1; 0 elsewhere. */
  readonly exit: number
  /** A road is crossed on this step. */
  readonly crossing?: { readonly kind: Crossing; readonly island: boolean }
  /** Where stairs and escalators lead, where that is known. */
  readonly stairs?: 'up' | 'down'
  /** Who has a bicycle pushes it. */
  readonly pushed?: true
  /** Through which it ends. */
  readonly entrance?: { readonly name: string; readonly main: boolean }
  /** lat, lon, … in 1e-7 degrees */
  readonly points: number[]
}

type Draft = { -readonly [K in keyof StreetStep]: StreetStep[K] }

/** Turning this much on ways without a name is worth a step. */
const CORNER = 45

/**
 * @param mode of who travels: on foot nobody goes round a roundabout
 * @param goal where the way ends, off the streets as well: 1e-7 degrees
 */
export function tellSteps(
  g: StreetGraph,
  stretches: readonly Stretch[],
  mode: Mode,
  goal: readonly [lat: number, lon: number],
): StreetStep[] {
  const steps: Draft[] = []
  let before: Stretch | undefined
  const walked = stretches.filter(s => s.fromMm !== s.toMm)
  for (const stretch of walked.length > 0 ? walked : stretches.slice(-1)) {
    const points: number[] = []
    pushStretch(g, stretch, points)
    const last = steps.at(-1)
    if (before && last && (g.nodeTraits[startNode(g, stretch)]! & NODE_ELEVATOR) !== 0) {
      steps.push(elevatorStep(g, before, stretch, points))
    }
    const turn = last ? turnBetween(last.points, points) : 0
    const top = steps.at(-1)
    if (top && last === top && before && goesOn(g, before, stretch, turn, mode)) {
      top.metres += metresOf(stretch)
      top.toLevel = levels(g, stretch)[1]
      for (let i = 2; i < points.length; i++) top.points.push(points[i]!)
    } else {
      steps.push(newStep(g, stretch, points, top ? after(top, directionOf(turn)) : 'DEPART', mode))
      if (before && isRound(g, before, mode)) leaveRoundabout(steps)
    }
    const now = steps.at(-1)!
    if (isRound(g, stretch, mode)) now.exit += waysOut(g, stretch, mode)
    const crossed = walks(mode) ? crossingOn(g, before, stretch) : undefined
    if (crossed && crossed.kind >= (now.crossing?.kind ?? 0))
      now.crossing = { ...crossed, island: crossed.island || now.crossing?.island === true }
    if (endsAtNode(g, stretch)) enter(g, now, doorAt(g, endNode(g, stretch)))
    before = stretch
  }
  if (before) enter(g, steps.at(-1)!, doorBeside(g, before, goal))
  return walks(mode) ? foldStubs(steps, (a, b) => directionOf(turnBetween(a, b))) : steps
}

const walks = (mode: Mode): boolean => mode === Mode.foot || mode === Mode.wheelchair

// ── roundabouts ───────────────────────────────────────────────────────────────────────────────────────────────────────
const isRound = (g: StreetGraph, s: Stretch, mode: Mode): boolean => !walks(mode) && isRoundabout(traitsOf(g, s.edge))

/** 1 if one could leave the roundabout at the end of the stretch. */
function waysOut(g: StreetGraph, s: Stretch, mode: Mode): number {
  if (!endsAtNode(g, s)) return 0
  const node = endNode(g, s)
  for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
    const traits = traitsOf(g, (g.arcEdge[a]! >>> 1) as Stretch['edge'])
    if (!isRoundabout(traits) && mayGo(traits, mode, g.arcEdge[a]! & 1)) return 1
  }
  return 0
}

/** The last step but one was the roundabout: it is told by the street to which it leads, and by the way round. */
function leaveRoundabout(steps: Draft[]): void {
  const [round, out] = steps.slice(-2) as [Draft, Draft]
  round.streetName = out.streetName
  let turned = 0
  for (let i = 2; i + 3 < round.points.length; i += 2)
    turned += turnBetween(round.points.slice(i - 2, i + 2), round.points.slice(i, i + 4))
  round.relativeDirection = turned > 0 ? 'CIRCLE_CLOCKWISE' : 'CIRCLE_COUNTERCLOCKWISE'
}

// ── crossings and entrances ───────────────────────────────────────────────────────────────────────────────────────────
const footways = new Set([Kind.footway, Kind.path, Kind.sidewalk, Kind.crossing, Kind.cycleway, Kind.pedestrian])

/** The crossing that a stretch is, or at whose node on the road it begins. */
function crossingOn(g: StreetGraph, before: Stretch | undefined, s: Stretch): StreetStep['crossing'] {
  const traits = traitsOf(g, s.edge)
  const node = g.nodeTraits[startNode(g, s)]!
  const kind = kindOf(traits)
  const passes = before !== undefined && footways.has(kind) && footways.has(kindOf(traitsOf(g, before.edge)))
  const here = passes ? nodeCrossing(node) : Crossing.none
  const island = passes && (node & NODE_ISLAND) !== 0
  if (kind === Kind.crossing) {
    const own = Math.max(crossingOf(traits), here, Crossing.unmarked) as Crossing
    return { kind: own, island: island || hasIsland(traits) }
  }
  return here === Crossing.none ? undefined : { kind: here, island }
}

/** The door through which one goes at a node. */
const doorAt = (g: StreetGraph, node: number): number | undefined =>
  spotAt(g, node, SpotKind.entrance, spot => !isBeside(g, spot))

/** Whoever wants to go where a door is wants to go there. Metres. */
const AT_DOOR = 2

/** The door beside the last stretch that is the goal. */
function doorBeside(g: StreetGraph, { edge }: Stretch, goal: readonly [lat: number, lon: number]): number | undefined {
  const isGoal = (spot: number): boolean => metresBetween(g.spotLat[spot]!, g.spotLon[spot]!, ...goal) < AT_DOOR
  const [from, to] = [g.edgeFrom[edge], g.edgeTo[edge]]
  return spotAt(g, from, SpotKind.entrance, isGoal) ?? spotAt(g, to, SpotKind.entrance, isGoal)
}

function enter(g: StreetGraph, step: Draft, door: number | undefined): void {
  if (door !== undefined) step.entrance = { name: spotName(g, door), main: spotTraits(g.spotTraits[door]!).main }
}

const endNode = (g: StreetGraph, s: Stretch): number => (s.fromMm > s.toMm ? g.edgeFrom[s.edge] : g.edgeTo[s.edge])
const endsAtNode = (g: StreetGraph, s: Stretch): boolean =>
  s.toMm === (s.fromMm > s.toMm ? 0 : g.edgeMillimetres[s.edge])

const metresOf = (s: Stretch): number => Math.abs(s.toMm - s.fromMm) / 1000
const startNode = (g: StreetGraph, s: Stretch): number => (s.fromMm > s.toMm ? g.edgeTo[s.edge] : g.edgeFrom[s.edge])

/** Floor where the stretch begins and where it ends. */
function levels(g: StreetGraph, s: Stretch): [number, number] {
  const [from, to] = [g.edgeFromLevel[s.edge]! / 2, g.edgeToLevel[s.edge]! / 2]
  return s.fromMm > s.toMm ? [to, from] : [from, to]
}

const isVertical = (kind: number): boolean => kind === Kind.steps || kind === Kind.escalator || kind === Kind.elevator

/** Is a bicycle pushed along it? */
const pushedOn = (g: StreetGraph, { edge, fromMm, toMm }: Stretch, mode: Mode): boolean =>
  isPushed(mode, traitsOf(g, edge), formOf(g, edge), fromMm > toMm ? 1 : 0)

function goesOn(g: StreetGraph, a: Stretch, b: Stretch, turn: number, mode: Mode): boolean {
  const [roundA, roundB] = [isRound(g, a, mode), isRound(g, b, mode)]
  if (roundA || roundB) return roundA && roundB
  if (g.edgeName[a.edge] !== g.edgeName[b.edge] || pushedOn(g, a, mode) !== pushedOn(g, b, mode)) return false
  const [kindA, kindB] = [kindOf(traitsOf(g, a.edge)), kindOf(traitsOf(g, b.edge))]
  if (isVertical(kindA) || isVertical(kindB)) return kindA === kindB
  if (walks(mode) && (kindA === Kind.crossing) !== (kindB === Kind.crossing)) return false
  return g.edgeName[a.edge] !== 0 || Math.abs(turn) < CORNER
}

function newStep(g: StreetGraph, s: Stretch, points: number[], direction: RelativeDirection, mode: Mode): Draft {
  const kind = kindOf(traitsOf(g, s.edge))
  const [fromLevel, toLevel] = levels(g, s)
  const leads = stairsOf(formOf(g, s.edge), s.fromMm > s.toMm ? 1 : 0)
  const up = leads === 1 || (leads === 0 && toLevel > fromLevel)
  const known = kind === Kind.steps || kind === Kind.escalator ? leads !== 0 || fromLevel !== toLevel : false
  return {
    exit: 0,
    ...(known && { stairs: up ? 'up' : 'down' }),
    ...(pushedOn(g, s, mode) && { pushed: true }),
    relativeDirection:
      kind === Kind.steps || kind === Kind.escalator ? 'STAIRS' : kind === Kind.elevator ? 'ELEVATOR' : direction,
    // a platform's text is its track numbers
    streetName: kind === Kind.platform ? '' : textOf(g, g.edgeName[s.edge]),
    kind: kindNames[kind]!,
    metres: metresOf(s),
    fromLevel,
    toLevel,
    osmWay: g.edgeWay[s.edge]!,
    points,
  }
}

/** An elevator that is a node between two ways. */
const elevatorStep = (g: StreetGraph, before: Stretch, after: Stretch, points: number[]): Draft => ({
  exit: 0,
  relativeDirection: 'ELEVATOR',
  streetName: '',
  kind: 'elevator',
  metres: 0,
  fromLevel: levels(g, before)[1],
  toLevel: levels(g, after)[0],
  osmWay: g.edgeWay[after.edge]!,
  points: points.slice(0, 2),
})

/** Degrees from the end of one line to the beginning of the next: positive to the right. */
function turnBetween(before: readonly number[], after: readonly number[]): number {
  if (before.length < 4 || after.length < 4) return 0
  const n = before.length
  const turn =
    bearing(after[0]!, after[1]!, after[2]!, after[3]!) -
    bearing(before[n - 4]!, before[n - 3]!, before[n - 2]!, before[n - 1]!)
  return ((turn + 540) % 360) - 180
}

/** Degrees clockwise from north. */
function bearing(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const east = (lon2 - lon1) * Math.cos((lat1 / E7) * (Math.PI / 180))
  return (Math.atan2(east, lat2 - lat1) * 180) / Math.PI
}

function directionOf(turn: number): RelativeDirection {
  const size = Math.abs(turn)
  const side = turn < 0 ? 'LEFT' : 'RIGHT'
  if (size < 20) return 'CONTINUE'
  if (size < 50) return `SLIGHTLY_${side}`
  if (size < 120) return side
  if (size < 165) return `HARD_${side}`
  return `UTURN_${side}`
}
