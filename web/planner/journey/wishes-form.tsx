import { useState } from 'preact/hooks'
import { useSetting } from '../../shared/setting.ts'
import { MODE_GROUPS, MOST_RANGE, type ModeGroup, noWishes, rangeOf, SPEEDS, type Wishes } from './wishes.ts'

interface WishesFormProps {
  readonly wishes: Wishes
  readonly change: (change: Partial<Wishes>) => void
}

/** How the rider moves and with what; folded up, it says what is wished for. */
export function WishesForm({ wishes, change }: WishesFormProps) {
  const { t } = useSetting()
  // while it is being typed: journeys that come in meanwhile draw the form anew
  const [typed, setTyped] = useState<string>()
  const flags = ['stepFree', 'bike', 'calmChanges'] as const
  const said = [
    ...(wishes.speed === 'normal' ? [] : [t.wishes.speeds[wishes.speed]]),
    ...flags.filter(flag => wishes[flag]).map(flag => t.wishes[flag]),
    ...(wishes.battery === undefined ? [] : [t.wishes.batteryFor(String(wishes.battery))]),
    ...wishes.without.map(group => t.wishes.withoutMode(t.wishes.modes[group])),
  ]
  return (
    <details class="wishes">
      <summary>
        {t.wishes.title}
        <span class="wishes-said">{said.join(' · ')}</span>
      </summary>
      <fieldset>
        <legend>{t.wishes.speed}</legend>
        {SPEEDS.map(speed => (
          <label key={speed} class="segment">
            <input type="radio" name="speed" checked={wishes.speed === speed} onChange={() => change({ speed })} />
            <span>{t.wishes.speeds[speed]}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t.wishes.needs}</legend>
        {flags.map(flag => (
          <label key={flag} class="segment">
            <input type="checkbox" checked={wishes[flag]} onChange={() => change({ [flag]: !wishes[flag] })} />
            <span>{t.wishes[flag]}</span>
          </label>
        ))}
        <label class="range">
          <span>{t.wishes.battery}</span>
          <input
            type="number"
            name="battery"
            min="0.1"
            max={MOST_RANGE}
            step="0.1"
            inputMode="decimal"
            value={typed ?? wishes.battery ?? ''}
            onInput={event => setTyped(event.currentTarget.value)}
            onBlur={() => setTyped(undefined)}
            onChange={event => {
              setTyped(undefined)
              change({ battery: rangeOf(event.currentTarget.valueAsNumber) })
            }}
          />
        </label>
      </fieldset>
      <fieldset>
        <legend>{t.wishes.vehicles}</legend>
        {(Object.keys(MODE_GROUPS) as ModeGroup[]).map(group => {
          const without = wishes.without.includes(group)
          return (
            <label key={group} class="segment">
              <input
                type="checkbox"
                checked={!without}
                onChange={() =>
                  change({
                    without: without ? wishes.without.filter(other => other !== group) : [...wishes.without, group],
                  })
                }
              />
              <span>{t.wishes.modes[group]}</span>
            </label>
          )
        })}
      </fieldset>
      <p class="hint">
        {t.wishes.kept}{' '}
        {said.length > 0 && (
          <button type="button" class="quiet" onClick={() => change(noWishes)}>
            {t.wishes.reset}
          </button>
        )}
      </p>
    </details>
  )
}
