// Trips that only realtime knows (NEW, DUPLICATED, REPLACEMENT, detours), written into the timetable's room. A row is claimed for what it
// holds: the same trip said again is the same row, so a run keeps its number from message to message; another stop or planned time is another
// row. Whoever names a row keeps it, and only rows that nobody keeps are written again, the longest unused first.

import type { StopIdx } from '../core/ids.ts'
import { type FeedIdx, NONE, type PatternIdx, type RouteIdx, type TripIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { placeOnShape } from '../timetable/geometry.ts'
import { extraPattern, extraProfile, extraSlot, extraText, extraTrip } from '../timetable/room.ts'
import { patternLength, slotStop, slotWord, type Timetable, type TimetableColumns } from '../timetable/timetable.ts'
import { type Line, thinned } from './lines.ts'
import { type RealtimeStops, realtimeStopsOf } from './realtime-stops.ts'
import { NOT_AVAILABLE } from './state.ts'

export interface ExtraCall {
  readonly stop: StopIdx
  /** Seconds of the service day, as planned. */
  readonly arrival: number
  readonly departure: number
  readonly sequence: number
  /** As GTFS numbers them. */
  readonly pickupType: number
  readonly dropOffType: number
  readonly headsign: string
}

export interface ExtraTripRow {
  readonly feed: FeedIdx
  readonly tripId: string
  readonly route: RouteIdx
  /** 0, 1; 255 unknown. */
  readonly direction: number
  readonly headsign: string
  readonly shortName: string
  /** Does it stand for no trip of the timetable? */
  readonly isNew?: boolean
  /** As tripAccess. */
  readonly access: number
  /** What names the run: seconds of the service day; the first departure where the feed says nothing else. */
  readonly start: number
  readonly calls: readonly ExtraCall[]
  /** A shape of the timetable, or a line of the message's own. */
  readonly line?: Line | { readonly shape: number }
}

const utf8 = new TextEncoder()

export class ExtraTrips {
  private readonly tt: Timetable
  private readonly stops: RealtimeStops
  private readonly rowOf = new Map<string, number>()
  private readonly keyOf: (string | undefined)[]
  private readonly users: Uint32Array
  // rows without users, the longest unused first
  private readonly free: Set<number>

  constructor(tt: Timetable) {
    this.tt = tt
    this.stops = realtimeStopsOf(tt)
    const rows = tt.counts.roomTrips
    this.keyOf = Array.from({ length: rows })
    this.users = new Uint32Array(rows)
    this.free = new Set(this.users.keys())
  }

  /** The trip with this content, kept once for the caller; undefined when there is no room for it. */
  claim(row: ExtraTripRow): TripIdx | undefined {
    const { counts } = this.tt
    if (row.calls.length > counts.roomSlots) return undefined
    // a number of the room may have been another stop's when these words were last said
    const key = JSON.stringify([row, row.calls.map(({ stop }) => this.stops.serialOf(stop))])
    let index = this.rowOf.get(key)
    if (index === undefined) {
      index = this.free.values().next().value
      if (index === undefined || !writeRow(this.tt as unknown as TimetableColumns, this.tt, index, row))
        return undefined
      const old = this.keyOf[index]
      if (old !== undefined) this.rowOf.delete(old)
      this.keyOf[index] = key
      this.rowOf.set(key, index)
    }
    const trip = extraTrip(this.tt, index)
    this.keep(trip)
    return trip
  }

  keep(trip: TripIdx): void {
    const row = trip - this.tt.counts.trips
    if (this.users[row]!++ > 0) return
    this.free.delete(row)
    for (const stop of this.stopsOf(row)) this.stops.keep(stop)
  }

  release(trip: TripIdx): void {
    const row = trip - this.tt.counts.trips
    if (--this.users[row]! > 0) return
    this.free.add(row)
    for (const stop of this.stopsOf(row)) this.stops.release(stop)
  }

  private stopsOf(row: number): StopIdx[] {
    const { slots, slotBegin } = this.tt
    const pattern = extraPattern(this.tt, row)
    return Array.from(slots.subarray(slotBegin[pattern], slotBegin[pattern + 1]), slotStop)
  }

  get inUse(): number {
    return this.tt.counts.roomTrips - this.free.size
  }
}

const stores = new WeakMap<Timetable, ExtraTrips>()
/** A timetable has its room once, whoever reads it. */
export const extraTripsOf = (tt: Timetable): ExtraTrips => stores.getOrInsertComputed(tt, () => new ExtraTrips(tt))

/** False when its id does not fit. */
function writeRow(to: TimetableColumns, tt: Timetable, row: number, trip: ExtraTripRow): boolean {
  const t = extraTrip(tt, row)
  const pattern = extraPattern(tt, row)
  const slot = extraSlot(tt, row)
  const profile = extraProfile(tt, row)
  const { counts } = tt
  // before anything is written: the row may be asked for again as what it was
  if (utf8.encode(trip.tripId).length > counts.roomTextBytes) return false
  const texts = [...new Set([trip.tripId, trip.headsign, trip.shortName, ...trip.calls.map(c => c.headsign)])]
  const numbers = writeTexts(to, tt, row, texts)
  const textNumber = (text: string): number => numbers.get(text) ?? 0

  to.tripPattern[t] = pattern
  to.patternRoute[pattern] = trip.route
  to.slotBegin[pattern] = slot
  to.slotBegin[pattern + 1] = slot + trip.calls.length
  to.tripService[t] = 0
  to.tripStart[t] = trip.start
  to.tripProfile[t] = profile
  to.tripSequences[t] = counts.sequences + row * counts.roomSlots
  to.tripHeadsigns[t] = counts.headsigns + row * counts.roomSlots
  to.tripFeed[t] = trip.feed
  to.tripId[t] = textNumber(trip.tripId)
  to.tripHeadsign[t] = textNumber(trip.headsign)
  to.tripShortName[t] = textNumber(trip.shortName)
  to.tripBlock[t] = 0
  to.tripDirection[t] = trip.direction
  to.tripAccess[t] = trip.access
  to.roomTripIsNew[row] = trip.isNew ? 1 : 0
  trip.calls.forEach((call, i) => {
    to.slots[slot + i] = slotWord(call.stop, call.pickupType !== NOT_AVAILABLE, call.dropOffType !== NOT_AVAILABLE)
    to.slotTypes[slot + i] = call.pickupType | (call.dropOffType << 2) | NO_CONTINUOUS
    to.profileTimes[profile + 2 * i] = call.arrival - trip.start
    to.profileTimes[profile + 2 * i + 1] = call.departure - trip.start
    to.profileFlags[profile + 2 * i] = to.profileFlags[profile + 2 * i + 1] = 0
    to.sequences[to.tripSequences[t]! + i] = call.sequence
    to.headsigns[to.tripHeadsigns[t]! + i] = textNumber(call.headsign)
  })
  writeLine(to, tt, row, trip)
  return true
}

/** continuous_pickup and continuous_drop_off: none. */
const NO_CONTINUOUS = (1 << 4) | (1 << 6)

/** The texts in the row's own place; those that do not fit any more are left out. */
function writeTexts(
  to: TimetableColumns,
  { counts }: Timetable,
  row: number,
  texts: readonly string[],
): Map<string, number> {
  const numbers = new Map([['', 0]])
  let at = counts.stringBytes + row * counts.roomTextBytes
  const end = at + counts.roomTextBytes
  let i = 0
  for (const text of texts) {
    const bytes = utf8.encode(text)
    if (text === '' || i === counts.roomTexts || at + bytes.length > end) continue
    const number = extraText({ counts } as Timetable, row, i++)
    to.stringBytes.set(bytes, at)
    to.stringBegin[number] = at
    at += bytes.length
    to.stringBegin[number + 1] = at
    numbers.set(text, number)
  }
  return numbers
}

function writeLine(to: TimetableColumns, tt: Timetable, row: number, { line, calls }: ExtraTripRow): void {
  const { counts } = tt
  const t = extraTrip(tt, row)
  to.tripShape[t] = line && 'shape' in line ? line.shape : NONE
  to.tripGeometry[t] = NONE
  if (!line) return
  let begin: number
  let end: number
  if ('shape' in line) {
    begin = tt.shapeBegin[line.shape]!
    end = tt.shapeBegin[line.shape + 1]!
  } else {
    begin = counts.shapePoints + row * counts.roomPoints
    const { lat, lon } = thinned(line, counts.roomPoints)
    to.shapeLat.set(lat, begin)
    to.shapeLon.set(lon, begin)
    end = begin + lat.length
    // no rest of a longer line that stood here before: the first 0 ends it
    to.shapeLat.fill(0, end, begin + counts.roomPoints)
  }
  if (end - begin < 2) return
  const nowhere = (stop: StopIdx): boolean => tt.stopHasPosition[stop] === 0
  const places = placeOnShape(
    calls.map(({ stop }) => (nowhere(stop) ? Number.NaN : tt.stopLat[stop]!)),
    calls.map(({ stop }) => tt.stopLon[stop]!),
    { lat: tt.shapeLat, lon: tt.shapeLon, begin, end },
  )
  const geometry = counts.geometries + row
  to.geometryBegin[geometry] = counts.geometrySlots + row * counts.roomSlots
  to.geometryPoints.set(places, to.geometryBegin[geometry]!)
  to.tripGeometry[t] = geometry
}

/** A trip of the timetable as an extra one, to be changed. */
export function likeTrip(tt: Timetable, trip: TripIdx, shift = 0): ExtraTripRow {
  const pattern: PatternIdx = tt.tripPattern[trip]
  const slot = tt.slotBegin[pattern]!
  const start = tt.tripStart[trip]! + shift
  const headsigns = tt.tripHeadsigns[trip]!
  return {
    feed: tt.tripFeed[trip],
    tripId: textOf(tt, tt.tripId[trip]!),
    route: tt.patternRoute[pattern],
    direction: tt.tripDirection[trip]!,
    headsign: textOf(tt, tt.tripHeadsign[trip]!),
    shortName: textOf(tt, tt.tripShortName[trip]!),
    access: tt.tripAccess[trip]!,
    start,
    calls: Array.from({ length: patternLength(tt, pattern) }, (_, i) => ({
      stop: (tt.slots[slot + i]! >>> 2) as StopIdx,
      arrival: start + tt.profileTimes[tt.tripProfile[trip]! + 2 * i]!,
      departure: start + tt.profileTimes[tt.tripProfile[trip]! + 2 * i + 1]!,
      sequence: tt.sequences[tt.tripSequences[trip]! + i]!,
      pickupType: tt.slotTypes[slot + i]! & 3,
      dropOffType: (tt.slotTypes[slot + i]! >> 2) & 3,
      headsign: headsigns === NONE ? '' : textOf(tt, tt.headsigns[headsigns + i]!),
    })),
    ...(tt.tripShape[trip] !== NONE && { line: { shape: tt.tripShape[trip]! } }),
  }
}
