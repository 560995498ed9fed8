// A part of a journey that is no ride: on foot, on wheels of one's own, or on something that is for rent.

import type { Leg, Place } from '../../shared/api.ts'
import { Icon } from '../../shared/icon.tsx'
import { useSetting } from '../../shared/setting.ts'
import { distance, duration, seconds } from '../../shared/times.ts'
import type { Ends } from './details.tsx'
import { byOf, iconOf } from './legs.ts'
import { stepText } from './steps.ts'

const WORTH_A_STEP = 5 // metres

interface WayProps {
  readonly leg: Leg
  readonly first: boolean
  readonly last: boolean
  readonly ends: Ends
}

export function Way({ leg, first, last, ends }: WayProps) {
  const { t, times } = useSetting()
  const by = byOf(leg)
  const [length, metres] = [duration(t, leg.duration), distance(t, leg.distance ?? 0)]
  const sameStation = by === 'WALK' && leg.from.parentId !== undefined && leg.from.parentId === leg.to.parentId
  const nameOf = (place: Place, end: string) => (place.stopId ? place.name : end)
  return (
    <div class={`leg leg-way leg-${by === 'WALK' ? 'walk' : 'wheels'}`}>
      {first && <Door time={times.clock(seconds(leg.startTime))} name={nameOf(leg.from, ends.from || t.start)} />}
      {leg.rental && <RentalEnd leg={leg} place={leg.from} />}
      <div class="leg-body">
        <p class="leg-line">
          <Icon name={sameStation ? 'change' : iconOf(leg)} />
          <span>
            {sameStation
              ? t.changeHere(length)
              : by === 'WALK'
                ? t.walkFor(length, metres)
                : t.ways.wayFor(length, t.ways.by[by], metres)}
          </span>
        </p>
        {leg.rental && <Rental rental={leg.rental} />}
        {leg.pauses?.map(pause => (
          <p key={pause.distance} class="hint">
            {t.pause[pause.kind]}
            {pause.name && ` (${pause.name})`}: {duration(t, pause.duration)}
          </p>
        ))}
        {leg.battery && <p class="hint">{t.batteryLeft(distance(t, leg.battery.leftDistance))}</p>}
        {leg.hotSpotsAvoided && leg.hotSpotsAvoided.length > 0 && (
          <p class="hint">{t.ways.hotSpots(leg.hotSpotsAvoided.length)}</p>
        )}
        <Passable leg={leg} />
        <Elevators leg={leg} />
        <Parking leg={leg} last={last} />
        <Steps leg={leg} />
      </div>
      {leg.rental && <RentalEnd leg={leg} place={leg.to} />}
      {last && <Door time={times.clock(seconds(leg.endTime))} name={nameOf(leg.to, ends.to || t.end)} />}
    </div>
  )
}

/** Where the rented vehicle is fetched, or left. */
function RentalEnd({ leg, place }: { readonly leg: Leg; readonly place: Place }) {
  const { t, times } = useSetting()
  const from = place === leg.from
  const station = from ? leg.rental!.fromStationName : leg.rental!.toStationName
  const does = station ? (from ? t.ways.pickUp : t.ways.giveBack) : from ? t.ways.pickUpFree : t.ways.leaveFree
  return (
    <p class="leg-stop">
      <span class="call-time">{times.clock(seconds(from ? leg.startTime : leg.endTime))}</span>
      <span>
        <b>{station ?? leg.rental!.systemName ?? place.name}</b> <span class="track">{does}</span>
      </span>
    </p>
  )
}

function Rental({ rental }: { readonly rental: NonNullable<Leg['rental']> }) {
  const { t } = useSetting()
  const provider = rental.systemName ?? rental.providerId
  const page = [rental.rentalUriWeb, rental.url].find(url => url !== undefined && /^https?:\/\//.test(url))
  return (
    <>
      <p class="hint">
        {page ? (
          <a href={page} target="_blank" rel="noreferrer">
            {t.ways.book(provider)}
          </a>
        ) : (
          provider
        )}
      </p>
      {rental.rangeMeters !== undefined && <p class="hint">{t.ways.range(distance(t, rental.rangeMeters))}</p>}
      {rental.returnConstraint === 'ROUNDTRIP_STATION' && <p class="hint">{t.ways.backWhereItWas}</p>}
    </>
  )
}

/** What the traveller's limits say of it; nothing where all is known and fits. */
function Passable({ leg: { accessible, obstacles } }: { readonly leg: Leg }) {
  const { t } = useSetting()
  if (accessible === undefined || accessible === 'YES') return null
  const worst = obstacles?.filter(({ passable }) => passable === accessible) ?? []
  const limits = [...new Set(worst.map(({ limit }) => limit))]
    .map(limit => t.ways.obstacles[limit as keyof typeof t.ways.obstacles] ?? limit)
    .join(', ')
  return accessible === 'NO' ? (
    <p class="leg-alert">{t.ways.blocked(limits)}</p>
  ) : (
    <p class="hint">{t.ways.unsure(limits)}</p>
  )
}

/** Repairs that are waited for: nobody promises them. */
function Elevators({ leg }: { readonly leg: Leg }) {
  const { t, times } = useSetting()
  return leg.elevators?.map(({ id, name, outUntil, outFrom }) => (
    <p key={id} class="leg-alert">
      {outUntil !== undefined && t.ways.liftUntil(name, times.clock(seconds(outUntil)))}{' '}
      {outFrom !== undefined && t.ways.liftFrom(name, times.clock(seconds(outFrom)))}
    </p>
  ))
}

/** Where one's own vehicle is left, or was left before. */
function Parking({ leg, last }: { readonly leg: Leg; readonly last: boolean }) {
  const { t } = useSetting()
  const { mode, parking, from, to } = leg
  const own = mode === 'BIKE' || mode === 'CAR_PARKING'
  // at the journey's own ends there is nothing to say
  if (!own || (last && !parking)) return null
  const facts = parking && [
    ...(parking.free !== undefined
      ? [t.ways.free(parking.free, parking.capacity)]
      : parking.capacity !== undefined
        ? [t.ways.places(parking.capacity)]
        : []),
    ...(['covered', 'secured', 'fee'] as const).flatMap(fact => (parking[fact] ? [t.ways[fact]] : [])),
  ]
  const what = [last ? from.name : to.name, ...(facts ?? [])].filter(Boolean).join(', ')
  const does = last ? t.ways.fetchHere : t.ways.parkHere
  return (
    <p class="hint leg-parking">
      <Icon name="parking" /> {what ? `${does}: ${what}` : does}
    </p>
  )
}

function Steps({ leg }: { readonly leg: Leg }) {
  const { t } = useSetting()
  const steps =
    leg.steps?.filter(
      step => step.distance >= WORTH_A_STEP || step.fromLevel !== step.toLevel || step.crossing || step.entrance,
    ) ?? []
  if (steps.length <= 1) return null
  return (
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
