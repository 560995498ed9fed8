import type { Leg } from '../../shared/api.ts'
import type { IconName } from '../../shared/icons.ts'
import type { TimeSource } from '../../shared/source.ts'
import type { WayTexts } from '../../texts/ways/de.ts'

export const isRide = (leg: Leg): boolean => leg.tripId !== undefined

/** What a way that is no ride is made with: a word of the texts. */
export function byOf({ mode, rental }: Leg): keyof WayTexts['by'] {
  if (mode === 'RENTAL') return rental?.formFactor ?? 'OTHER'
  return mode === 'BIKE' ? mode : mode.startsWith('CAR') ? 'CAR' : 'WALK'
}

const ICONS: Readonly<Record<keyof WayTexts['by'], IconName>> = {
  ...{ WALK: 'walk', BIKE: 'bike', CAR: 'car', BICYCLE: 'bike', CARGO_BICYCLE: 'bike' },
  ...{ MOPED: 'scooter', SCOOTER_STANDING: 'scooter', SCOOTER_SEATED: 'scooter', OTHER: 'rental' },
}
export const iconOf = (leg: Leg): IconName => ICONS[byOf(leg)]

export const lineOf = (leg: Leg): string => leg.displayName ?? leg.routeShortName ?? leg.mode

/** Whose word it is that the ride leaves when it does. */
export const startSource = (leg: Leg): TimeSource =>
  leg.from.departureSource ?? (leg.realTime ? 'predicted' : 'scheduled')
