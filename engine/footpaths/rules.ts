// The rules of transfers.txt (types 0 to 3), whatever they name. Which of several holds for a change (S33), strongest first:
//
//   specificity   both trips 5 · a trip and a route 4 · one trip 3 · both routes 2 · one route 1 · stops only 0
//   strength      of equals: how many of its two stops the row names itself, not through their station
//   order         of equals: the first row

import { NONE, type StopIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { DEFAULT_CHANGE_SECONDS } from './footpaths.ts'

export interface Rule {
  /** Row in the timetable's transfer columns. */
  readonly row: number
  /** Both can be boarded at: a station's rule is a rule for each pair of its platforms. */
  readonly from: StopIdx
  readonly to: StopIdx
  /** NEVER, or AS_FOUND: whatever the walk takes. */
  readonly seconds: number
  readonly specificity: number
  readonly strength: number
}

export const AS_FOUND = -1
const [RECOMMENDED, NEEDS_TIME, IMPOSSIBLE] = [0, 2, 3]
export const TIMED = 1

/** Rows of types 0 to 3 between two stops. @param specific whether they name routes or trips as well */
export function* ruleRows(tt: Timetable, specific: boolean): Generator<number> {
  for (let row = 0; row < tt.counts.transfers; row++) {
    if (tt.transferType[row]! > IMPOSSIBLE || tt.transferFromStop[row] === NONE || tt.transferToStop[row] === NONE)
      continue
    if (specificityOf(tt, row) > 0 === specific) yield row
  }
}

function specificityOf(tt: Timetable, row: number): number {
  const [fromTrip, toTrip] = [tt.transferFromTrip[row] !== NONE, tt.transferToTrip[row] !== NONE]
  const [fromRoute, toRoute] = [tt.transferFromRoute[row] !== NONE, tt.transferToRoute[row] !== NONE]
  if (fromTrip && toTrip) return 5
  if (fromTrip || toTrip) return (fromTrip ? toRoute : fromRoute) ? 4 : 3
  return Number(fromRoute) + Number(toRoute)
}

/** The row as a rule for each pair of platforms. */
export function* rulesOfRow(tt: Timetable, row: number): Generator<Rule> {
  const [a, b] = [tt.transferFromStop[row]!, tt.transferToStop[row]!]
  const strength = Number(tt.stopLocationType[a] !== 1) + Number(tt.stopLocationType[b] !== 1)
  const common = { row, seconds: ruleSeconds(tt, row), specificity: specificityOf(tt, row), strength }
  for (const from of platformsOf(tt, a)) for (const to of platformsOf(tt, b)) yield { ...common, from, to }
}

/** Is `a` to be asked before `b`? */
export const isStronger = (a: Rule, b: Rule): boolean =>
  a.specificity !== b.specificity
    ? a.specificity > b.specificity
    : a.strength !== b.strength
      ? a.strength > b.strength
      : a.row < b.row

export const isTimed = (tt: Timetable, { row }: Rule): boolean => tt.transferType[row] === TIMED

function ruleSeconds(tt: Timetable, row: number): number {
  const stated = tt.transferMinTime[row]!
  switch (tt.transferType[row]) {
    case RECOMMENDED:
      return stated >= 0 ? stated : AS_FOUND
    case TIMED:
      return Math.max(0, stated)
    case NEEDS_TIME:
      return stated >= 0 ? stated : DEFAULT_CHANGE_SECONDS
    default:
      return NEVER
  }
}

/** What of a station can be boarded at; a stop that is no station is its own only platform. */
export function platformsOf(tt: Timetable, stop: number): StopIdx[] {
  if (tt.stopLocationType[stop] !== 1) return [stop as StopIdx]
  const platforms: StopIdx[] = []
  for (let i = tt.childrenBegin[stop]!; i < tt.childrenBegin[stop + 1]!; i++)
    if (tt.stopLocationType[tt.children[i]!] === 0) platforms.push(tt.children[i]!)
  return platforms
}

/** from * stops + to → the rule that holds there for those who are not under a more specific one. */
export function readStopRules(tt: Timetable): Map<number, Rule> {
  const rules = new Map<number, Rule>()
  for (const row of ruleRows(tt, false))
    for (const rule of rulesOfRow(tt, row)) {
      const key = rule.from * tt.counts.stops + rule.to
      const other = rules.get(key)
      if (!other || isStronger(rule, other)) rules.set(key, rule)
    }
  return rules
}

/**
 * How long a change takes of which transfers.txt states the time, who may have to go another way than those for whom it is stated (S36).
 * @param usual, own seconds in which they and he walk; undefined: no way is known
 * @returns undefined: he cannot
 */
export function statedFor(stated: number, usual: number | undefined, own: number | undefined): number | undefined {
  // where the map knows of no way, it knows of none that he cannot go
  if (usual === undefined) return stated
  if (own === undefined) return undefined
  // of 0 s: the vehicle waits
  return own <= usual || stated === 0 ? stated : Math.max(stated, own)
}

const stated = new WeakMap<Timetable, ReadonlyMap<number, number>>()

/** from * stops + to → seconds, of the changes whose time is transfers.txt's own; NEVER: there is none. */
export const statedTimes = (tt: Timetable): ReadonlyMap<number, number> =>
  stated.getOrInsertComputed(tt, () => {
    const rules = [...readStopRules(tt)].filter(([, { seconds }]) => seconds !== AS_FOUND)
    return new Map(rules.map(([pair, { seconds }]) => [pair, seconds]))
  })

const ends = new WeakMap<Timetable, Record<'from' | 'to', ReadonlySet<number>>>()

/** The stops where changes with a stated time begin (reverse: end). */
export const statedEnds = (tt: Timetable, reverse: boolean): ReadonlySet<number> =>
  ends.getOrInsertComputed(tt, () => {
    const pairs = [...statedTimes(tt).keys()]
    const { stops } = tt.counts
    return { from: new Set(pairs.map(pair => Math.floor(pair / stops))), to: new Set(pairs.map(pair => pair % stops)) }
  })[reverse ? 'to' : 'from']
