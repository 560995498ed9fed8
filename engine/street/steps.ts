// A way on streets, told: one step for each stretch of a street with one name, each staircase and each elevator, in the words of MOTIS'
// StepInstruction. Which way to turn is the angle between the last metres of one step and the first of the next.

import { E7 } from '../core/geo.ts'
import { textOf } from '../core/strings.ts'
import { Kind, type KindName, kindNames, kindOf, NODE_ELEVATOR, type StreetGraph, traitsOf } from './graph.ts'
import { pushStretch, type Stretch } from './stretch.ts'

export type RelativeDirection =
  | 'DEPART'
  | 'HARD_LEFT'
  | 'LEFT'
  | 'SLIGHTLY_LEFT'
  | 'CONTINUE'
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
  /** lat, lon, … in 1e-7 degrees */
  readonly points: number[]
}

type Draft = { -readonly [K in keyof StreetStep]: StreetStep[K] }

/** Turning this much on ways without a name is worth a step. */
const CORNER = 45

export function tellSteps(g: StreetGraph, stretches: readonly Stretch[]): StreetStep[] {
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
    if (top && last === top && before && goesOn(g, before, stretch, turn)) {
      top.metres += metresOf(stretch)
      top.toLevel = levels(g, stretch)[1]
      for (let i = 2; i < points.length; i++) top.points.push(points[i]!)
    } else steps.push(newStep(g, stretch, points, top ? directionOf(turn) : 'DEPART'))
    before = stretch
  }
  return steps
}

const metresOf = (s: Stretch): number => Math.abs(s.toMm - s.fromMm) / 1000
const startNode = (g: StreetGraph, s: Stretch): number => (s.fromMm > s.toMm ? g.edgeTo[s.edge] : g.edgeFrom[s.edge])

/** Floor where the stretch begins and where it ends. */
function levels(g: StreetGraph, s: Stretch): [number, number] {
  const [from, to] = [g.edgeFromLevel[s.edge]! / 2, g.edgeToLevel[s.edge]! / 2]
  return s.fromMm > s.toMm ? [to, from] : [from, to]
}

const isVertical = (kind: number): boolean => kind === Kind.steps || kind === Kind.escalator || kind === Kind.elevator

function goesOn(g: StreetGraph, a: Stretch, b: Stretch, turn: number): boolean {
  if (g.edgeName[a.edge] !== g.edgeName[b.edge]) return false
  const [kindA, kindB] = [kindOf(traitsOf(g, a.edge)), kindOf(traitsOf(g, b.edge))]
  if (isVertical(kindA) || isVertical(kindB)) return kindA === kindB
  return g.edgeName[a.edge] !== 0 || Math.abs(turn) < CORNER
}

function newStep(g: StreetGraph, s: Stretch, points: number[], direction: RelativeDirection): Draft {
  const kind = kindOf(traitsOf(g, s.edge))
  const [fromLevel, toLevel] = levels(g, s)
  return {
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
