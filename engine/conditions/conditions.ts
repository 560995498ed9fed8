// What is known of the way to and from the vehicles right now: elevators, vehicles for rent, car parks. Small, and made anew whole with each
// answer of a source; indices and ids are the sources' own.

import type { Period } from '../live/state.ts'
import type { RentalSystem } from './rental.ts'

export interface Conditions {
  readonly elevators: readonly ElevatorReport[]
  readonly rentals: readonly RentalSystem[]
  readonly lots: readonly ParkingReport[]
}

/** One elevator as a source reports it. */
export interface ElevatorReport {
  readonly id: string
  readonly name: string
  /** 1e-7 degrees. */
  readonly lat: number
  readonly lon: number
  readonly state: 'working' | 'out' | 'unknown'
  /** When it is out; empty: as long as the source says so. */
  readonly out: readonly Period[]
  readonly source: string
}

/** A car park, or a place for bicycles, as a source reports it. */
export interface ParkingReport {
  readonly id: string
  readonly bicycles?: boolean
  readonly name: string
  /** 1e-7 degrees. */
  readonly lat: number
  readonly lon: number
  /** Spaces free when measured, and in all; undefined when the source does not know. */
  readonly free: number | undefined
  readonly total: number | undefined
  readonly open: boolean
  /** Free spaces per hour by which `free` has been changing lately; 0 when nobody knows. */
  readonly trend: number
  /** Unix seconds. */
  readonly measured: number
  readonly source: string
}

/** How long a count says something of a later time: a lot that is full on Saturday is not on Monday. Seconds. */
export const COUNT_HOLDS = 6 * 3600

export const noConditions: Conditions = { elevators: [], rentals: [], lots: [] }
