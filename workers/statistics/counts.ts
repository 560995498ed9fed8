// What is counted of service, and how counts of hours become those of a day. These shapes are what gateways tell, what the job keeps on disk, and
// what is served again.

import { type Static, Type } from 'typebox'

const Count = Type.Integer({ minimum: 0 })
const Share = Type.Number({ minimum: 0 })
const Id = Type.String({ maxLength: 400 })

/** Departures planned for this time, and what became of them. */
const counts = {
  planned: Count,
  observed: Count,
  early: Count,
  onTime: Count,
  late: Count,
  cancelled: Count,
  /** Nobody ever said anything of them. */
  missing: Count,
  /** Of all that were observed, together. */
  delaySeconds: Type.Integer(),
  /** Of those observed: somebody said how full the vehicle left, … */
  withOccupancy: Count,
  /** … and riders had to stand. */
  crowded: Count,
  /** Between vehicles of frequent lines, where most of them call. */
  headways: Count,
  bunched: Count,
  gaps: Count,
}
/** What follows from the counts; missing where there is nothing to divide by. */
const rates = {
  /** Of the departures seen to have happened: on time. */
  punctuality: Type.Optional(Type.Number()),
  /** On time, of those and the ones that were called off. */
  delivered: Type.Optional(Type.Number()),
  /** Of the departures that were not called off: seen to have happened. */
  coverage: Type.Optional(Type.Number()),
  /** Mean, in seconds. */
  delay: Type.Optional(Type.Number()),
  /** Of the headways that could be judged: bunched. */
  bunching: Type.Optional(Type.Number()),
  /** Of the departures of which somebody said how full the vehicle left: riders had to stand. */
  crowding: Type.Optional(Type.Number()),
}
const line = {
  route: Id,
  /** What riders call it. */
  line: Type.String({ maxLength: 200 }),
}
/** A realtime source, looked at once a minute. */
const feed = {
  tag: Id,
  /** Without keys. */
  url: Type.String({ maxLength: 4000 }),
  looks: Count,
  /** Looks at which its newest word was no older than 90 s. */
  fresh: Count,
  /** Looks at which it spoke of runs, and the shares of them that the timetable knows, together. */
  rated: Count,
  matched: Share,
}
const FeedDay = Type.Object({
  ...feed,
  /** Mean share of its runs that the timetable knows. */
  matchRate: Type.Optional(Type.Number()),
  /** Share of the time in which its newest word was no older than 90 s. */
  freshness: Type.Optional(Type.Number()),
})
const ADate = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })

export const HourCounts = Type.Object({
  from: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:00:00Z$' }),
  /** The network's own day at that time. */
  date: ADate,
  /** Of the hour's 3,600 seconds those in which somebody was looking. */
  seconds: Type.Integer({ minimum: 0, maximum: 3600 }),
  feeds: Type.Array(Type.Object(feed), { maxItems: 1000 }),
  routes: Type.Array(Type.Object({ ...line, ...counts }), { maxItems: 100_000 }),
})
export const HoursResponse = Type.Object({
  now: Type.String(),
  hours: Type.Array(HourCounts, { maxItems: 48 }),
  /** There are newer ones: from here on (`since`). */
  next: Type.Optional(HourCounts.properties.from),
})
const day = {
  date: ADate,
  /** Of the day those in which somebody was looking. */
  seconds: Count,
  feeds: Type.Array(FeedDay),
}
/** One day, route by route. */
export const DayCounts = Type.Object({
  ...day,
  routes: Type.Array(Type.Object({ ...line, ...counts, ...rates })),
})
/** All routes of a day together. */
export const DaySum = Type.Object({ ...day, all: Type.Object({ ...counts, ...rates }) })
export type HourCounts = Static<typeof HourCounts>
export type HoursResponse = Static<typeof HoursResponse>
export type DayCounts = Static<typeof DayCounts>
export type DaySum = Static<typeof DaySum>

/** Hours of one day, one after the other; of an hour no more than its numbers stays in memory. */
export class DayOfHours {
  private seconds = 0
  private readonly feeds = new Map<string, HourCounts['feeds'][number]>()
  private readonly routes = new Map<string, HourCounts['routes'][number]>()

  add({ seconds, feeds, routes }: HourCounts): void {
    this.seconds += seconds
    for (const feed of feeds) addRow(this.feeds, `${feed.tag} ${feed.url}`, feed)
    for (const route of routes) addRow(this.routes, route.route, route)
  }

  counts(date: string): DayCounts {
    return {
      date,
      seconds: this.seconds,
      feeds: [...this.feeds.values()].map(feed => ({ ...feed, ...feedRates(feed) })),
      routes: [...this.routes.values()].map(route => ({ ...route, ...ratesOf(route) })),
    }
  }
}

export function sumOfDay({ date, seconds, feeds, routes }: DayCounts): DaySum {
  const all = Object.fromEntries(Object.keys(counts).map(name => [name, 0])) as Counts
  for (const route of routes) for (const name of Object.keys(counts) as (keyof Counts)[]) all[name] += route[name]
  return { date, seconds, feeds, all: { ...all, ...ratesOf(all) } }
}

/** Numbers are added, of texts the newest counts. */
function addRow<Row extends object>(sums: Map<string, Row>, key: string, row: Row): void {
  const sum = sums.get(key) as Record<string, unknown> | undefined
  if (!sum) sums.set(key, { ...row })
  else
    for (const [name, value] of Object.entries(row))
      sum[name] = typeof value === 'number' ? value + ((sum[name] as number | undefined) ?? 0) : value
}

type Counts = { -readonly [Name in keyof typeof counts]: number }
const share = <Name extends string>(name: Name, part: number, of: number): Partial<Record<Name, number>> =>
  of > 0 ? ({ [name]: part / of } as Record<Name, number>) : {}

const ratesOf = (c: Counts) => ({
  ...share('punctuality', c.onTime, c.observed),
  ...share('delivered', c.onTime, c.observed + c.cancelled),
  ...share('coverage', c.observed, c.planned - c.cancelled),
  ...share('delay', c.delaySeconds, c.observed),
  ...share('bunching', c.bunched, c.headways),
  ...share('crowding', c.crowded, c.withOccupancy),
})

const feedRates = ({ looks, fresh, rated, matched }: HourCounts['feeds'][number]) => ({
  ...share('matchRate', matched, rated),
  ...share('freshness', fresh, looks),
})
