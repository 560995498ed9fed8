import { Icon } from '../../shared/icon.tsx'
import { useSetting } from '../../shared/setting.ts'
import type { Address } from '../address.ts'
import { PlaceSearch } from '../search/place-search.tsx'
import type { ChosenPlace } from '../search/places.ts'

interface QuestionFormProps {
  readonly address: Address
  readonly change: (change: Partial<Address>) => void
  readonly from: ChosenPlace | undefined
  readonly to: ChosenPlace | undefined
  readonly onPlace: (end: 'from' | 'to', place: ChosenPlace | undefined) => void
  readonly onSwap: () => void
  readonly near: string | undefined
}

/** Where from, where to, when. There is no button: two places are a question. */
export function QuestionForm({ address, change, from, to, onPlace, onSwap, near }: QuestionFormProps) {
  const { t, times, live } = useSetting()
  const when = address.time === undefined ? 'now' : address.arriveBy ? 'arrive' : 'depart'
  const choose = (next: 'now' | 'depart' | 'arrive') =>
    change({
      time: next === 'now' ? undefined : (address.time ?? Math.ceil(live.now() / 300) * 300),
      arriveBy: next === 'arrive',
    })
  return (
    <form class="question" onSubmit={event => event.preventDefault()}>
      <div class="ends">
        <PlaceSearch
          label={t.from}
          placeholder={t.stopOrAddress}
          place={from}
          onChoose={place => onPlace('from', place)}
          near={near}
        />
        <PlaceSearch
          label={t.to}
          placeholder={t.stopOrAddress}
          place={to}
          onChoose={place => onPlace('to', place)}
          near={near}
        />
        <button type="button" class="swap" aria-label={t.swap} title={t.swap} onClick={onSwap}>
          <Icon name="swap" />
        </button>
      </div>
      <fieldset class="when">
        <legend class="sr-only">{t.when}</legend>
        {(['now', 'depart', 'arrive'] as const).map(option => (
          <label key={option} class="segment">
            <input type="radio" name="when" checked={when === option} onChange={() => choose(option)} />
            <span>{{ now: t.leaveNow, depart: t.departAt, arrive: t.arriveBy }[option]}</span>
          </label>
        ))}
        {address.time !== undefined && (
          <input
            type="datetime-local"
            aria-label={t.dateTime}
            value={times.local(address.time)}
            onChange={event => {
              const time = times.instant(event.currentTarget.value)
              if (time !== undefined) change({ time })
            }}
          />
        )}
      </fieldset>
    </form>
  )
}
