// The builder's last step: rows in order of arrival → sorted columns of one buffer. Each function fills one group of columns.

import type { GrowColumn } from '../core/columns.ts'
import { NONE, type StopIdx } from '../core/ids.ts'
import type { DayRange, TimetableBuilder } from './builder.ts'
import { placeOnShape } from './geometry.ts'
import type { PatternPool } from './patterns.ts'
import { NO_ROOM } from './room.ts'
import { createTimetable, dayWords, slotWord, type Timetable, type TimetableColumns } from './timetable.ts'
import { isTripGroup } from './translations.ts'

/** Seconds from UTC midnight of each date of the range to noon − 12 h local. */
export type ZoneDayStarts = (zone: string, range: DayRange) => ArrayLike<number>

/** The builder is of no use afterwards. */
export function finishTimetable(b: TimetableBuilder, range: DayRange, zoneDayStarts: ZoneDayStarts): Timetable {
  const zoneNames = [...b.zones.keys()].map(name => b.strings.intern(name))
  const patternOrder = orderPatterns(b.patterns)
  const tripOrder = orderTrips(b, patternOrder)
  const geometries = placeGeometries(b)
  const parents = b.stops.stopParent.view() as Uint32Array
  const tt = createTimetable({
    firstDay: range.first,
    days: range.days,
    feeds: b.feeds.feedTag.length,
    agencies: b.agencies.agencyId.length,
    zones: zoneNames.length,
    stops: b.stops.stopId.length,
    children: parents.reduce((n, parent) => (parent === NONE ? n : n + 1), 0),
    routes: b.routes.routeId.length,
    patterns: b.patterns.patterns.count,
    patternSlots: (b.patterns.patterns.values.length - b.patterns.patterns.count) / 2,
    trips: b.trips.tripId.length,
    profileTimes: b.patterns.profiles.values.length,
    sequences: b.patterns.sequences.values.length,
    headsigns: b.patterns.headsigns.values.length,
    services: b.services.serviceId.length,
    frequencies: b.frequencies.frequencyTrip.length,
    transfers: b.transfers.transferType.length,
    pathways: b.pathways.pathwayMode.length,
    shapes: b.shapes.shapeId.length,
    shapePoints: b.shapeLat.length,
    geometries: geometries.begins.length,
    geometrySlots: geometries.points.length,
    translations: b.translations.key.length,
    strings: b.strings.count,
    stringBytes: b.strings.bytes.length,
    ...NO_ROOM,
  })

  for (const rows of [b.feeds, b.agencies, b.stops, b.routes, b.services, b.shapes, b.transfers, b.pathways])
    copyRows(tt, rows)
  tt.zoneName.set(zoneNames)
  for (const [zone, name] of [...b.zones.keys()].entries())
    tt.zoneDayStart.set(zoneDayStarts(name, range), zone * range.days)
  fillChildren(tt)
  fillPatterns(tt, b.patterns, patternOrder)
  fillTrips(tt, b, patternOrder, tripOrder, geometries.ofTrip)
  fillServiceDays(tt, b)
  fillFrequencies(tt, b, tripOrder)
  renumberTransferTrips(tt, tripOrder)
  fillTranslations(tt, b, tripOrder)
  tt.shapeBegin[tt.counts.shapes] = tt.counts.shapePoints
  tt.shapeLat.set(b.shapeLat.view())
  tt.shapeLon.set(b.shapeLon.view())
  tt.geometryBegin.set(geometries.begins)
  tt.geometryPoints.set(geometries.points)
  tt.stringBegin.set(b.strings.begin.view())
  tt.stringBytes.set(b.strings.bytes.view())
  return tt as unknown as Timetable
}

/** Old numbers in their new order, and the new number of each old one. */
interface Order {
  readonly old: Uint32Array
  readonly renumbered: Uint32Array
}

function orderOf(old: Uint32Array): Order {
  const renumbered = new Uint32Array(old.length)
  old.forEach((row, index) => {
    renumbered[row] = index
  })
  return { old, renumbered }
}

/** Patterns of one route lie together, in order of appearance. */
function orderPatterns(patterns: PatternPool): Order {
  const keys = Float64Array.from({ length: patterns.patterns.count }, (_, p) => patterns.routeOf(p) * 2 ** 26 + p)
  return orderOf(Uint32Array.from(keys.sort(), key => key % 2 ** 26))
}

/** By (pattern, start, order of appearance). */
function orderTrips(b: TimetableBuilder, patterns: Order): Order {
  const trips = b.trips.tripId.length
  const pattern = b.trips.tripPattern.view()
  const start = b.trips.tripStart.view()
  const end = new Uint32Array(patterns.old.length + 1)
  for (let t = 0; t < trips; t++) end[patterns.renumbered[pattern[t]!]! + 1]!++
  for (let p = 0; p < patterns.old.length; p++) end[p + 1]! += end[p]!
  const begin = end.slice()
  const keys = new Float64Array(trips)
  for (let t = 0; t < trips; t++) keys[begin[patterns.renumbered[pattern[t]!]!]!++] = start[t]! * 2 ** 32 + t
  for (let p = 0; p < patterns.old.length; p++) keys.subarray(end[p]!, end[p + 1]!).sort()
  return orderOf(Uint32Array.from(keys, key => key % 2 ** 32))
}

function copyRows(
  tt: TimetableColumns,
  rows: Readonly<Record<string, GrowColumn<Uint32Array> | GrowColumn<Int32Array>>>,
): void {
  const columns = tt as unknown as Record<string, Uint32Array>
  for (const [name, column] of Object.entries(rows)) columns[name]!.set(column.view())
}

function fillChildren(tt: TimetableColumns): void {
  const { stops } = tt.counts
  for (let s = 0; s < stops; s++) if (tt.stopParent[s]! !== NONE) tt.childrenBegin[tt.stopParent[s]! + 1]!++
  for (let s = 0; s < stops; s++) tt.childrenBegin[s + 1]! += tt.childrenBegin[s]!
  const next = tt.childrenBegin.slice()
  for (let s = 0; s < stops; s++) if (tt.stopParent[s]! !== NONE) tt.children[next[tt.stopParent[s]!]!++] = s
}

function fillPatterns(tt: TimetableColumns, patterns: PatternPool, order: Order): void {
  let slot = 0
  order.old.forEach((p, index) => {
    tt.patternRoute[index] = patterns.routeOf(p)
    tt.slotBegin[index] = slot
    for (let i = 0; i < patterns.lengthOf(p); i++, slot++) {
      const types = patterns.typesOf(p, i)
      tt.slotTypes[slot] = types
      tt.slots[slot] = slotWord(patterns.stopOf(p, i) as StopIdx, (types & 3) !== 1, ((types >> 2) & 3) !== 1)
    }
  })
  tt.slotBegin[order.old.length] = slot
  const times = patterns.profiles.values.view()
  for (let i = 0; i < times.length; i++) {
    tt.profileTimes[i] = times[i]! >> 2
    tt.profileFlags[i] = times[i]! & 3
  }
  tt.sequences.set(patterns.sequences.values.view())
  tt.headsigns.set(patterns.headsigns.values.view())
}

function fillTrips(
  tt: TimetableColumns,
  b: TimetableBuilder,
  patterns: Order,
  trips: Order,
  geometryOf: Uint32Array,
): void {
  const columns = tt as unknown as Record<string, Uint32Array>
  for (const [name, column] of Object.entries(b.trips)) {
    const [from, to] = [column.data, columns[name]!]
    for (let t = 0; t < trips.old.length; t++) to[t] = from[trips.old[t]!]!
  }
  const { profiles, sequences, headsigns } = b.patterns
  for (let t = 0; t < trips.old.length; t++) {
    tt.tripPattern[t] = patterns.renumbered[tt.tripPattern[t]!]!
    tt.tripBegin[tt.tripPattern[t]! + 1]!++
    tt.tripProfile[t] = profiles.begin.data[tt.tripProfile[t]!]!
    tt.tripSequences[t] = sequences.begin.data[tt.tripSequences[t]!]!
    if (tt.tripHeadsigns[t]! !== NONE) tt.tripHeadsigns[t] = headsigns.begin.data[tt.tripHeadsigns[t]!]!
    tt.tripGeometry[t] = geometryOf[trips.old[t]!]!
  }
  for (let p = 0; p < tt.counts.patterns; p++) tt.tripBegin[p + 1]! += tt.tripBegin[p]!
}

function fillServiceDays(tt: TimetableColumns, b: TimetableBuilder): void {
  const words = dayWords(tt.counts.days)
  const [services, days] = [b.activeService.view(), b.activeDay.view()]
  for (let i = 0; i < days.length; i++) {
    const day = days[i]! - tt.counts.firstDay
    if (day >= 0 && day < tt.counts.days) tt.serviceDays[services[i]! * words + (day >>> 5)]! |= 1 << (day & 31)
  }
}

/** Sorted by trip and start; of rows of one trip that overlap the earlier wins (S28), the later goes on with its own departures. */
function fillFrequencies(tt: TimetableColumns, b: TimetableBuilder, trips: Order): void {
  const f = b.frequencies
  const rows = Array.from({ length: tt.counts.frequencies }, (_, row) => row)
  const tripOf = (row: number): number => trips.renumbered[f.frequencyTrip.data[row]!]!
  rows.sort((x, y) => tripOf(x) - tripOf(y) || f.frequencyStart.data[x]! - f.frequencyStart.data[y]!)
  rows.forEach((row, i) => {
    tt.tripFrequencyBegin[tripOf(row) + 1]!++
    tt.frequencyStart[i] = f.frequencyStart.data[row]!
    tt.frequencyEnd[i] = f.frequencyEnd.data[row]!
    tt.frequencyHeadway[i] = f.frequencyHeadway.data[row]!
    tt.frequencyExact[i] = f.frequencyExact.data[row]!
    const before = i > 0 && tripOf(rows[i - 1]!) === tripOf(row) ? tt.frequencyEnd[i - 1]! : 0
    const [start, headway] = [tt.frequencyStart[i]!, tt.frequencyHeadway[i]!]
    const end = Math.max(tt.frequencyEnd[i]!, before)
    const skipped = Math.max(0, Math.ceil((before - start) / headway))
    tt.frequencyEnd[i] = end
    tt.frequencyStart[i] = Math.min(end, start + skipped * headway)
  })
  for (let t = 0; t < tt.counts.trips; t++) tt.tripFrequencyBegin[t + 1]! += tt.tripFrequencyBegin[t]!
}

function renumberTransferTrips(tt: TimetableColumns, trips: Order): void {
  for (const column of [tt.transferFromTrip, tt.transferToTrip])
    for (let i = 0; i < column.length; i++) if (column[i]! !== NONE) column[i] = trips.renumbered[column[i]!]!
}

function fillTranslations(tt: TimetableColumns, b: TimetableBuilder, trips: Order): void {
  const { group, key, sub, language, text } = b.translations
  const keys = Uint32Array.from(key.view(), (k, i) => (isTripGroup(group.data[i]!) ? trips.renumbered[k]! : k))
  const rows = Array.from(keys, (_, row) => row)
  rows.sort((x, y) => group.data[x]! - group.data[y]! || keys[x]! - keys[y]! || sub.data[x]! - sub.data[y]! || x - y)
  rows.forEach((row, i) => {
    tt.translationBegin[group.data[row]! + 1]!++
    tt.translationKey[i] = keys[row]!
    tt.translationSub[i] = sub.data[row]!
    tt.translationLanguage[i] = language.data[row]!
    tt.translationText[i] = text.data[row]!
  })
  for (let g = 1; g < tt.translationBegin.length; g++) tt.translationBegin[g]! += tt.translationBegin[g - 1]!
}

interface Geometries {
  readonly begins: number[]
  readonly points: number[]
  /** Trip row → geometry or NONE. */
  readonly ofTrip: Uint32Array
}

/** One geometry for each pair of pattern and shape that occurs. */
function placeGeometries(b: TimetableBuilder): Geometries {
  const trips = b.trips.tripId.length
  const shapes = b.shapes.shapeId.length
  const geometries: Geometries = { begins: [], points: [], ofTrip: new Uint32Array(trips).fill(NONE) }
  const known = new Map<number, number>()
  for (let t = 0; t < trips; t++) {
    const [pattern, shape] = [b.trips.tripPattern.data[t]!, b.trips.tripShape.data[t]!]
    if (shape === NONE) continue
    const key = pattern * shapes + shape
    let geometry = known.get(key)
    if (geometry === undefined) {
      geometry = geometries.begins.length
      known.set(key, geometry)
      geometries.begins.push(geometries.points.length)
      geometries.points.push(...placePattern(b, pattern, shape))
    }
    geometries.ofTrip[t] = geometry
  }
  return geometries
}

function placePattern(b: TimetableBuilder, pattern: number, shape: number): Uint32Array {
  const stops = Array.from({ length: b.patterns.lengthOf(pattern) }, (_, slot) => b.patterns.stopOf(pattern, slot))
  const begins = b.shapes.shapeBegin
  return placeOnShape(
    stops.map(s => (b.stops.stopHasPosition.data[s] === 0 ? Number.NaN : b.stops.stopLat.data[s]!)),
    stops.map(s => b.stops.stopLon.data[s]!),
    {
      lat: b.shapeLat.data,
      lon: b.shapeLon.data,
      begin: begins.data[shape]!,
      end: shape + 1 < begins.length ? begins.data[shape + 1]! : b.shapeLat.length,
    },
  )
}
