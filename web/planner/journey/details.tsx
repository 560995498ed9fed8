// A journey from door to door: each ride with the stops it passes, each walk with its turns.

import type { Leg } from '../../shared/api.ts'
import { badgeColors } from '../../shared/colors.ts'
import { Icon } from '../../shared/icon.tsx'
import { LineBadge } from '../../shared/line-badge.tsx'
import { isBus } from '../../shared/modes.ts'
import { useSetting } from '../../shared/setting.ts'
import { SourceSign } from '../../shared/source-sign.tsx'
import { distance, duration, seconds } from '../../shared/times.ts'
import { StepFree } from '../board/departure.tsx'
import { LegState } from './itinerary.tsx'
import { isRide, lineOf, startSource } from './legs.ts'
import { stepText } from './steps.ts'
import { CallTime, StopList, Track } from './stop-list.tsx'

const WORTH_A_STEP = 5 // metres

interface DetailsProps {
  readonly legs: readonly Leg[]
  /** What the rider calls the ends, where they are no stops. */
  readonly ends: Ends
}

export interface Ends {
  readonly from: string
  readonly to: string
}

export function Details({ legs, ends }: DetailsProps) {
  return (
    <ol class="legs">
      {legs.map((leg, i) => (
        // legs have an order and nothing else
        <li key={i}>
          {isRide(leg) ? (
            <Ride leg={leg} />
          ) : (
            <Walk leg={leg} first={i === 0} last={i === legs.length - 1} ends={ends} />
          )}
        </li>
      ))}
    </ol>
  )
}

/** Of one rider, and what a car would have left behind; nothing where it is not known of a part of the way. */
export function Co2({ legs }: { readonly legs: readonly Leg[] }) {
  const { t } = useSetting()
  if (!legs.every(leg => leg.co2)) return null
  const kilograms = (of: 'grams' | 'carGrams') =>
    t.kilograms((legs.reduce((sum, leg) => sum + leg.co2![of], 0) / 1000).toFixed(1))
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
          <Track place={leg.from} bus={isBus(leg.mode)} />
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
          <Track place={leg.to} bus={isBus(leg.mode)} />
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

interface WalkProps {
  readonly leg: Leg
  readonly first: boolean
  readonly last: boolean
  readonly ends: Ends
}

function Walk({ leg, first, last, ends }: WalkProps) {
  const { t, times } = useSetting()
  const length = duration(t, leg.duration)
  const sameStation = leg.from.parentId !== undefined && leg.from.parentId === leg.to.parentId
  const steps =
    leg.steps?.filter(
      step => step.distance >= WORTH_A_STEP || step.fromLevel !== step.toLevel || step.crossing || step.entrance,
    ) ?? []
  return (
    <div class="leg leg-walk">
      {first && (
        <Door
          time={times.clock(seconds(leg.startTime))}
          name={leg.from.stopId ? leg.from.name : ends.from || t.start}
        />
      )}
      <div class="leg-body">
        <p class="leg-line">
          <Icon name={sameStation ? 'change' : 'walk'} />
          {sameStation ? t.changeHere(length) : t.walkFor(length, distance(t, leg.distance ?? 0))}
        </p>
        {leg.pauses?.map(pause => (
          <p key={pause.distance} class="hint">
            {t.pause[pause.kind]}
            {pause.name && ` (${pause.name})`}: {duration(t, pause.duration)}
          </p>
        ))}
        {leg.battery && <p class="hint">{t.batteryLeft(distance(t, leg.battery.leftDistance))}</p>}
        {steps.length > 1 && (
          <details>
            <summary>{t.steps}</summary>
            <ol class="steps">
              {steps.map((step, i) => (
                // steps have an order and nothing else
                <li key={i}>
                  {stepText(t, step)}
                  {step.distance >= WORTH_A_STEP && <small>{distance(t, step.distance)}</small>}
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
      {last && <Door time={times.clock(seconds(leg.endTime))} name={leg.to.stopId ? leg.to.name : ends.to || t.end} />}
    </div>
  )
}

function Door({ time, name }: { readonly time: string; readonly name: string }) {
  return (
    <p class="leg-stop leg-door">
      <span class="call-time">{time}</span>
      <b>{name}</b>
    </p>
  )
}
