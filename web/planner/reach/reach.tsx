// How far one gets from a place: areas on the map, and the same in words, as the stops that are reached.

import { useEffect, useState } from 'preact/hooks'
import type { Areas } from '../../shared/api.ts'
import { useAgain } from '../../shared/connection.ts'
import { useSetting } from '../../shared/setting.ts'
import type { Address } from '../address.ts'
import { limitsOf, reachParameters, useWishes, type Wishes } from '../journey/wishes.ts'
import { WishesForm } from '../journey/wishes-form.tsx'
import type { Question } from '../question.ts'
import { PlaceSearch } from '../search/place-search.tsx'
import { REACH_MODES, type ReachMode, RINGS } from './modes.ts'

const STOPS_TOLD = 12

interface ReachProps {
  readonly address: Address
  readonly change: (change: Partial<Address>) => void
  readonly near: string | undefined
  readonly question: Question
  readonly onAreas: (areas: Areas | undefined) => void
}

export function Reach({ address, change, question, near, onAreas }: ReachProps) {
  const { t } = useSetting()
  const mode = address.mode ?? 'TRANSIT'
  const [wishes, changeWishes] = useWishes()
  const { state, stops } = useReach(address.from, mode, wishes, onAreas)
  const choices = {
    ...{ walking: mode !== 'BIKE', cycling: mode === 'BIKE', riding: mode === 'TRANSIT' },
    limits: mode === 'BIKE' ? [] : limitsOf(wishes).filter(limit => limit === 'maxSlope' || limit === 'maxKerb'),
  }
  return (
    <section class="reach" aria-labelledby="reach-title">
      <h2 id="reach-title" class="sr-only">
        {t.reach.title}
      </h2>
      <PlaceSearch
        label={t.from}
        placeholder={t.stopOrAddress}
        place={question.from}
        onChoose={place => question.choose('from', place)}
        near={near}
      />
      <fieldset class="when">
        <legend class="sr-only">{t.reach.how}</legend>
        {REACH_MODES.map(option => (
          <label key={option} class="segment">
            <input type="radio" name="reach-mode" checked={mode === option} onChange={() => change({ mode: option })} />
            <span>{t.reach.modes[option]}</span>
          </label>
        ))}
      </fieldset>
      <WishesForm choices={choices} wishes={wishes} change={changeWishes} />
      <ul class="reach-rings" aria-label={t.reach.legend}>
        {RINGS.map((minutes, i) => (
          <li key={minutes} class={`reach-ring is-ring-${i}`}>
            {t.reach.within(minutes)}
          </li>
        ))}
      </ul>
      <p role="status" class={state === 'failed' ? 'hint is-warning' : 'hint'}>
        {state === 'idle'
          ? t.reach.choose
          : state === 'asking'
            ? t.searching
            : state === 'failed'
              ? t.failed
              : mode === 'TRANSIT'
                ? t.reach.stops(stops.length, RINGS.at(-1)!)
                : ''}
      </p>
      {state === 'known' && mode === 'TRANSIT' && <ReachedStops stops={stops} />}
    </section>
  )
}

interface Reached {
  readonly name: string
  readonly minutes: number
  readonly importance: number
}

/** The stops that most people want, by how soon they are reached. */
function ReachedStops({ stops }: { readonly stops: readonly Reached[] }) {
  const { t, short } = useSetting()
  const told = [...stops]
    .sort((a, b) => b.importance - a.importance)
    .slice(0, STOPS_TOLD)
    .sort((a, b) => a.minutes - b.minutes)
  return (
    <ol class="reach-stops">
      {told.map(({ name, minutes }) => (
        <li key={name} class="reach-stop">
          {short(name)} <b>{t.minutes(minutes)}</b>
        </li>
      ))}
    </ol>
  )
}

function useReach(
  from: string | undefined,
  mode: ReachMode,
  wishes: Wishes,
  onAreas: (areas: Areas | undefined) => void,
) {
  const { api } = useSetting()
  const [state, setState] = useState<'idle' | 'asking' | 'known' | 'failed'>('idle')
  const [stops, setStops] = useState<readonly Reached[]>([])
  const again = useAgain(state === 'failed')
  useEffect(() => {
    onAreas(undefined)
    setStops([])
    if (!from) return setState('idle')
    const ask = new AbortController()
    const who = reachParameters(wishes, mode)
    setState('asking')
    Promise.all([
      api.isochrone(from, mode, RINGS, who, ask.signal),
      mode === 'TRANSIT' ? api.reach(from, RINGS.at(-1)!, who, ask.signal) : undefined,
    ]).then(
      ([areas, reached]) => {
        onAreas(areas)
        const best = new Map<string, Reached>()
        for (const { place, duration } of reached?.all ?? []) {
          const known = best.get(place.name)
          if (!known || duration < known.minutes)
            best.set(place.name, { name: place.name, minutes: duration, importance: place.importance ?? 0 })
        }
        setStops([...best.values()])
        setState('known')
      },
      () => ask.signal.aborted || setState('failed'),
    )
    return () => {
      ask.abort()
      onAreas(undefined)
    }
  }, [api, from, mode, wishes, onAreas, again])
  return { state, stops }
}
