// What the question has led to: journeys by day and the way to earlier and later ones, why there are none, or that it did not work.

import { type ComponentChild, Fragment } from 'preact'
import type { Itinerary, Reason } from '../../shared/api.ts'
import { elevatorText } from '../../shared/elevators-out.ts'
import { useSetting } from '../../shared/setting.ts'
import { seconds } from '../../shared/times.ts'
import type { Via } from '../question.ts'
import type { Journeys } from './use-journeys.ts'

interface AnswerProps {
  readonly journeys: Journeys
  readonly vias: readonly Via[]
  readonly row: (itinerary: Itinerary) => ComponentChild
}

export function Answer({ journeys, vias, row }: AnswerProps) {
  const { t } = useSetting()
  const { state, list } = journeys
  return (
    <>
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
      {state === 'failed' && <Failed {...journeys} />}
      {state === 'found' && <Found journeys={journeys} vias={vias} row={row} />}
    </>
  )
}

function Failed({ problem, retry }: Pick<Journeys, 'problem' | 'retry'>) {
  const { t } = useSetting()
  return (
    <>
      <p class="hint is-warning" role="alert">
        {problem}
      </p>
      <button type="button" onClick={retry}>
        {t.tryAgain}
      </button>
    </>
  )
}

function Found({ journeys: { list, reasons, problem, earlier, later, extending }, vias, row }: AnswerProps) {
  const { t, times, live } = useSetting()
  // where the day changes, and on top when it is not today
  const isNewDay = (last: Itinerary | undefined, next: Itinerary) =>
    !times.sameDay(last ? seconds(last.startTime) : live.now(), seconds(next.startTime))
  return (
    <>
      <button type="button" class="page" onClick={earlier} disabled={extending !== undefined}>
        {extending === 'earlier' ? t.searching : t.earlier}
      </button>
      {list.length === 0 && <Nothing reasons={reasons} vias={vias} />}
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
  )
}

function Nothing({ reasons, vias }: { readonly reasons: readonly Reason[]; readonly vias: readonly Via[] }) {
  const { t, times, live } = useSetting()
  const untilOf = (time: string | undefined) => (time === undefined ? undefined : seconds(time))
  return (
    <div class="hint" role="status">
      <b>{t.noJourneys}</b>
      {reasons.map(({ code, text, via, elevators }) => (
        <Fragment key={`${code} ${via}`}>
          <p>
            {t.reasons[code as keyof typeof t.reasons] ?? text}{' '}
            {via !== undefined && <b>{vias[via - 1]?.place.name}</b>}
          </p>
          {elevators?.map(({ name, outUntil }) => (
            <p key={name}>{elevatorText(t, times, { name, until: untilOf(outUntil) }, live.now())}</p>
          ))}
        </Fragment>
      ))}
    </div>
  )
}
