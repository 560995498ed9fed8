// Turn-by-turn steps of a way on streets.

import type { Step } from '#api/contract.ts'
import type { StreetPath } from '#engine/street/path.ts'
import { polyline } from './geometry.ts'

export const stepsOf = (path: StreetPath, precision: number): Step[] =>
  path.steps.map(step => ({
    relativeDirection: step.relativeDirection,
    distance: Math.round(step.metres * 10) / 10,
    fromLevel: step.fromLevel,
    toLevel: step.toLevel,
    polyline: polyline(step.points, precision),
    streetName: step.streetName,
    exit: '',
    stayOn: false,
    area: false,
    osmWay: step.osmWay,
  }))
