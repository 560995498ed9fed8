// What a drawn line tells about its route, as a feature's properties.

import { modeOfRouteType } from '#api/render/modes.ts'
import { colorText, publicRouteId, text } from '#api/render/texts.ts'
import type { RouteIdx } from '#engine/core/ids.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'

export const lineProperties = (tt: Timetable, route: RouteIdx) => ({
  routeId: publicRouteId(tt, route),
  name: text(tt, tt.routeShortName[route]!) || text(tt, tt.routeLongName[route]!),
  mode: modeOfRouteType(tt.routeType[route]!),
  color: colorText(tt.routeColor[route]!),
  textColor: colorText(tt.routeTextColor[route]!),
})
