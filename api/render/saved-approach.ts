// An approach in an itinerary's id: `[mode, [[mode of the part, seconds, [lat, lon, name, station]] …], [rental system, vehicle type, metres?]?,
// place?]`, the place of a part being where it ends (1e-7 degrees; none at the leg's own end, unless a rented vehicle is left right there), the last
// one that where the first part begins, if a rented vehicle stands right there. Vehicles for rent change their ids, places and stations do not.

import { FreifahrtError } from '#engine/core/errors.ts'
import { DAY } from '#engine/core/time.ts'
import type { Approach, ApproachMode, ApproachPart, ApproachPoint, RentalUse } from '#engine/transit/journey.ts'

const modes: readonly unknown[] = ['BIKE', 'CAR', 'CAR_DROPOFF', 'CAR_PARKING', 'RENTAL'] satisfies ApproachMode[]
const partModes: readonly unknown[] = ['WALK', 'BIKE', 'CAR', 'RENTAL'] satisfies ApproachPart['mode'][]
/** To the vehicle, with it, and on from it. */
const MAX_PARTS = 8
const MAX_METRES = 1_000_000

export const writeApproach = ({ mode, parts, rental }: Approach): unknown[] => [
  mode,
  parts.map(({ mode, seconds, to }) => [mode, Math.round(seconds * 1000) / 1000, ...pointsOf(to)]),
  ...(rental ? [useOf(rental), ...pointsOf(parts[0]?.from)] : []),
]

const pointsOf = (point: ApproachPoint | undefined): unknown[] =>
  point ? [[point.lat, point.lon, point.name ?? '', point.station ?? '']] : []

const useOf = ({ system, type, metres }: RentalUse): unknown[] => [
  ...[system, type],
  ...(metres === undefined ? [] : [Math.ceil(metres)]),
]

const bad = (): Error => new Error('no approach')

/** Throws BAD_REQUEST. @param where in the request the value stands */
export function readApproach(value: unknown, where = 'itineraryId'): Approach {
  try {
    return read(value)
  } catch {
    throw new FreifahrtError('BAD_REQUEST', where, 'has a way along streets that is none')
  }
}

function read(value: unknown): Approach {
  const [mode, list, use, start] = listOf(value)
  const values = listOf(list)
  if (!modes.includes(mode) || values.length === 0 || values.length > MAX_PARTS) throw bad()
  const parts: ApproachPart[] = []
  values.forEach((part, i) => {
    const [mode, seconds, to] = listOf(part)
    if (!partModes.includes(mode) || !isBetween(seconds, 0, DAY)) throw bad()
    if (to === undefined && i < values.length - 1) throw bad()
    parts.push({
      mode: mode as ApproachPart['mode'],
      seconds: seconds as number,
      from: i > 0 ? parts.at(-1)!.to : start === undefined ? undefined : readPoint(start),
      to: to === undefined ? undefined : readPoint(to),
    })
  })
  // whose vehicle it is only we have said: MOTIS' own words for a journey do not
  if ((use !== undefined && mode !== 'RENTAL') || (use === undefined && start !== undefined)) throw bad()
  if (use === undefined) return { mode: mode as ApproachMode, parts }
  const [system, type, metres] = listOf(use)
  if (metres !== undefined && !isBetween(metres, 0, MAX_METRES)) throw bad()
  const ridden = metres === undefined ? {} : { metres: metres as number }
  return { mode: 'RENTAL', parts, rental: { system: textOf(system), type: textOf(type), ...ridden } }
}

function readPoint(value: unknown): ApproachPoint {
  const [lat, lon, name, station] = listOf(value)
  if (!isBetween(lat, -90e7, 90e7) || !isBetween(lon, -180e7, 180e7)) throw bad()
  const texts = { name: textOf(name), station: textOf(station) }
  return {
    lat: lat as number,
    lon: lon as number,
    ...(texts.name && { name: texts.name }),
    ...(texts.station && { station: texts.station }),
  }
}

const isBetween = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > 400) throw bad()
  return value
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw bad()
  return value
}
