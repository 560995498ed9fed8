import type { Leg } from '../../shared/api.ts'
import type { TimeSource } from '../../shared/source.ts'

export const isRide = (leg: Leg): boolean => leg.tripId !== undefined

export const lineOf = (leg: Leg): string => leg.displayName ?? leg.routeShortName ?? leg.mode

/** Whose word it is that the ride leaves when it does. */
export const startSource = (leg: Leg): TimeSource =>
  leg.from.departureSource ?? (leg.realTime ? 'predicted' : 'scheduled')
