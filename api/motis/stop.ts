// GET stop: a stop, or what is around a point, with the routes that call there.

import { Type } from 'typebox'
import type { Route, StopResponse } from '#api/contract/map.ts'
import type { App } from '#api/fastify.ts'
import { integer, list, optional, or, point, text } from '#api/plugins/parameters.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import type { View } from '#api/render/place.ts'
import {
  agencyName,
  colorText,
  publicRouteId,
  routeLongName,
  routeShortName,
  text as textAt,
} from '#api/render/texts.ts'
import type { RouteIdx, StopIdx } from '#engine/core/ids.ts'
import { routesCallingAt } from '#engine/timetable/stop-routes.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { placeOf } from './stoptimes.ts'

const StopQuery = Type.Object({
  stopId: optional(text(300)),
  center: optional(point()),
  radius: optional(integer(0, 10_000)),
  exactRadius: or(Type.Boolean(), false),
  language: or(list(text(35)), []),
})

export function stopRoutes(app: App): void {
  app.get('/api/v6/stop', { schema: { querystring: StopQuery } }, ({ query, service }): StopResponse => {
    const { stops, place } = placeOf(service, query)
    const { horizon, timetable: tt, clock } = service
    const view: View = { horizon, version: 6, language: query.language, realtime: true, now: clock.now() }
    return { place: place(view), routes: routesAt(tt, stops).map(route => renderRoute(view, route)) }
  })
}

/** In the order of their names as people count: 2 before 10. */
function routesAt(tt: Timetable, stops: readonly StopIdx[]): RouteIdx[] {
  const name = (route: RouteIdx): string => textAt(tt, tt.routeShortName[route]!)
  const named = Array.from(routesCallingAt(tt, stops), route => ({ route, name: name(route) }))
  return named.sort((a, b) => asPeopleCount(a.name, b.name) || a.route - b.route).map(({ route }) => route)
}

const asPeopleCount = new Intl.Collator('en', { numeric: true }).compare

function renderRoute({ horizon, language }: View, route: RouteIdx): Route {
  const tt = horizon.timetable
  const agency = tt.routeAgency[route]
  const known = agency < tt.counts.agencies
  return {
    routeId: publicRouteId(tt, route),
    routeShortName: routeShortName(tt, route, language),
    routeLongName: routeLongName(tt, route, language),
    mode: modeOfRouteType(tt.routeType[route]!),
    agencyId: known ? textAt(tt, tt.agencyId[agency]!) : '',
    agencyName: agencyName(tt, route, language),
    agencyUrl: known ? textAt(tt, tt.agencyUrl[agency]!) : '',
    routeColor: colorText(tt.routeColor[route]!),
    routeTextColor: colorText(tt.routeTextColor[route]!),
    routeType: tt.routeType[route]!,
  }
}
