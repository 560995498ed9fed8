import { Fragment } from 'preact'
import type { Itinerary, Leg } from '../../shared/api.ts'
import { Icon } from '../../shared/icon.tsx'
import { LineBadge } from '../../shared/line-badge.tsx'
import { useSetting } from '../../shared/setting.ts'
import { duration, seconds } from '../../shared/times.ts'
import { Delay } from '../board/departure.tsx'
import { Actions } from './actions.tsx'
import { Co2, Details, type Ends } from './details.tsx'
import { byOf, iconOf, isRide, lineOf, startSource } from './legs.ts'
import { useLiveLegs } from './live-legs.ts'
import { waysOnly } from './spoken.ts'

interface ItineraryProps {
  readonly itinerary: Itinerary
  readonly ends: Ends
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly watched: boolean
  readonly onWatch: () => void
}

/** One journey as a row: when, how long, with what; chosen, it opens and shows on the map. */
export function ItineraryRow({ itinerary, ends, chosen, onChoose, watched, onWatch }: ItineraryProps) {
  const { t, times, short, live } = useSetting()
  const now = useLiveLegs(itinerary, chosen)
  const { legs } = now
  const start = seconds(legs[0]!.startTime)
  const end = seconds(legs.at(-1)!.endTime)
  const ride = legs.find(isRide)
  return (
    <li class={`itinerary${chosen ? ' is-chosen' : ''}`}>
      <p class="on-paper">
        <b>{[ends.from, ends.to].filter(Boolean).join(' – ')}</b> {times.date(start)}
      </p>
      <button type="button" class="itinerary-row" aria-expanded={chosen} onClick={onChoose}>
        <span class="itinerary-times">
          <b>
            {times.clock(start)} – {times.clock(end)}
          </b>
          <span class="itinerary-duration">{duration(t, end - start)}</span>
        </span>
        <span class="bar">
          {legs.map((leg, i) => (
            // legs have an order and nothing else
            <Fragment key={i}>
              <BarStay leg={leg} />
              <BarPart leg={leg} alone={legs.length === 1} />
            </Fragment>
          ))}
        </span>
        <span class="itinerary-facts">
          {ride ? (
            <>
              <span>{t.transfers(itinerary.transfers)}</span>
              <span class="itinerary-first">
                {short(ride.from.name)} {times.clock(seconds(ride.from.departure ?? ride.startTime))}
              </span>
              <LegState leg={ride} />
            </>
          ) : (
            <span>{waysOnly(t, legs)}</span>
          )}
        </span>
      </button>
      {chosen && (
        <>
          <Actions itinerary={now} ends={ends} watched={watched} onWatch={onWatch} />
          <Details legs={legs} ends={ends} />
          <Co2 legs={legs} />
          <p class="on-paper">{t.asOf(`${times.date(live.now())}, ${times.clock(live.now())}`)}</p>
        </>
      )}
    </li>
  )
}

/** As wide as its share of the time, but never too narrow for its name. */
function BarPart({ leg, alone }: { readonly leg: Leg; readonly alone: boolean }) {
  const { t } = useSetting()
  const grow = { flexGrow: Math.max(60, leg.duration) }
  if (isRide(leg))
    return (
      <span class="bar-part" style={grow}>
        <LineBadge line={lineOf(leg)} color={leg.routeColor} textColor={leg.routeTextColor} />
      </span>
    )
  // changing platforms is no walk worth a place in the row
  if (!alone && leg.duration < 60) return null
  const minutes = t.minutes(Math.max(1, Math.round(leg.duration / 60)))
  return (
    <span class="bar-part bar-walk" style={grow}>
      <Icon name={iconOf(leg)} />
      <span class="sr-only">{byOf(leg) === 'WALK' ? t.walk : t.ways.by[byOf(leg)]} </span>
      {minutes}
    </span>
  )
}

/** A stay at a place on the way is a part of the journey like any other. */
function BarStay({ leg: { stay = 0 } }: { readonly leg: Leg }) {
  const { t } = useSetting()
  if (stay === 0) return null
  return (
    <span class="bar-part bar-stay" style={{ flexGrow: stay }}>
      <Icon name="stay" />
      <span class="sr-only">{t.stayHere(duration(t, stay))} </span>
      <span aria-hidden="true">{duration(t, stay)}</span>
    </span>
  )
}

/** How a ride is doing, in a word; a schedule is called a schedule. */
export function LegState({ leg }: { readonly leg: Leg }) {
  const { t } = useSetting()
  if (leg.cancelled) return <span class="fact-bad">{t.cancelled}</span>
  return <Delay source={startSource(leg)} planned={seconds(leg.scheduledStartTime)} expected={seconds(leg.startTime)} />
}
