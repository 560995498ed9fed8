import { Fragment } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Itinerary, PlanQuery } from '../../shared/api.ts'
import { elevatorText } from '../../shared/elevators-out.ts'
import { useSetting } from '../../shared/setting.ts'
import { seconds } from '../../shared/times.ts'
import type { Address } from '../address.ts'
import type { Question } from '../question.ts'
import { QuestionForm } from './form.tsx'
import { ItineraryRow } from './itinerary.tsx'
import { useJourneys } from './use-journeys.ts'
import { useShared } from './use-shared.ts'
import { useWatched } from './watch.ts'
import { WatchedJourney } from './watched-journey.tsx'
import { useOffered, WaysChoice } from './ways-choice.tsx'
import { limitsOf, useWishes, wishParameters } from './wishes.ts'
import { WishesForm } from './wishes-form.tsx'

interface PlannerProps {
  readonly address: Address
  readonly change: (change: Partial<Address>) => void
  readonly question: Question
  readonly near: string | undefined
  /** Are there streets to ride on? */
  readonly streets: boolean
  readonly chosen: Itinerary | undefined
  readonly onChoose: (itinerary: Itinerary | undefined) => void
}

/** From here to there: the question on top, the journeys below. */
export function Planner({ address, change, question, near, streets, chosen, onChoose }: PlannerProps) {
  const { t, times, live } = useSetting()
  const { from, to, vias } = question
  const [wishes, changeWishes] = useWishes()
  const [watched, watch] = useWatched()
  const offered = useOffered(streets)
  const query: PlanQuery | undefined =
    address.from && address.to
      ? {
          fromPlace: address.from,
          toPlace: address.to,
          ...viaParameters(address.vias),
          time: address.time === undefined ? undefined : new Date(address.time * 1000).toISOString(),
          arriveBy: address.arriveBy,
          ...wishParameters(wishes, offered),
        }
      : undefined
  const { state, list, reasons, problem, retry, earlier, later, extending } = useJourneys(query)
  const { shared, gone } = useShared(address.journey, onChoose)

  // what is open but was not found by this question: shared by somebody, or proposed in place of a broken one
  const opened = shared ?? (chosen && !list.includes(chosen) ? chosen : undefined)

  const by = JSON.stringify(address.vias)
  useEffect(() => onChoose(undefined), [address.from, address.to, by, address.time, address.arriveBy, onChoose])

  return (
    <section class="planner" aria-labelledby="planner-title">
      <h2 id="planner-title" class="sr-only">
        {t.journey}
      </h2>
      <QuestionForm address={address} change={change} question={question} near={near} />
      <WaysChoice offered={offered} wishes={wishes} change={changeWishes} />
      <WishesForm
        choices={{
          ...{ walking: true, riding: true, limits: limitsOf(wishes) },
          cycling: offered.includes('bike') && wishes.with.includes('bike'),
        }}
        wishes={wishes}
        change={changeWishes}
      />
      {watched && <WatchedJourney watched={watched} onEnd={() => watch(undefined)} onAlternative={onChoose} />}
      {gone && (
        <p class="hint is-warning" role="status">
          {t.watch.gone}
        </p>
      )}
      {opened && (
        <section aria-labelledby="opened-title">
          <h3 id="opened-title" class="day">
            {shared ? t.sharedJourney : t.watch.alternative}
          </h3>
          <ol class="itineraries">{row(opened)}</ol>
        </section>
      )}
      <p class="sr-only" role="status">
        {state === 'searching' ? t.searching : state === 'found' ? `${t.journeys}: ${list.length}` : ''}
      </p>
      {state === 'idle' && <p class="hint">{t.chooseBoth}</p>}
      {state === 'searching' && (
        <div class="skeleton" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      )}
      {state === 'failed' && (
        <>
          <p class="hint is-warning" role="alert">
            {problem}
          </p>
          <button type="button" onClick={retry}>
            {t.tryAgain}
          </button>
        </>
      )}
      {state === 'found' && (
        <>
          <button type="button" class="page" onClick={earlier} disabled={extending !== undefined}>
            {extending === 'earlier' ? t.searching : t.earlier}
          </button>
          {list.length === 0 && (
            <div class="hint" role="status">
              <b>{t.noJourneys}</b>
              {reasons.map(({ code, text, via, elevators }) => (
                <>
                  <p>
                    {t.reasons[code as keyof typeof t.reasons] ?? text}{' '}
                    {via !== undefined && <b>{vias[via - 1]?.place.name}</b>}
                  </p>
                  {elevators?.map(({ name, outUntil }) => (
                    <p>
                      {elevatorText(
                        t,
                        times,
                        { name, until: outUntil === undefined ? undefined : seconds(outUntil) },
                        live.now(),
                      )}
                    </p>
                  ))}
                </>
              ))}
            </div>
          )}
          <ol class="itineraries" aria-label={t.journeys}>
            {list.map((itinerary, i) => (
              <Fragment key={itinerary.id}>
                {isNewDay(list[i - 1], itinerary) && <li class="day">{times.day(seconds(itinerary.startTime))}</li>}
                {row(itinerary)}
              </Fragment>
            ))}
          </ol>
          <button type="button" class="page" onClick={later} disabled={extending !== undefined}>
            {extending === 'later' ? t.searching : t.later}
          </button>
          {problem && <p class="hint is-warning">{problem}</p>}
        </>
      )}
    </section>
  )

  function row(itinerary: Itinerary) {
    const name = [from?.name, to?.name].filter(Boolean).join(' – ')
    const isWatched = watched?.id === itinerary.id
    return (
      <ItineraryRow
        key={itinerary.id}
        itinerary={itinerary}
        ends={{ from: from?.name ?? '', to: to?.name ?? '', vias: vias.map(({ place }) => place) }}
        chosen={itinerary === chosen}
        onChoose={() => onChoose(itinerary === chosen ? undefined : itinerary)}
        watched={isWatched}
        onWatch={() => watch(isWatched ? undefined : { id: itinerary.id, name })}
      />
    )
  }

  /** A heading where the day changes, and on top when it is not today. */
  function isNewDay(last: Itinerary | undefined, next: Itinerary): boolean {
    return !times.sameDay(last ? seconds(last.startTime) : live.now(), seconds(next.startTime))
  }
}

/** As parameters of `plan`, where commas part the places. */
const viaParameters = (vias: Address['vias']): Pick<PlanQuery, 'via' | 'viaMinimumStay'> =>
  vias.length === 0
    ? {}
    : {
        via: vias.map(({ id }) => id.replaceAll(',', ';')).join(),
        viaMinimumStay: vias.map(({ stay }) => stay).join(),
      }
