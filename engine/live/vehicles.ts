// VehiclePositions → vehicles with their run and place in it (rules I1–I14). Each message replaces the set; a vehicle whose position is
// older than the one known, or dated ahead of any clock, keeps the known one.

import { E7, METRES_PER_DEGREE, metresBetween, toE7 } from '../core/geo.ts'
import { NONE, type TripIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Points } from '../timetable/geometry.ts'
import { isText } from '../timetable/ids.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { patternLength, slotStop, type Timetable } from '../timetable/timetable.ts'
import { alertsFor } from './alerts.ts'
import type { CarriageEntity, VehicleEntity } from './entities.ts'
import { FUTURE, SKEWED } from './envelope.ts'
import { pointsOf } from './lines.ts'
import { createMatch, type Match } from './match.ts'
import { matchRun } from './match-run.ts'
import type { DecodedMessage } from './message.ts'
import { OCCUPANCY_NUMBERS } from './occupancy.ts'
import type { Reading } from './reading.ts'
import { runKey } from './runs.ts'
import type { Carriage, LiveAlert, LiveVehicle } from './state.ts'
import { MAX_UNIX_SECONDS } from './times.ts'

const STATUS = ['INCOMING_AT', 'STOPPED_AT', 'IN_TRANSIT_TO'] as const
const DEFAULT_STATUS = 2

/**
 * The source's vehicles after this message, ordered by id.
 * @param alerts of its feed, this message's among them
 */
export function resolveVehicles(
  reading: Reading,
  last: readonly LiveVehicle[],
  alerts: readonly LiveAlert[],
): readonly LiveVehicle[] {
  const { m, messageTime, rejected, warnings } = reading
  if (m.vehicles.length === 0 && last.length === 0) return last
  const before = new Map(last.map(v => [v.id, v]))
  const found = new Map<string, LiveVehicle>()
  const lastOf = new Map(m.vehicles.map(entity => [entity.entityId, entity]))
  for (const entity of m.vehicles) {
    if (entity.entityId !== '' && lastOf.get(entity.entityId) !== entity) {
      rejected.add('duplicate_entity_id')
      continue
    }
    // without an id of its own it has the entity's, which names another one in the next message (A8)
    const known = entity.vehicleId ? heldFrom(before.get(entity.vehicleId), messageTime) : undefined
    if (isDated(entity) && entity.timestamp! > messageTime + FUTURE) {
      rejected.add('future_position')
      if (known !== undefined && !found.has(known.id)) found.set(known.id, known)
      continue
    }
    const vehicle = resolveVehicle(reading, entity, alerts)
    const twin = found.get(vehicle.id)
    if (twin !== undefined) rejected.add('duplicate_vehicle')
    if (isTooFast(reading.ids.tt, vehicle, entity.speed, known)) warnings.add('implausible_vehicle_speed')
    const older = known !== undefined && known.timestamp > vehicle.timestamp
    if (older) rejected.add('older_position')
    const newest = older ? known : vehicle
    if (twin === undefined || newest.timestamp >= twin.timestamp) found.set(vehicle.id, newest)
  }
  const vehicles = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const trip of extraTripsOn(reading.ids.tt, vehicles)) {
    reading.extras.keep(trip)
    reading.claimed.push(trip)
  }
  return vehicles
}

const isDated = ({ timestamp }: VehicleEntity): boolean =>
  timestamp !== undefined && timestamp > 0 && timestamp < MAX_UNIX_SECONDS

/** The known position, unless this message is from long before it: then its clock was ahead, or has been set back since (K1). */
const heldFrom = (known: LiveVehicle | undefined, messageTime: number): LiveVehicle | undefined =>
  known && known.timestamp <= messageTime + SKEWED ? known : undefined

/** The extra trips that vehicles are on. */
export const extraTripsOn = (tt: Timetable, vehicles: readonly LiveVehicle[]): TripIdx[] =>
  vehicles.flatMap(({ trip }) => (trip !== undefined && isExtraTrip(tt, trip) ? [trip as TripIdx] : []))

function resolveVehicle(reading: Reading, v: VehicleEntity, alerts: readonly LiveAlert[]): LiveVehicle {
  const { m, messageTime, warnings } = reading
  const { tt } = reading.ids
  const timed = isDated(v)
  const timestamp = timed ? v.timestamp! : messageTime
  if (!timed) warnings.add('undated_position')
  const match = createMatch()
  const known =
    v.descriptor !== NONE && matchRun(reading, v.descriptor, timestamp as UnixSeconds, v.vehicleId, match) === undefined
  if (!known) warnings.add('vehicle_without_run')
  if (known && v.vehicleId) {
    const told = reading.vehicleTold(runKey(match))
    if (told !== undefined && told !== v.vehicleId) warnings.add('other_vehicle')
  }
  const slot = known ? findSlot(tt, match.trip, m, v) : undefined
  const names = v.stopIdBegin !== v.stopIdEnd || v.stopSequence !== undefined
  if (known && slot === undefined && names) warnings.add('vehicle_elsewhere')
  const placed = isPlace(v.lat, v.lon)
  if (!placed) warnings.add(v.lat === undefined && v.lon === undefined ? 'no_position' : 'bad_position')
  if (v.bearing !== undefined && !isBetween(v.bearing, 0, 360)) warnings.add('bad_bearing')
  const occupancy = v.occupancy === undefined ? undefined : OCCUPANCY_NUMBERS[v.occupancy]
  const offRoute =
    known &&
    placed &&
    isOffRoute(wayOf(reading, match), toE7(v.lat!), toE7(v.lon!)) &&
    !isSentElsewhere(tt, alerts, match, timestamp)
  if (offRoute) warnings.add('off_route')
  const carriages = v.carriages && carriagesOf(v.carriages)
  if (v.carriages && !carriages) warnings.add('bad_carriages')
  return {
    id: v.vehicleId || v.entityId,
    source: reading.source,
    ...(v.label ? { label: v.label } : {}),
    ...(known ? { trip: match.trip, day: match.day, shift: match.shift } : {}),
    ...(placed ? { lat: toE7(v.lat!), lon: toE7(v.lon!) } : {}),
    ...(placed && isBetween(v.bearing, 0, 360) ? { bearing: v.bearing! } : {}),
    ...(placed && isBetween(v.speed, 0, 150) ? { speed: v.speed! } : {}),
    ...(slot === undefined ? {} : { slot, status: STATUS[v.status ?? DEFAULT_STATUS] ?? STATUS[DEFAULT_STATUS] }),
    timestamp,
    ...(occupancy === undefined ? {} : { occupancy }),
    ...(v.occupancyPercentage === undefined ? {} : { occupancyPercentage: v.occupancyPercentage }),
    ...(v.wheelchair === 2 ? { wheelchair: 'yes' as const } : v.wheelchair === 3 ? { wheelchair: 'no' as const } : {}),
    ...(offRoute ? { offRoute } : {}),
    ...(carriages ? { carriages } : {}),
  }
}

/** Metres per second that no bus does: the validator's W004. */
const FASTEST_BUS = 26
/** Seconds between two positions that tell a speed: a receiver's scatter is tens of metres. */
const APART = 10

/** Is it a bus that says, or whose position and the one before mean, that it is faster than any (I4)? It is told all the same. */
function isTooFast(tt: Timetable, v: LiveVehicle, stated = 0, before: LiveVehicle | undefined): boolean {
  if (v.trip === undefined || !isBus(tt.routeType[tt.patternRoute[tt.tripPattern[v.trip as TripIdx]]])) return false
  if (stated > FASTEST_BUS || stated < 0) return true
  if (before?.lat === undefined || v.lat === undefined || v.timestamp - before.timestamp < APART) return false
  const metres = metresBetween(before.lat, before.lon!, v.lat, v.lon!)
  return metres > FASTEST_BUS * (v.timestamp - before.timestamp)
}

/** Of GTFS' types, extended ones as well; trolleybuses are buses, coaches (200–209) drive on motorways. */
const isBus = (type: number): boolean => type === 3 || type === 11 || (type >= 700 && type <= 800)

/** Carriages are numbered 1, 2, 3 … in the direction of travel; when one is missing nobody knows which (I11). */
function carriagesOf(entities: readonly CarriageEntity[]): Carriage[] | undefined {
  const sorted = [...entities].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
  if (!sorted.every(({ sequence }, i) => sequence === i + 1)) return undefined
  return sorted.map(({ id, label, occupancy, occupancyPercentage }) => {
    const word = occupancy === undefined ? undefined : OCCUPANCY_NUMBERS[occupancy]
    return {
      ...(id ? { id } : {}),
      ...(label ? { label } : {}),
      ...(word ? { occupancy: word } : {}),
      // −1: unknown
      ...(occupancyPercentage !== undefined && occupancyPercentage >= 0 ? { occupancyPercentage } : {}),
    }
  })
}

const MAX_AWAY_METRES = 200

/** An alert of a detour is why it is not on its trip's line (I5). */
const isSentElsewhere = (
  tt: Timetable,
  alerts: readonly LiveAlert[],
  { trip, day, shift }: Match,
  at: number,
): boolean =>
  alertsFor(tt, alerts, { trip, day, shift }, at as UnixSeconds, 'impact').some(({ effect }) => effect === 'DETOUR')

/** The line that the run has now, from its first point to its last; undefined where it has none: straight lines between stops are no way. */
function wayOf({ ids: { tt }, lineTold }: Reading, run: Match): Points | undefined {
  const told = lineTold(run)
  if (told) return pointsOf(tt, told)
  const geometry = tt.tripGeometry[run.trip]!
  if (geometry === NONE) return undefined
  const at = tt.geometryBegin[geometry]!
  const last = tt.geometryPoints[at + patternLength(tt, tt.tripPattern[run.trip]) - 1]!
  return { lat: tt.shapeLat, lon: tt.shapeLon, begin: tt.geometryPoints[at]!, end: last + 1 }
}

function isOffRoute(way: Points | undefined, lat: number, lon: number): boolean {
  if (way === undefined || way.end - way.begin < 2) return false
  const metresPerLon = Math.cos((lat / E7) * (Math.PI / 180))
  const scale = METRES_PER_DEGREE / E7
  for (let i = way.begin; i + 1 < way.end; i++) {
    const [x1, y1] = [(way.lon[i]! - lon) * metresPerLon * scale, (way.lat[i]! - lat) * scale]
    const [x2, y2] = [(way.lon[i + 1]! - lon) * metresPerLon * scale, (way.lat[i + 1]! - lat) * scale]
    const [dx, dy] = [x2 - x1, y2 - y1]
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / length))
    if (Math.hypot(x1 + along * dx, y1 + along * dy) <= MAX_AWAY_METRES) return false
  }
  return true
}

const isBetween = (value: number | undefined, from: number, to: number): boolean =>
  value !== undefined && value >= from && value <= to

/** Null Island is where broken receivers are, and an exact 0 on either axis is a value never set (I4). */
const isPlace = (lat: number | undefined, lon: number | undefined): boolean =>
  isBetween(lat, -90, 90) && isBetween(lon, -180, 180) && lat !== 0 && lon !== 0

/** The position in the trip; an unknown stop is no reason to drop the vehicle (I12). */
function findSlot(tt: Timetable, trip: TripIdx, m: DecodedMessage, v: VehicleEntity): number | undefined {
  const pattern = tt.tripPattern[trip]
  const first = tt.slotBegin[pattern]!
  for (let i = 0; i < patternLength(tt, pattern); i++) {
    const here =
      v.stopSequence === undefined
        ? v.stopIdBegin !== v.stopIdEnd &&
          isText(tt, tt.stopId[slotStop(tt.slots[first + i]!)]!, m.bytes, v.stopIdBegin, v.stopIdEnd)
        : tt.sequences[tt.tripSequences[trip]! + i] === v.stopSequence
    if (here) return i
  }
  return undefined
}
