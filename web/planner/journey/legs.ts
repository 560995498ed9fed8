import type { Leg } from '../../shared/api.ts'

export const isRide = (leg: Leg): boolean => leg.tripId !== undefined

export const lineOf = (leg: Leg): string => leg.displayName ?? leg.routeShortName ?? leg.mode
