// One step of a walk in words.

import type { Step } from '../../shared/api.ts'
import type { Texts } from '../../texts/de.ts'

/** `Left: Main Street, across at the lights, with an island` */
export function stepText(t: Texts, step: Step): string {
  const moved =
    step.pathway && step.pathway in t.pathway ? t.pathway[step.pathway as keyof Texts['pathway']] : undefined
  const turn = moved ?? (step.stairs ? t.stairs[step.stairs] : t.turns[step.relativeDirection])
  const isTold = moved || step.crossing || step.relativeDirection === 'STAIRS'
  const name = step.streetName || (step.wayKind && !isTold ? t.wayKind[step.wayKind] : '')
  return [
    name ? t.onto(turn, name) : turn,
    ...(step.pushed ? [t.pushed] : []),
    ...(step.signpostedAs ? [t.followSign(step.signpostedAs)] : []),
    ...(step.exit ? [t.exit(step.exit)] : []),
    ...(step.crossing ? [t.crossing[step.crossing]] : []),
    ...(step.crossingIsland ? [t.crossingIsland] : []),
    ...(step.fromLevel === step.toLevel ? [] : [t.toFloor(String(step.toLevel))]),
    ...(step.entrance ? [t.entrance(step.entrance.name)] : []),
  ].join(', ')
}
