// From which zoom on a map shows what runs: fast and far-reaching lines first (the steps are MOTIS').

import type { Mode } from '#api/contract/common.ts'
import type { PatternIdx } from '#engine/core/ids.ts'
import { diagonalMetres, extentOf } from '#engine/timetable/extents.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { modeOfRouteType } from './modes.ts'

/** @param metres from one end of the line's box to the other */
function minZoom(mode: Mode, metres: number): number {
  switch (mode) {
    case 'AIRPLANE':
    case 'COACH':
      return metres < 50_000 ? 8 : 4
    case 'HIGHSPEED_RAIL':
    case 'LONG_DISTANCE':
    case 'NIGHT_RAIL':
      return 4
    case 'REGIONAL_RAIL':
      return 7
    case 'SUBURBAN':
      return 8
    case 'SUBWAY':
      return 9
    case 'FERRY':
      return metres > 100_000 ? 5 : metres > 10_000 ? 8 : 10
    case 'TRAM':
    case 'BUS':
      return metres > 10_000 ? 9 : 10
    default:
      return 11
  }
}

export const modeOfPattern = (tt: Timetable, p: PatternIdx): Mode => modeOfRouteType(tt.routeType[tt.patternRoute[p]]!)

export const shownAt = (tt: Timetable, p: PatternIdx, zoom: number): boolean =>
  zoom >= minZoom(modeOfPattern(tt, p), diagonalMetres(extentOf(tt, p)))
