import { useEffect } from 'preact/hooks'
import type { Itinerary, PlanQuery } from '../../shared/api.ts'
import { useSetting } from '../../shared/setting.ts'
import type { Address } from '../address.ts'
import type { Question } from '../question.ts'
import { Answer } from './answer.tsx'
import { QuestionForm } from './form.tsx'
import { ItineraryRow } from './itinerary.tsx'
import { useJourneys } from './use-journeys.ts'
import { useShared } from './use-shared.ts'
import { useWatched, type Watched } from './watch.ts'
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
  const { t } = useSetting()
  const [wishes, changeWishes] = useWishes()
  const [watched, watch] = useWatched()
  const offered = useOffered(streets)
  const journeys = useJourneys(queryOf(address, wishParameters(wishes, offered)))
  const { shared, gone } = useShared(address.journey, onChoose)

  // what is open but was not found by this question: shared by somebody, or proposed in place of a broken one
  const opened = shared ?? (chosen && !journeys.list.includes(chosen) ? chosen : undefined)

  const by = JSON.stringify(address.vias)
  useEffect(() => onChoose(undefined), [address.from, address.to, by, address.time, address.arriveBy, onChoose])

  const row = (itinerary: Itinerary) => (
    <Row key={itinerary.id} {...{ itinerary, question, watched, watch, chosen, onChoose }} />
  )
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
      <Answer journeys={journeys} vias={question.vias} row={row} />
    </section>
  )
}

interface RowProps extends Pick<PlannerProps, 'question' | 'chosen' | 'onChoose'> {
  readonly itinerary: Itinerary
  readonly watched: Watched | undefined
  readonly watch: (watched: Watched | undefined) => void
}

function Row({ itinerary, question, watched, watch, chosen, onChoose }: RowProps) {
  const { from, to, vias } = question
  const name = [from?.name, to?.name].filter(Boolean).join(' – ')
  const isWatched = watched?.id === itinerary.id
  return (
    <ItineraryRow
      itinerary={itinerary}
      ends={{ from: from?.name ?? '', to: to?.name ?? '', vias: vias.map(({ place }) => place) }}
      chosen={itinerary === chosen}
      onChoose={() => onChoose(itinerary === chosen ? undefined : itinerary)}
      watched={isWatched}
      onWatch={() => watch(isWatched ? undefined : { id: itinerary.id, name })}
    />
  )
}

/** Undefined as long as an end is missing. */
function queryOf(
  { from, to, vias, time, arriveBy }: Address,
  wished: ReturnType<typeof wishParameters>,
): PlanQuery | undefined {
  if (!from || !to) return undefined
  return {
    fromPlace: from,
    toPlace: to,
    ...viaParameters(vias),
    time: time === undefined ? undefined : new Date(time * 1000).toISOString(),
    arriveBy,
    ...wished,
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
