// GET debug/transfers: where one can change to from a stop, and how long it takes.

import { Type } from 'typebox'
import type { App } from '#api/app.ts'
import type { TransfersResponse } from '#api/contract-map.ts'
import { text } from '#api/plugins/parameters.ts'
import { stopPlace, type View } from '#api/render/place.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { changeBetween } from '#engine/footpaths/footpaths.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { boardStops, stopOf } from './stops.ts'

const TransfersQuery = Type.Object({ id: text(300) })

export function transfersRoutes(app: App, service: TransitService): void {
  app.get('/api/debug/transfers', { schema: { querystring: TransfersQuery } }, (request): TransfersResponse => {
    const { horizon, clock, timetable: tt } = service
    const { footpaths } = horizon
    const view: View = { horizon, version: 6, language: [], realtime: true, now: clock.now() }
    const stop = stopOf(service, request.query.id, 'id')
    const minutes = (to: StopIdx): number | undefined => {
      const seconds = changeBetween(footpaths, stop, to)
      return seconds === undefined ? undefined : Math.round(seconds / 6) / 10
    }
    const others = footpaths.outTo.subarray(footpaths.outBegin[stop]!, footpaths.outBegin[stop + 1]!)
    const targets = [stop, ...(Array.from(others) as StopIdx[])]
    return {
      place: stopPlace(view, stop),
      root: stopPlace(view, rootStop(tt, stop)),
      equivalences: boardStops(service, stop, false).map(other => stopPlace(view, other)),
      hasFootTransfers: service.streets !== undefined,
      hasWheelchairTransfers: false,
      hasCarTransfers: false,
      // one table is searched: what transfers.txt says where it says something, else the walk along the streets
      transfers: targets.flatMap(to => {
        const default_ = minutes(to)
        return default_ === undefined ? [] : [{ to: stopPlace(view, to), default: default_ }]
      }),
    }
  })
}
