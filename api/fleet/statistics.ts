// What service was like: the hours that this process has counted, and the days that the statistics job keeps.
//
//   GET /api/freifahrt/v1/statistics[?hours=…&since=…]   hours that have settled, the oldest first
//   GET /api/freifahrt/v1/statistics/days                days in sum
//   GET /api/freifahrt/v1/statistics/days/DATE           one day, route by route

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { integer, optional, or, time } from '#api/plugins/parameters.ts'
import { publicRouteId, routeLongName, routeShortName, text, utc } from '#api/render/texts.ts'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { Hour } from '#engine/fleet/hours.ts'
import type { TransitService } from '#workers/service.ts'
import type { HourCounts } from '#workers/statistics/counts.ts'
import { readDayText, readSums } from '#workers/statistics/folder.ts'
import { fleetOf } from './fleet.ts'

const HoursQuery = Type.Object({ hours: or(integer(1, 48), 3), since: optional(time()) })
const DaysQuery = Type.Object({ days: or(integer(1, 400), 30) })
const DayParams = Type.Object({ date: Type.String({ maxLength: 10 }) })

/** @param dir where the job keeps its days; '' for nowhere */
export function statisticsRoutes(app: App, dir: string): void {
  app.get('/api/freifahrt/v1/statistics', { schema: { querystring: HoursQuery } }, ({ service, query }, reply) =>
    reply.type('application/json').send(hoursText(service, query)),
  )
  app.get('/api/freifahrt/v1/statistics/days', { schema: { querystring: DaysQuery } }, async ({ query }) => ({
    days: (await readSums(dir)).slice(-query.days),
  }))
  // as the job has written it: reading a country's day would hold up everybody else
  app.get('/api/freifahrt/v1/statistics/days/:date', { schema: { params: DayParams } }, async ({ params }, reply) => {
    const text = await readDayText(dir, params.date)
    if (text !== undefined) return reply.type('application/json').send(text)
    throw new FreifahrtError('BAD_REQUEST', 'date', `nothing is kept of '${params.date}'; see statistics/days`)
  })
}

/** Routes told in one answer (some 5 MB); of a country with more it is one hour. */
const MOST_ROWS = 25_000
/** Characters of hours' texts that are kept for whoever asks next. */
const MOST_TEXT = 32 * 2 ** 20

/**
 * The last hours, or the first ones since a time, as JSON: as many as go into one answer, and where to go on.
 * @param mostRows routes that go into one answer; one hour is told in any case
 */
export function hoursText(
  service: TransitService,
  { hours, since }: { readonly hours: number; readonly since?: number | undefined },
  mostRows = MOST_ROWS,
): string {
  const { counted } = fleetOf(service).hours
  const asked =
    since === undefined ? counted.slice(-hours) : counted.filter(({ from }) => from >= since).slice(0, hours)
  const told: Hour[] = []
  let rows = 0
  for (const hour of asked) {
    rows += hour.routes.size
    if (told.length > 0 && rows > mostRows) break
    told.push(hour)
  }
  const next = counted[counted.indexOf(told.at(-1)!) + 1]
  const goOn = told.length > 0 && next ? `,"next":"${utc(next.from)}"` : ''
  return `{"now":"${utc(service.clock.now())}","hours":[${told.map(hour => hourText(service, hour)).join(',')}]${goOn}}`
}

// an hour that has been counted does not change; those asked for last are kept
const texts = new WeakMap<TransitService, Map<Hour, string>>()

function hourText(service: TransitService, hour: Hour): string {
  const known = texts.getOrInsertComputed(service, () => new Map())
  const text = known.get(hour) ?? JSON.stringify(hourOf(service, hour))
  known.delete(hour)
  known.set(hour, text)
  let length = known.values().reduce((sum, { length }) => sum + length, 0)
  for (const [old, { length: less }] of known) {
    if (length <= MOST_TEXT) break
    known.delete(old)
    length -= less
  }
  return text
}

function hourOf(service: TransitService, { from, seconds, routes, feeds }: Hour): HourCounts {
  const { timetable: tt } = service
  const sources = service.sources()
  return {
    from: utc(from),
    date: Temporal.Instant.fromEpochMilliseconds(from * 1000)
      .toZonedDateTimeISO(text(tt, tt.zoneName[0]!))
      .toPlainDate()
      .toString(),
    seconds,
    feeds: feeds.flatMap((feed, i) => {
      const source = sources[i]
      return source ? [{ tag: source.tag, url: withoutSecrets(source.url), ...feed }] : []
    }),
    routes: [...routes].map(([route, counts]) => ({
      route: publicRouteId(tt, route),
      line: (routeShortName(tt, route, []) || routeLongName(tt, route, [])).slice(0, 200),
      ...counts,
    })),
  }
}
