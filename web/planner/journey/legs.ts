import type { Leg, Place } from '../../shared/api.ts'
import type { IconName } from '../../shared/icons.ts'
import type { TimeSource } from '../../shared/source.ts'
import type { Texts } from '../../texts/de.ts'
import type { WayTexts } from '../../texts/ways/de.ts'
import type { ChosenPlace } from '../search/places.ts'

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

/** What the server calls a place on the way that is no stop. */
const VIA = 'VIA'

/** What the rider calls it: of the places chosen the one that lies there. Undefined for any other place. */
export function viaName(t: Texts, place: Place, vias: readonly ChosenPlace[]): string | undefined {
  if (place.stopId !== undefined || place.name !== VIA) return undefined
  const away = ({ lat, lon }: ChosenPlace) => (lat - place.lat) ** 2 + (lon - place.lon) ** 2
  return vias.toSorted((a, b) => away(a) - away(b))[0]?.name || t.via.unnamed
}
