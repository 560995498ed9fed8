// A timetable drawn in the test: one trip a line, then walks, changes and stations.
//
//   S1   A 10:00   B 10:10/10:11   C 10:40                 arrival/departure; times may pass 24:00 and have seconds
//   S1   A 10:30   -B 10:40   C- 10:50   D 11:00           -B nobody gets off here, C- nobody gets on
//   U2   D 10:14   C 10:25   [days=20260110,20260111 id=T7 block=x wheelchair=1 bikes=2 headsign=Zoo direction=1]
//   U3   A 06:00   B 06:20   [every 10m until 12:00]       frequencies.txt, exact_times=1; `about every 10m …` for exact_times=0
//   walk B–D 2m                                            both ways; `walk B→D 90s` one way
//   change C 30s                                           `change C never`; 0 s where nothing is said
//   rule B→C 5m from=S1 to=U2#2                            transfers.txt; a time is type 2, `timed` 1, `never` 3, `found` 0, `stay` 4, `leave` 5; routes or trips
//   station S: A B                                         platforms of a station
//   at A 51.5136,7.4653 wheelchair=1 platform=7 level=-1.5   position; others stand in a row, about 700 m apart

import { toE7 } from '#engine/core/geo.ts'
import type { AgencyIdx, FeedIdx, RouteIdx, ServiceIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { NEVER, parseDate, parseTime, type ServiceDay } from '#engine/core/time.ts'
import { buildFootpaths, type Footpaths, type Walk } from '#engine/footpaths/footpaths.ts'
import { TimetableBuilder } from '#engine/timetable/builder.ts'
import type { TripRow } from '#engine/timetable/fields.ts'
import { createCalls, NO_CONTINUOUS } from '#engine/timetable/patterns.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { zoneDayStarts } from '#feeds/zones.ts'

export interface DrawnOptions {
  /** IANA zone of the agency; UTC when absent. */
  readonly zone?: string
  /** Service days of trips that name none, `20260110` when absent. */
  readonly days?: readonly string[]
  /** Service days the timetable covers; from the first to the last day of any trip when absent. */
  readonly range?: readonly [first: string, last: string]
  readonly tag?: string
  /** Seconds of a change where no line says it; 0 when absent. */
  readonly change?: number
  /** Stops in all, at least; who is not drawn lies alone. */
  readonly stops?: number
}

export interface Drawn {
  readonly tt: Timetable
  readonly footpaths: Footpaths
  stop(name: string): StopIdx
  /** By id: `id=…`, or the line's name for its first trip and `S1#2`, `S1#3` … for the next. */
  trip(id: string): TripIdx
  route(name: string): RouteIdx
  /** The first day of the timetable. */
  readonly day: ServiceDay
}

export function timetable(drawing: string, options: DrawnOptions = {}): Drawn {
  const b = new TimetableBuilder()
  const zone = b.zone(options.zone ?? 'UTC')
  const feed: FeedIdx = b.addFeed({ tag: b.text(options.tag ?? 'test'), zone })
  const agency: AgencyIdx = b.addAgency({ feed, id: b.text('agency'), name: b.text('Agency'), zone })
  const lines = drawing
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  const said = (word: string): string[][] =>
    lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length).trim().split(/\s+/))

  const positions = new Map(said('at').map(([name, at]) => [name!, at!.split(',').map(Number) as [number, number]]))
  const stops = new Map<string, StopIdx>()
  const optionOf = (name: string, option: string): string | undefined =>
    said('at')
      .find(([at]) => at === name)
      ?.find(word => word.startsWith(`${option}=`))
      ?.slice(option.length + 1)
  const stop = (name: string, locationType = 0): StopIdx => {
    const known = stops.get(name)
    if (known !== undefined) return known
    const [lat, lon] = positions.get(name) ?? [51.5, 7.4 + stops.size * 0.01]
    const text = b.text(name)
    const index = b.addStop({
      feed,
      id: text,
      name: text,
      zone,
      lat: toE7(lat),
      lon: toE7(lon),
      locationType,
      wheelchair: Number(optionOf(name, 'wheelchair') ?? 0),
      platform: b.text(optionOf(name, 'platform') ?? ''),
      level: optionOf(name, 'level') === undefined ? 0 : ((2 * Number(optionOf(name, 'level'))) << 1) | 1,
    })
    stops.set(name, index)
    return index
  }
  for (const [name, ...platforms] of said('station')) {
    const station = stop(name!.replace(/:$/, ''), 1)
    for (const platform of platforms) b.setParent(stop(platform), station)
  }

  const routes = new Map<string, RouteIdx>()
  const route = (name: string): RouteIdx => {
    const text = b.text(name)
    const type = name.startsWith('U') ? 1 : name.startsWith('S') ? 2 : 3
    if (!routes.has(name)) routes.set(name, b.addRoute({ feed, id: text, shortName: text, agency, type }))
    return routes.get(name)!
  }
  const services = new Map<string, ServiceIdx>()
  const service = (days: readonly string[]): ServiceIdx => {
    const key = days.join(',')
    if (services.has(key)) return services.get(key)!
    const index = b.addService(feed, b.text(key))
    for (const day of days) b.addServiceDay(index, parseDate(day)!)
    services.set(key, index)
    return index
  }

  const calls = createCalls(100)
  const tripRows = new Map<string, TripRow>()
  for (const line of lines.filter(line => !/^(walk|change|station|at|rule) /.test(line))) {
    const [, body, bracket = ''] = /^(.*?)(?:\[(.*)\])?$/.exec(line)!
    const [name, ...words] = body!.trim().split(/\s+/)
    const option = new Map([...bracket.matchAll(/(\w+)=(\S+)/g)].map(m => [m[1]!, m[2]!]))
    calls.length = 0
    for (let i = 0; i < words.length; i += 2) {
      const [, noDropOff, stopName, noPickup] = /^(-?)(.*?)(-?)$/.exec(words[i]!)!
      const [arrival, departure = arrival] = words[i + 1]!.split('/').map(seconds)
      const at = calls.length++
      calls.stop[at] = stop(stopName!)
      calls.arrival[at] = arrival!
      calls.departure[at] = departure!
      calls.sequence[at] = at + 1
      calls.types[at] = (noPickup ? 1 : 0) | (noDropOff ? 1 << 2 : 0) | NO_CONTINUOUS
      calls.timing[at] = 0
      calls.headsign[at] = 0
    }
    let id = option.get('id') ?? name!
    for (let n = 2; tripRows.has(id); n++) id = `${name}#${n}`
    const trip = b.addTrip(
      {
        feed,
        id: b.text(id),
        route: route(name!),
        service: service(option.get('days')?.split(',') ?? options.days ?? ['20260110']),
        headsign: b.text(option.get('headsign') ?? ''),
        block: b.text(option.get('block') ?? ''),
        direction: Number(option.get('direction') ?? 255),
        access: Number(option.get('wheelchair') ?? 0) | (Number(option.get('bikes') ?? 0) << 2),
      },
      calls,
    )
    tripRows.set(id, trip)
    const every = /(about )?every (\S+) until (\S+)/.exec(bracket)
    if (every)
      b.addFrequency(trip, {
        start: calls.departure[0]!,
        end: seconds(every[3]!),
        headway: duration(every[2]!),
        exact: every[1] === undefined,
      })
  }

  for (const [pair, what, ...named] of said('rule')) {
    const [, from, to] = /^(.+)→(.+)$/.exec(pair!)!
    const side = (which: string): { route?: RouteIdx; trip?: TripRow } => {
      const name = named.find(word => word.startsWith(`${which}=`))?.slice(which.length + 1)
      if (name === undefined) return {}
      return tripRows.has(name) && !routes.has(name) ? { trip: tripRows.get(name)! } : { route: route(name) }
    }
    const [off, on] = [side('from'), side('to')]
    const type = { found: 0, timed: 1, never: 3, stay: 4, leave: 5 }[what!] ?? 2
    b.addTransfer({
      fromStop: stop(from!),
      toStop: stop(to!),
      ...(off.route !== undefined && { fromRoute: off.route }),
      ...(on.route !== undefined && { toRoute: on.route }),
      ...(off.trip !== undefined && { fromTrip: off.trip }),
      ...(on.trip !== undefined && { toTrip: on.trip }),
      type,
      minTime: type === 2 ? duration(what!) : -1,
    })
  }

  const range = options.range
    ? between(parseDate(options.range[0])!, parseDate(options.range[1])!)
    : (b.serviceRange() ?? between(parseDate('20260110')!, parseDate('20260110')!))
  // walks may name stops that no trip calls at: they have to exist before `finish`
  const walks: Walk[] = said('walk').flatMap(([pair, time]) => {
    const [, from, arrow, to] = /^(.+)([–→-])(.+)$/.exec(pair!)!
    const walk = { from: stop(from!), to: stop(to!), seconds: duration(time!) }
    return arrow === '→' ? [walk] : [walk, { from: walk.to, to: walk.from, seconds: walk.seconds }]
  })
  const changes = said('change').map(([name, time]) => [stop(name!), duration(time!)] as const)
  for (let i = stops.size; i < (options.stops ?? 0); i++) stop(`lonely ${i}`)
  const tt = makeRoom(b.finish(range, zoneDayStarts))
  const changeSeconds = new Int32Array(tt.counts.stops).fill(options.change ?? 0)
  for (const [at, time] of changes) changeSeconds[at] = time

  return {
    tt,
    footpaths: buildFootpaths(tt.counts.stops, walks, changeSeconds),
    stop: name => must(stops.get(name), `stop ${name}`),
    route: name => must(routes.get(name), `route ${name}`),
    trip: id => {
      for (let t = 0; t < tt.counts.trips; t++) if (textOf(tt, tt.tripId[t]!) === id) return t as TripIdx
      throw new Error(`no trip ${id} in the drawing`)
    },
    day: range.first,
  }
}

/** `10:00`, `25:30`, `10:00:30` → seconds of the service day. */
export function seconds(text: string): number {
  return must(parseTime(/^\d+:\d+$/.test(text) ? `${text}:00` : text), `time ${text}`)
}

/** `2m`, `90s`, `1h`, `never` → seconds. */
function duration(text: string): number {
  if (text === 'never') return NEVER
  const [, n, unit] = must(/^(\d+)([smh])$/.exec(text) ?? undefined, `duration ${text}`)
  return Number(n) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h']
}

const between = (first: ServiceDay, last: ServiceDay) => ({ first, days: last - first + 1 })

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`not in the drawing: ${what}`)
  return value
}
