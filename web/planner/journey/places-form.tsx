// Both ends and the places on the way: added, put in another order and taken out again, by hand or by keys alone.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../shared/icon.tsx'
import { useSetting } from '../../shared/setting.ts'
import { duration } from '../../shared/times.ts'
import { MOST_VIAS, type Question, type Via } from '../question.ts'
import { PlaceSearch } from '../search/place-search.tsx'
import type { ChosenPlace } from '../search/places.ts'

/** Minutes that are offered. */
const STAYS = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240]

interface PlacesProps {
  readonly question: Question
  readonly near: string | undefined
}

export function Places({ question, near }: PlacesProps) {
  const { t } = useSetting()
  const { from, to, vias, choose, changeVias, turnRound } = question
  const [adding, setAdding] = useState(false)
  const [said, setSaid] = useState('')
  const { places, focusNext } = useFocusNext()
  const count = vias.length + (adding ? 1 : 0)
  const field = { placeholder: t.stopOrAddress, near }

  const add = (place: ChosenPlace | undefined) => {
    setAdding(false)
    if (place) changeVias([...vias, { place, stay: 0 }])
    focusNext(place ? `[data-via="${vias.length}"] select` : '.add-via')
  }
  const remove = (i: number) => {
    changeVias(vias.toSpliced(i, 1))
    focusNext(vias.length > 1 ? `[data-via="${Math.min(i, vias.length - 2)}"] input` : '.add-via')
  }
  const move = (i: number, by: -1 | 1) => {
    const moved = vias[i]!
    changeVias(vias.toSpliced(i, 1).toSpliced(i + by, 0, moved))
    setSaid(t.via.moved(moved.place.name, i + by + 1, vias.length))
    const way = by < 0 ? 'earlier' : 'later'
    focusNext(`[data-via="${i + by}"] [data-move=${way}]:enabled, [data-via="${i + by}"] [data-move]:enabled`)
  }
  return (
    <div class="places" ref={places}>
      <div class="ends">
        <PlaceSearch {...field} label={t.from} place={from} onChoose={place => choose('from', place)} />
        {vias.map((via, i) => (
          // a place has its turn and nothing else: one may be come by twice
          <ViaFields
            key={i}
            {...{ via, i, count, near }}
            onChange={next => changeVias(vias.with(i, next))}
            onRemove={() => remove(i)}
            onMove={vias.length > 1 ? by => move(i, by) : undefined}
          />
        ))}
        {adding && (
          <PlaceSearch
            {...field}
            label={t.via.name(count, count)}
            place={undefined}
            onChoose={add}
            onRemove={() => add(undefined)}
            focused
          />
        )}
        <PlaceSearch {...field} label={t.to} place={to} onChoose={place => choose('to', place)} />
        <button type="button" class="swap" aria-label={t.swap} title={t.swap} onClick={turnRound}>
          <Icon name="swap" />
        </button>
      </div>
      {count < MOST_VIAS && !adding && (
        <button type="button" class="quiet add-via" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {t.via.add}
        </button>
      )}
      <p class="sr-only" role="status">
        {said}
      </p>
    </div>
  )
}

interface ViaFieldsProps {
  readonly via: Via
  readonly i: number
  readonly count: number
  readonly near: string | undefined
  readonly onChange: (via: Via) => void
  readonly onRemove: () => void
  /** Undefined where it is the only one. */
  readonly onMove: ((by: -1 | 1) => void) | undefined
}

function ViaFields({ via, i, count, near, onChange, onRemove, onMove }: ViaFieldsProps) {
  const { t } = useSetting()
  const name = t.via.name(i + 1, count)
  const stays = STAYS.includes(via.stay) ? STAYS : [...STAYS, via.stay].sort((a, b) => a - b)
  return (
    <fieldset class="via" data-via={i}>
      <legend class="sr-only">{name}</legend>
      <PlaceSearch
        label={name}
        placeholder={t.stopOrAddress}
        place={via.place}
        onChoose={place => place && onChange({ ...via, place })}
        onRemove={onRemove}
        near={near}
      />
      <div class="via-facts">
        <label>
          {t.via.stay}{' '}
          <select value={via.stay} onChange={event => onChange({ ...via, stay: Number(event.currentTarget.value) })}>
            {stays.map(minutes => (
              <option key={minutes} value={minutes}>
                {minutes === 0 ? t.via.noStay : duration(t, minutes * 60)}
              </option>
            ))}
          </select>
        </label>
        {onMove &&
          ([-1, 1] as const).map(by => {
            const way = by < 0 ? 'earlier' : 'later'
            return (
              <button
                key={by}
                type="button"
                data-move={way}
                aria-label={`${name}: ${t.via[way]}`}
                title={t.via[way]}
                disabled={i + by < 0 || i + by >= count}
                onClick={() => onMove(by)}
              >
                <Icon name={way} />
              </button>
            )
          })}
      </div>
    </fieldset>
  )
}

/** Puts the focus where the work goes on, once what was done is drawn. */
function useFocusNext() {
  const places = useRef<HTMLDivElement>(null)
  const next = useRef<string>(undefined)
  useLayoutEffect(() => {
    if (next.current === undefined) return
    places.current?.querySelector<HTMLElement>(next.current)?.focus()
    next.current = undefined
  })
  return {
    places,
    focusNext(selector: string) {
      next.current = selector
    },
  }
}
