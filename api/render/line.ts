// What a drawn line tells about its route, as a feature's properties.

import { modeOfRouteType } from '#api/render/modes.ts'
import { colorText, publicRouteId, routeLongName, routeShortName } from '#api/render/texts.ts'
import type { RouteIdx } from '#engine/core/ids.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'

export const lineProperties = (tt: Timetable, route: RouteIdx, language: readonly string[]) => ({
  routeId: publicRouteId(tt, route),
  name: routeShortName(tt, route, language) || routeLongName(tt, route, language),
  mode: modeOfRouteType(tt.routeType[route]!),
  color: colorText(tt.routeColor[route]!),
  textColor: colorText(tt.routeTextColor[route]!),
})
