import { useSetting } from '../../shared/setting.ts'
import type { Address } from '../address.ts'
import type { Question } from '../question.ts'
import { Places } from './places-form.tsx'

interface QuestionFormProps {
  readonly address: Address
  readonly change: (change: Partial<Address>) => void
  readonly question: Question
  readonly near: string | undefined
}

/** Where from, where to, when. There is no button: two places are a question. */
export function QuestionForm({ address, change, question, near }: QuestionFormProps) {
  const { t, times, live } = useSetting()
  const when = address.time === undefined ? 'now' : address.arriveBy ? 'arrive' : 'depart'
  const choose = (next: 'now' | 'depart' | 'arrive') =>
    change({
      time: next === 'now' ? undefined : (address.time ?? Math.ceil(live.now() / 300) * 300),
      arriveBy: next === 'arrive',
    })
  return (
    <form class="question" onSubmit={event => event.preventDefault()}>
      <Places question={question} near={near} />
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
