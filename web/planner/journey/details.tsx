// A journey from door to door: each ride with the stops it passes, each walk with its turns.

import type { Leg } from '../../shared/api.ts'
import { badgeColors } from '../../shared/colors.ts'
import { Icon } from '../../shared/icon.tsx'
import { LineBadge } from '../../shared/line-badge.tsx'
import { isBus } from '../../shared/modes.ts'
import { useSetting } from '../../shared/setting.ts'
import { SourceSign } from '../../shared/source-sign.tsx'
import { decimal, duration, seconds } from '../../shared/times.ts'
import { ByArrangement, StepFree } from '../board/departure.tsx'
import type { ChosenPlace } from '../search/places.ts'
import { LegState } from './itinerary.tsx'
import { isRide, lineOf, startSource, viaName } from './legs.ts'
import { CallTime, StopList, Track } from './stop-list.tsx'
import { Way } from './way.tsx'

interface DetailsProps {
  readonly legs: readonly Leg[]
  /** What the rider calls the ends, where they are no stops. */
  readonly ends: Ends
}

export interface Ends {
  readonly from: string
  readonly to: string
  readonly vias: readonly ChosenPlace[]
}

export function Details({ legs, ends }: DetailsProps) {
  return (
    <ol class="legs">
      {legs.map((leg, i) => (
        // legs have an order and nothing else
        <li key={i}>
          <OnTheWay leg={leg} ends={ends} />
          {isRide(leg) ? (
            <Ride leg={leg} />
          ) : (
            <Way leg={leg} first={i === 0} last={i === legs.length - 1} ends={ends} />
          )}
        </li>
      ))}
    </ol>
  )
}

/** Before the leg: the place that the rider wanted to come by, where no ride names it, and how long one stays there. */
function OnTheWay({ leg: { from, stay = 0, startTime }, ends }: { readonly leg: Leg; readonly ends: Ends }) {
  const { t, times } = useSetting()
  const name = viaName(t, from, ends.vias)
  if (stay === 0 && name === undefined) return null
  return (
    <div class="leg-via">
      {name !== undefined && (
        <p class="leg-stop">
          <span class="call-time">{times.clock(seconds(startTime) - stay)}</span>
          <b>{name}</b>
        </p>
      )}
      {stay > 0 && (
        <p class="leg-stay">
          <Icon name="stay" /> {t.stayHere(duration(t, stay))}
        </p>
      )}
    </div>
  )
}

/** Of one rider, and what a car would have left behind; nothing where it is not known of a part of the way. */
export function Co2({ legs }: { readonly legs: readonly Leg[] }) {
  const { t } = useSetting()
  if (!legs.every(leg => leg.co2)) return null
  const kilograms = (of: 'grams' | 'carGrams') =>
    t.kilograms(decimal(t, (legs.reduce((sum, leg) => sum + leg.co2![of], 0) / 1000).toFixed(1)))
  return <p class="itinerary-co2">{t.co2(kilograms('grams'), kilograms('carGrams'))}</p>
}

function Ride({ leg }: { readonly leg: Leg }) {
  const { t, short } = useSetting()
  const between = leg.intermediateStops ?? []
  const color = badgeColors(leg.routeColor, undefined)?.background
  const length = duration(t, seconds(leg.endTime) - seconds(leg.startTime))
  return (
    <div class={`leg leg-ride${leg.cancelled ? ' is-off' : ''}`} style={{ '--line-color': color }}>
      <p class="leg-stop">
        <CallTime call={leg.from} event="departure" />
        <span>
          <b>{leg.from.name}</b>
          <Track place={leg.from} bus={isBus(leg.mode)} /> <ByArrangement getOn={leg.from.pickupArrangement} />
        </span>
      </p>
      <div class="leg-body">
        <p class="leg-line">
          <LineBadge line={lineOf(leg)} color={leg.routeColor} textColor={leg.routeTextColor} />
          <span>
            {leg.headsign && t.towards(short(leg.headsign))} <LegState leg={leg} />{' '}
            <StepFree known={leg.wheelchairAccessible && leg.wheelchairAccessible === 'ACCESSIBLE'} />
          </span>
        </p>
        <Fullness occupancy={leg.occupancy} />
        {leg.alerts?.map(alert => (
          <p key={alert.headerText} class="leg-alert">
            {alert.headerText}
          </p>
        ))}
        <Alternatives leg={leg} />
        {between.length === 0 ? (
          <p class="hint">{t.stopsBetween(0, length)}</p>
        ) : (
          <details>
            <summary>{t.stopsBetween(between.length, length)}</summary>
            <StopList calls={between} color={leg.routeColor} label={t.runTo(lineOf(leg), leg.headsign ?? '')} />
          </details>
        )}
      </div>
      <p class="leg-stop">
        <CallTime call={leg.to} event="arrival" />
        <span>
          <b>{leg.to.name}</b>
          <EndSource leg={leg} />
          <Track place={leg.to} bus={isBus(leg.mode)} /> <ByArrangement getOff={leg.to.dropoffArrangement} />
        </span>
      </p>
    </div>
  )
}

/** Who says when it gets there, where that is somebody else than who says when it leaves. */
function EndSource({ leg }: { readonly leg: Leg }) {
  const source = leg.to.arrivalSource
  if (leg.cancelled || source === undefined || source === startSource(leg)) return null
  return (
    <>
      {' '}
      <SourceSign source={source} />
    </>
  )
}

/** When else one could ride here, and with what. */
function Alternatives({ leg }: { readonly leg: Leg }) {
  const { t, times } = useSetting()
  const rides = (leg.alternatives ?? []).flatMap(legs => legs.filter(isRide).slice(0, 1))
  if (rides.length === 0) return null
  return (
    <p class="leg-alternatives">
      {t.otherDepartures}:{' '}
      {rides.map(ride => (
        <span key={ride.tripId}>
          {times.clock(seconds(ride.startTime))} {lineOf(ride)}
        </span>
      ))}
    </p>
  )
}

/** Nothing where nobody says. */
function Fullness({ occupancy }: Pick<Leg, 'occupancy'>) {
  const { t } = useSetting()
  if (occupancy?.status) return <p class="hint">{t.fullness[occupancy.status]}</p>
  return occupancy?.percentage === undefined ? null : <p class="hint">{t.percentFull(occupancy.percentage)}</p>
}
