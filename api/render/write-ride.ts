// A ride written straight as bytes: to the letter what JSON.stringify makes of `rideLeg` (legs.ts), without an object for every call. Nine tenths
// of an answer are rides' calls.

import { polylinePrecision } from '#api/contract/versions.ts'
import type { LiveRunIdx, PatternIdx } from '#engine/core/ids.ts'
import { noSooner, type RunCall, readCall, readHead } from '#engine/horizon/runs.ts'
import type { OccupancyStatus } from '#engine/live/occupancy.ts'
import { RunState } from '#engine/live/state.ts'
import { patternLength } from '#engine/timetable/timetable.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import { rideAlerts } from './alerts.ts'
import { footprint, metresAlong } from './footprint.ts'
import { polyline, ridePointsNow } from './geometry.ts'
import { type Json, type JsonWriter, json, TIME_ROOM } from './json.ts'
import { type Kept, keptCall, keptFor, sharesStation } from './kept.ts'
import { isForRiders, isRideCancelled, noLine, rideLeg } from './legs.ts'
import { occupancyMember } from './occupancy.ts'
import { boardingMembers, type RunHead } from './place.ts'
import type { PlanView } from './plan-view.ts'
import { headsign, isLive, modeOfRun, tripMembers } from './run.ts'
import { arrivalSource, departureSource } from './source.ts'
import { text } from './texts.ts'

/** A ride of one answer; several itineraries may have it. */
export interface Ride {
  readonly leg: RideLeg
  readonly run: RunHead & { readonly live: LiveRunIdx }
  readonly from: RunCall
  readonly to: RunCall
  /** Where it stands once it is written. */
  at?: readonly [begin: number, end: number]
}

// members as they stand between two values
const M = {
  from: json(',"from":'),
  to: json(',"to":'),
  duration: json(',"duration":'),
  startTime: json(',"startTime":'),
  endTime: json(',"endTime":'),
  scheduledStartTime: json(',"scheduledStartTime":'),
  scheduledEndTime: json(',"scheduledEndTime":'),
  live: json(',"realTime":true'),
  notLive: json(',"realTime":false'),
  added: json(',"scheduled":false,"headsign":'),
  planned: json(',"scheduled":true,"headsign":'),
  tripFrom: json(',"tripFrom":'),
  tripTo: json(',"tripTo":'),
  cancelled: json(',"cancelled":true,"source":'),
  notCancelled: json(',"cancelled":false,"source":'),
  intermediateStops: json(',"intermediateStops":['),
  endOfList: json(']'),
  arrivalUncertainty: json(',"arrivalUncertainty":'),
  departureUncertainty: json(',"departureUncertainty":'),
}
const words = <Word extends string>(member: string): ((word: Word) => Json) => {
  const known = new Map<Word, Json>()
  return word => known.getOrInsertComputed(word, () => json(`,"${member}":"${word}"`))
}
const departsFull = words<OccupancyStatus>('departureOccupancy')
type End = 'from' | 'to' | undefined
/** The times of a call and where they come from, with room for each; −1: not told. */
interface Times {
  readonly json: Json
  readonly arrival: number
  readonly departure: number
  readonly scheduledArrival: number
  readonly scheduledDeparture: number
}
/** By all that they depend on but the times; their keys have twelve bits. */
const times: (Times | undefined)[] = new Array(1 << 12)
function timesKey(call: RunCall, arrives: boolean, departs: boolean, end: End): number {
  const word = call.word === undefined ? 0 : call.word === 'kept' ? 1 : 2
  const told = (arrives ? 1 : 0) | (departs ? 2 : 0) | (end === 'from' ? 4 : end === 'to' ? 8 : 0)
  return told | (call.arrivalSource << 4) | (call.departureSource << 7) | (word << 10)
}

function roomFor(call: RunCall, arrives: boolean, departs: boolean, end: End): Times {
  let text = ''
  const room = (member: string, isTold: boolean): number => {
    if (!isTold) return -1
    text += `,"${member}":`
    const at = text.length
    text += TIME_ROOM
    return at
  }
  const at = {
    arrival: room('arrival', arrives && end !== 'from'),
    departure: room('departure', departs && end !== 'to'),
    scheduledArrival: room('scheduledArrival', arrives && end !== 'from'),
    scheduledDeparture: room('scheduledDeparture', departs && end !== 'to'),
  }
  if (arrives) text += `,"arrivalSource":"${arrivalSource(call)}"`
  if (departs) text += `,"departureSource":"${departureSource(call)}"`
  return { json: json(text), ...at }
}

/** The end of a call, by all that it depends on; twelve bits again. */
const boardings: (Json | undefined)[] = new Array(1 << 12)
function boardingKey(run: RunHead, call: RunCall): number {
  const { canBoard, canAlight, couldBoard, couldAlight, pickupType, dropOffType } = call
  const may = (canBoard ? 1 : 0) | (canAlight ? 2 : 0) | (couldBoard ? 4 : 0) | (couldAlight ? 8 : 0)
  return may | (pickupType << 4) | (dropOffType << 6) | (run.state << 8)
}
const boarding = (run: RunHead, call: RunCall): Json => json(`,${JSON.stringify(boardingMembers(run, call)).slice(1)}`)

const isSame = (a: RideLeg, b: RideLeg): boolean =>
  a.trip === b.trip &&
  a.board === b.board &&
  a.alight === b.alight &&
  a.day === b.day &&
  a.shift === b.shift &&
  a.notBefore === b.notBefore

const isPlain = ({ arrivalUncertainty, departureUncertainty, occupancy }: RunCall): boolean =>
  arrivalUncertainty === undefined && departureUncertainty === undefined && occupancy === undefined

export class RideWriter {
  private readonly view: PlanView
  private readonly out: JsonWriter
  private readonly kept: Kept
  /** Few enough to look at all of them. */
  private readonly known: Ride[] = []

  constructor(view: PlanView, out: JsonWriter) {
    this.view = view
    this.out = out
    this.kept = keptFor(view)
  }

  /** The ride of a leg, with the calls where it begins and ends as they are now. */
  ride(leg: RideLeg): Ride {
    for (const ride of this.known) if (isSame(ride.leg, leg)) return ride
    const { horizon, realtime } = this.view
    const run = readHead(horizon, leg, realtime)
    const call = (position: number): RunCall => noSooner(readCall(horizon, run, run.live, position), leg.notBefore)
    const ride = { leg, run, from: call(leg.board), to: call(leg.alight) }
    this.known.push(ride)
    return ride
  }

  /** All members that are the ride's own; those of the leg in its journey may follow, and the closing brace has to. */
  write(ride: Ride): void {
    const { out } = this
    if (ride.at) {
      out.again(...ride.at)
      return
    }
    const begin = out.length
    this.writeOnce(ride)
    ride.at = [begin, out.length]
  }

  private writeOnce(ride: Ride): void {
    const { view, out, kept } = this
    const { leg, run, from, to } = ride
    const { board, alight } = leg
    const { timetable: tt } = view.horizon
    const pattern = tt.tripPattern[leg.trip]
    const last = patternLength(tt, pattern) - 1
    const calls = [from]
    for (let position = board + 1; position < alight; position++) calls.push(this.call(ride, position))
    calls.push(to)
    if (this.sharesStation(pattern, calls)) {
      const { stayed: _, guaranteed: __, stay: ___, ...alone } = leg
      out.open(rideLeg(view, alone))
      return
    }
    out.raw(kept.route(view, tt.patternRoute[pattern], tt.tripDirection[leg.trip]!))
    out.members(tripMembers(view, run))
    out.raw(M.from)
    this.writeCall(run, from, board, 'from')
    out.raw(M.to)
    this.writeCall(run, to, alight, 'to')
    out.raw(M.duration)
    out.whole(to.arrival - from.departure)
    out.raw(M.startTime)
    out.time(from.departure)
    out.raw(M.endTime)
    out.time(to.arrival)
    out.raw(M.scheduledStartTime)
    out.time(from.scheduledDeparture)
    out.raw(M.scheduledEndTime)
    out.time(to.scheduledArrival)
    const live = isLive(from.departureSource) || isLive(to.arrivalSource)
    out.raw(live ? M.live : M.notLive)
    out.raw(run.state === RunState.added ? M.added : M.planned)
    out.raw(kept.quoted(headsign(view, run, board)))
    out.raw(M.tripFrom)
    this.writeCall(run, this.call(ride, 0), 0)
    out.raw(M.tripTo)
    this.writeCall(run, this.call(ride, last), last)
    out.raw(isRideCancelled(run, from, to) ? M.cancelled : M.notCancelled)
    out.raw(kept.quoted(text(tt, tt.feedTag[tt.tripFeed[leg.trip]]!)))
    out.raw(M.intermediateStops)
    this.writeBetween(run, calls, board)
    out.raw(M.endOfList)
    const points = ridePointsNow(view, leg, board, alight)
    const alerts = rideAlerts(view, run, from, to)
    out.members({
      legGeometry: view.detailedLegs ? polyline(points, polylinePrecision(view.version)) : noLine(view.version),
      alerts: alerts.length > 0 ? alerts : undefined,
      occupancy: occupancyMember(view, run),
      ...footprint({ mode: modeOfRun(view, run) }, metresAlong(points)),
    })
  }

  /** Two platforms of one station have to be told apart by name (place.ts): seldom, so such a ride is written as objects. */
  private sharesStation(pattern: PatternIdx, calls: readonly RunCall[]): boolean {
    const { timetable: tt } = this.view.horizon
    const isMoved = calls.some(({ stop, scheduledStop }) => stop !== scheduledStop)
    if (!isMoved && !this.kept.sharesStation(tt, pattern)) return false
    return sharesStation(
      tt,
      calls.map(({ stop }) => stop),
    )
  }

  private call({ run, leg }: Ride, position: number): RunCall {
    return noSooner(readCall(this.view.horizon, run, run.live, position), leg.notBefore)
  }

  /** All of the calls but the first and the last. */
  private writeBetween(run: RunHead, calls: readonly RunCall[], board: number): void {
    let first = true
    for (let i = 1; i < calls.length - 1; i++) {
      if (!this.view.scheduledSkipped && !isForRiders(calls[i]!)) continue
      if (!first) this.out.comma()
      first = false
      this.writeCall(run, calls[i]!, board + i)
    }
  }

  /** As `callPlace` has it. @param end where the leg begins or ends: by leaving, and by arriving */
  private writeCall(run: RunHead, call: RunCall, position: number, end?: End): void {
    const { view, out } = this
    const { timetable: tt } = view.horizon
    const arrives = position > 0
    const departs = position < patternLength(tt, tt.tripPattern[run.trip]) - 1
    const stop = this.kept.stop(view, run.trip, call)
    const [told, may] = [timesKey(call, arrives, departs, end), boardingKey(run, call)]
    times[told] ??= roomFor(call, arrives, departs, end)
    boardings[may] ??= boarding(run, call)
    const [room, ending] = [times[told], boardings[may]]
    const at = out.length + stop.json.length
    // nine calls of ten are between two others, and nothing is known of them but when they are
    if (stop.calls && arrives && departs && end === undefined && isPlain(call)) {
      const form = (told << 12) | may
      const known = keptCall(stop.calls, form)
      out.raw(known ?? this.kept.keepCall(stop.calls, form, Buffer.concat([stop.json, room.json, ending])))
    } else {
      out.raw(stop.json)
      out.raw(room.json)
      if (arrives) this.writeWhole(M.arrivalUncertainty, call.arrivalUncertainty)
      if (departs) this.writeWhole(M.departureUncertainty, call.departureUncertainty)
      if (departs && call.occupancy !== undefined) out.raw(departsFull(call.occupancy))
      out.raw(ending)
    }
    if (room.arrival >= 0) {
      out.timeAt(at + room.arrival, call.arrival)
      out.timeAt(at + room.scheduledArrival, call.scheduledArrival)
    }
    if (room.departure >= 0) {
      out.timeAt(at + room.departure, call.departure)
      out.timeAt(at + room.scheduledDeparture, call.scheduledDeparture)
    }
  }

  private writeWhole(member: Json, value: number | undefined): void {
    if (value === undefined) return
    this.out.raw(member)
    this.out.whole(value)
  }
}
