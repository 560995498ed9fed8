// Stubs in what is told of a walk: some metres into a way and back again. The map has them where the ways that meet on a platform, at a lift or
// at a door lie over each other; who walks there sees where he is going, and never turns round.
//
//      ▐platform▌──── 9 m ────┐          told: left, 96 m
//   ══════════════ 87 m ══════┘          not: left, 9 m; turn round, 87 m

import type { RelativeDirection, StreetStep } from './steps.ts'

/** As far as one sees, and would not be sent only to come back, metres. */
const STUB = 10

/** Nobody notices having gone so far, metres: what lies between a stop and the middle of its platform. */
const NOTHING = 0.5

type Told = { -readonly [K in keyof StreetStep]: StreetStep[K] }

/**
 * Of two steps between which one would turn round the shorter is told with the other, if it is a stub; a step of no length always is.
 * @param direction by which one comes from the first line to the second
 */
export function foldStubs(
  steps: readonly Told[],
  direction: (before: readonly number[], after: readonly number[]) => RelativeDirection,
): Told[] {
  // each with its line as it was before anything was folded into it: by that one comes and goes
  const folded: { step: Told; line: readonly number[] }[] = []
  for (const step of steps) {
    const line = step.points
    const last = folded.at(-1)
    if (last && isStub(step, last.step, step)) {
      last.step.metres += step.metres
      last.step.points = joined(last.step, step)
      continue
    }
    if (last && isStub(last.step, step, step)) {
      folded.pop()
      step.metres += last.step.metres
      step.points = joined(last.step, step)
    }
    const before = folded.at(-1)
    if (!before) step.relativeDirection = isVertical(step) ? step.relativeDirection : 'DEPART'
    else if (before.line !== before.step.points || line !== step.points)
      step.relativeDirection = isVertical(step)
        ? step.relativeDirection
        : after(before.step, direction(before.line, line))
    folded.push({ step, line })
  }
  return folded.map(({ step }) => step)
}

/** The line of the first step, then that of the second, which begins where the first one ends. */
const joined = (first: Told, second: Told): number[] => [...first.points, ...second.points.slice(2)]

function isStub(short: Told, long: Told, second: Told): boolean {
  if (short.metres > long.metres || short.streetName !== '' || short.crossing || short.entrance) return false
  if (isVertical(short) || isVertical(long) || short.fromLevel !== long.toLevel) return false
  return short.metres < (second.relativeDirection.startsWith('UTURN') ? STUB : NOTHING)
}

/** In an elevator one has turned round already, to its door. */
export const after = (before: StreetStep, direction: RelativeDirection): RelativeDirection =>
  before.relativeDirection === 'ELEVATOR' && direction.startsWith('UTURN') ? 'CONTINUE' : direction

/** Stairs, an elevator, or whatever else leads to another floor. */
const isVertical = ({ relativeDirection, fromLevel, toLevel }: Told): boolean =>
  relativeDirection === 'STAIRS' || relativeDirection === 'ELEVATOR' || fromLevel !== toLevel
