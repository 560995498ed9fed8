// GTFS-Realtime messages for tests, encoded by the official bindings:
//
//   feedMessage({ timestamp }, trip('S1').stop('B').delay(300), trip('S2').cancelled(), alert('a1').says('Lift out of order').at({ stopId: 'A' }))
//
// stop('B') is a stop_id, stop(3) a stop_sequence, stop(3, 'B') both.

import bindings from 'gtfs-realtime-bindings'
import type { LiveRunIdx, StopIdx, TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, formatTime, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import type { SourceOptions } from '#engine/live/options.ts'
import { type LiveState, RunState, SKIPPED, Source } from '#engine/live/state.ts'
import { type ApplyResult, createLiveStore, type LiveStore } from '#engine/live/store.ts'
import { isExtraTrip } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'

export const { transit_realtime: proto } = bindings
const { TripDescriptor, TripUpdate } = proto

export interface Header {
  /** Unix seconds; no timestamp at all when absent. */
  readonly timestamp?: number
  readonly version?: string
  readonly differential?: boolean
  readonly feedVersion?: string
}

/** What becomes one entity: its id is its position unless it says another. */
export interface Entity {
  entity(id: string): bindings.transit_realtime.IFeedEntity
}

export function feedMessage(header: Header, ...entities: readonly Entity[]): Uint8Array {
  return proto.FeedMessage.encode({
    header: {
      gtfsRealtimeVersion: header.version ?? '2.0',
      incrementality: header.differential ? 1 : 0,
      ...(header.timestamp === undefined ? {} : { timestamp: header.timestamp }),
      ...(header.feedVersion === undefined ? {} : { feedVersion: header.feedVersion }),
    },
    entity: entities.map((e, i) => e.entity(String(i))),
  }).finish()
}

/** A trip update; every method changes the newest stop or, before the first, the trip, and gives the builder back. */
export class TripBuilder implements Entity {
  private readonly update: bindings.transit_realtime.ITripUpdate
  private readonly stops: bindings.transit_realtime.TripUpdate.IStopTimeUpdate[] = []
  private readonly descriptor: bindings.transit_realtime.ITripDescriptor
  private id: string | undefined
  private deleted = false

  constructor(descriptor: bindings.transit_realtime.ITripDescriptor) {
    this.descriptor = descriptor
    this.update = { trip: descriptor, stopTimeUpdate: this.stops }
  }

  stop(ref: string | number, stopId?: string): this {
    this.stops.push(typeof ref === 'string' ? { stopId: ref } : { stopSequence: ref, ...(stopId ? { stopId } : {}) })
    return this
  }
  /** Delay of arrival and departure; before the first stop, of the trip (experimental TripUpdate.delay). */
  delay(seconds: number): this {
    if (this.stops.length === 0) this.update.delay = seconds
    else Object.assign(this.last, { arrival: { delay: seconds }, departure: { delay: seconds } })
    return this
  }
  arrival(event: bindings.transit_realtime.TripUpdate.IStopTimeEvent): this {
    this.last.arrival = event
    return this
  }
  departure(event: bindings.transit_realtime.TripUpdate.IStopTimeEvent): this {
    this.last.departure = event
    return this
  }
  skipped(): this {
    this.last.scheduleRelationship = TripUpdate.StopTimeUpdate.ScheduleRelationship.SKIPPED
    return this
  }
  noData(): this {
    this.last.scheduleRelationship = TripUpdate.StopTimeUpdate.ScheduleRelationship.NO_DATA
    return this
  }
  properties(properties: bindings.transit_realtime.TripUpdate.StopTimeUpdate.IStopTimeProperties): this {
    this.last.stopTimeProperties = properties
    return this
  }
  /** departure_occupancy_status. */
  fills(occupancy: number): this {
    this.last.departureOccupancyStatus = occupancy
    return this
  }
  cancelled(): this {
    return this.is('CANCELED')
  }
  is(relationship: keyof typeof TripDescriptor.ScheduleRelationship): this {
    this.descriptor.scheduleRelationship = TripDescriptor.ScheduleRelationship[relationship] as number
    return this
  }
  madeAt(timestamp: number): this {
    this.update.timestamp = timestamp
    return this
  }
  withId(id: string): this {
    this.id = id
    return this
  }
  isDeleted(): this {
    this.deleted = true
    return this
  }
  /** trip_properties. */
  becomes(properties: bindings.transit_realtime.TripUpdate.ITripProperties): this {
    this.update.tripProperties = properties
    return this
  }
  entity(id: string): bindings.transit_realtime.IFeedEntity {
    return { id: this.id ?? id, tripUpdate: this.update, ...(this.deleted ? { isDeleted: true } : {}) }
  }
  private get last(): bindings.transit_realtime.TripUpdate.IStopTimeUpdate {
    const last = this.stops.at(-1)
    if (!last) throw new Error('name a stop first')
    return last
  }
}

export const trip = (tripId: string, rest: bindings.transit_realtime.ITripDescriptor = {}): TripBuilder =>
  new TripBuilder({ tripId, ...rest })
/** A trip named by anything but its id. */
export const tripBy = (descriptor: bindings.transit_realtime.ITripDescriptor): TripBuilder =>
  new TripBuilder(descriptor)

export const vehicle = (id: string, position: bindings.transit_realtime.IVehiclePosition): Entity => ({
  entity: entityId => ({ id: entityId, vehicle: { vehicle: { id }, ...position } }),
})

export const alert = (id: string, content: bindings.transit_realtime.IAlert): Entity => ({
  entity: () => ({ id, alert: content }),
})

/** Any entity as it is. */
export const raw = (content: Omit<bindings.transit_realtime.IFeedEntity, 'id'> & { id?: string }): Entity => ({
  entity: id => ({ id, ...content }),
})

// ── applying, and reading the answer ──────────────────────────────────────────────────────────────────────────────────

/** A store with sources that speak for the timetable's first feed: one, or one for each options given. */
export const storeOf = (tt: Timetable, ...options: readonly SourceOptions[]): LiveStore =>
  createLiveStore(
    tt,
    (options.length > 0 ? options : [{}]).map(options => ({
      tag: textOf(tt, tt.feedTag[0]!),
      url: 'test:',
      feeds: [0 as never],
      options,
    })),
  )

/** Encodes, decodes, applies; received when it was made, unless `now` says otherwise. */
export function say(store: LiveStore, header: Header, ...entities: readonly Entity[]): ApplyResult {
  return apply(store, feedMessage(header, ...entities), header.timestamp ?? 0)
}

export const apply = (store: LiveStore, bytes: Uint8Array, now: number, source = 0): ApplyResult =>
  applyMessage(store, source, decodeMessage(bytes), now as UnixSeconds)

const MARKS: Readonly<Record<Source, string>> = {
  [Source.schedule]: '',
  [Source.predicted]: '!',
  [Source.propagated]: '~',
  [Source.noData]: '?',
  [Source.recorded]: '.',
  [Source.stale]: '*',
}

/**
 * A live run as one line: stop, arrival/departure with where they come from (`!` predicted, `~` propagated, `.` recorded, `?` no data,
 * `*` stale, nothing: schedule); one time when both are equal in all. `(B)` is skipped. undefined: no feed speaks of the run.
 */
export function runText(
  tt: Timetable,
  state: LiveState,
  trip: TripIdx,
  day: ServiceDay,
  shift = 0,
): string | undefined {
  const { runs } = state
  for (let r = 0 as LiveRunIdx; r < runs.runs; r++) {
    if (runs.runTrip[r] !== trip || runs.runDay[r] !== day || runs.runShift[r] !== shift) continue
    return stateWord(runs.runState[r]) + callsText(tt, state, r)
  }
  return undefined
}

const WORDS: Readonly<Record<RunState, string>> = {
  [RunState.running]: '',
  [RunState.cancelled]: 'cancelled: ',
  [RunState.deleted]: 'deleted: ',
  [RunState.added]: 'added: ',
  [RunState.replaced]: 'replaced: ',
  [RunState.superseded]: 'superseded: ',
}
const stateWord = (state: RunState): string => WORDS[state]

/** The runs that only realtime knows, one line each: `T9 20260110 added: A 10:00!  B 10:10!`. */
export function extraTexts(tt: Timetable, state: LiveState): string[] {
  const { runs } = state
  const found: string[] = []
  for (let r = 0 as LiveRunIdx; r < runs.runs; r++)
    if (isExtraTrip(tt, runs.runTrip[r])) {
      const name = `${textOf(tt, tt.tripId[runs.runTrip[r]]!)} ${formatDate(runs.runDay[r])}`
      found.push(`${name} ${stateWord(runs.runState[r])}${callsText(tt, state, r)}`)
    }
  return found.sort()
}

function callsText(tt: Timetable, { runs }: LiveState, r: LiveRunIdx): string {
  const calls: string[] = []
  for (let e = runs.eventBegin[r]; e < runs.eventBegin[(r + 1) as LiveRunIdx]; e++) {
    const arrival = short(runs.eventArrival[e]!) + MARKS[runs.eventArrivalSource[e] as Source]
    const departure = short(runs.eventDeparture[e]!) + MARKS[runs.eventDepartureSource[e] as Source]
    const name = textOf(tt, tt.stopId[runs.eventStop[e] as StopIdx]!)
    const stop = runs.eventFlags[e]! & SKIPPED ? `(${name})` : name
    calls.push(`${stop} ${arrival === departure ? arrival : `${arrival}/${departure}`}`)
  }
  return calls.join('  ')
}

/** `10:05` or, with seconds, `10:05:30`. */
const short = (seconds: number): string => formatTime(seconds).replace(/:00$/, '')
