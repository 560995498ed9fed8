import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon.tsx'
import type { IconName } from '../../shared/icons.ts'
import { useSetting } from '../../shared/setting.ts'
import { decimal } from '../../shared/times.ts'
import type { Texts } from '../../texts/de.ts'
import {
  CYCLES,
  LIMITS,
  type Limit,
  limitOf,
  MODE_GROUPS,
  type ModeGroup,
  noWishes,
  SAFEST,
  SPEEDS,
  WALKERS,
  type Walker as WalkerName,
  type Wishes,
} from './wishes.ts'

/** What can be wished for, where it makes a difference. */
interface Choices {
  /** How fast one walks, and for whom. */
  readonly walking: boolean
  readonly cycling: boolean
  /** Which rides, and how they are changed. */
  readonly riding: boolean
  readonly limits: readonly Limit[]
}

interface WishesFormProps {
  readonly choices: Choices
  readonly wishes: Wishes
  readonly change: (change: Partial<Wishes>) => void
}

const FLAGS = ['bike', 'calmChanges'] as const
const GROUPS = Object.keys(MODE_GROUPS) as ModeGroup[]
const AS_THE_SERVER_THINKS = 3

/** How the rider moves and with what; folded up, it says what is wished for. */
export function WishesForm({ choices, wishes, change }: WishesFormProps) {
  const { t } = useSetting()
  const said = saidOf(t, wishes, choices)
  return (
    <details class="wishes">
      <summary>
        {t.wishes.title}
        <span class="wishes-said">{said.join(' · ')}</span>
      </summary>
      {choices.walking && <Walker wishes={wishes} change={change} />}
      {choices.limits.length > 0 && (
        <fieldset class="limits">
          <legend>{t.wishes.limits}</legend>
          {choices.limits.map(limit => (
            <LimitInput
              key={limit}
              limit={limit}
              value={wishes[limit]}
              onChange={value => change({ [limit]: value })}
            />
          ))}
        </fieldset>
      )}
      {choices.cycling && <OwnBike wishes={wishes} change={change} />}
      {choices.riding && <Rides wishes={wishes} change={change} />}
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

type PartProps = Omit<WishesFormProps, 'choices'>

function Walker({ wishes, change }: PartProps) {
  const { t } = useSetting()
  return (
    <>
      <Choice
        name="walker"
        legend={t.wishes.who}
        options={Object.keys(WALKERS) as WalkerName[]}
        chosen={wishes.walker}
        words={t.wishes.walkers}
        icons={WALKER_ICONS}
        onChoose={walker => change({ walker })}
      />
      <Choice
        name="speed"
        legend={t.wishes.speed}
        options={SPEEDS}
        chosen={wishes.speed}
        words={t.wishes.speeds}
        onChoose={speed => change({ speed })}
      />
    </>
  )
}

function Rides({ wishes, change }: PartProps) {
  const { t } = useSetting()
  return (
    <>
      <fieldset>
        <legend>{t.wishes.needs}</legend>
        {FLAGS.map(flag => (
          <label key={flag} class="segment">
            <input type="checkbox" checked={wishes[flag]} onChange={() => change({ [flag]: !wishes[flag] })} />
            <span>{t.wishes[flag]}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t.wishes.vehicles}</legend>
        {GROUPS.map(group => {
          const without = wishes.without.includes(group)
          const next = without ? wishes.without.filter(other => other !== group) : [...wishes.without, group]
          return (
            <label key={group} class="segment">
              <input type="checkbox" checked={!without} onChange={() => change({ without: next })} />
              <span>{t.wishes.modes[group]}</span>
            </label>
          )
        })}
      </fieldset>
    </>
  )
}

const WALKER_ICONS: Readonly<Record<WalkerName, IconName>> = {
  ...{ foot: 'walk', walker: 'walker', pram: 'pram', wheelchair: 'wheelchair', electric: 'electric' },
}

/** What differs from what everybody wishes, in words. */
const saidOf = (t: Texts, wishes: Wishes, { walking, cycling, riding, limits }: Choices): readonly string[] => [
  ...(walking && wishes.walker !== 'foot' ? [t.wishes.walkers[wishes.walker]] : []),
  ...(walking && wishes.speed !== 'normal' ? [t.wishes.speeds[wishes.speed]] : []),
  ...limits.flatMap(limit =>
    wishes[limit] === undefined ? [] : [t.wishes.limited[limit](decimal(t, String(wishes[limit])))],
  ),
  ...(cycling && wishes.cycle !== 'BIKE' ? [t.wishes.cycles[wishes.cycle]] : []),
  ...(cycling && wishes.safety !== undefined ? [t.wishes.safeties[wishes.safety]!] : []),
  ...(riding ? FLAGS.filter(flag => wishes[flag]).map(flag => t.wishes[flag]) : []),
  ...(riding ? wishes.without.map(group => t.wishes.withoutMode(t.wishes.modes[group])) : []),
]

interface ChoiceProps<Option extends string> {
  readonly name: string
  readonly legend: string
  readonly options: readonly Option[]
  readonly chosen: Option
  readonly words: Readonly<Record<Option, string>>
  readonly icons?: Readonly<Record<Option, IconName>>
  readonly onChoose: (option: Option) => void
}

/** One of several. */
function Choice<Option extends string>({ name, legend, options, chosen, words, icons, onChoose }: ChoiceProps<Option>) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map(option => (
        <label key={option} class="segment">
          <input type="radio" name={name} checked={chosen === option} onChange={() => onChoose(option)} />
          <span>
            {icons && <Icon name={icons[option]} />}
            {words[option]}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** What kind it is, and how much longer it may take to keep away from traffic. */
function OwnBike({ wishes, change }: PartProps) {
  const { t } = useSetting()
  const step = wishes.safety ?? AS_THE_SERVER_THINKS
  return (
    <>
      <Choice
        name="cycle"
        legend={t.wishes.ownBike}
        options={CYCLES}
        chosen={wishes.cycle}
        words={t.wishes.cycles}
        onChoose={cycle => change({ cycle })}
      />
      <label class="range">
        <span>{t.wishes.safety}</span>
        <input
          type="range"
          min="0"
          max={SAFEST}
          step="1"
          value={step}
          aria-valuetext={t.wishes.safeties[step]}
          onChange={event => change({ safety: event.currentTarget.valueAsNumber })}
        />
        <span class="fact-quiet" aria-hidden="true">
          {t.wishes.safeties[step]}
        </span>
      </label>
    </>
  )
}

interface LimitInputProps {
  readonly limit: Limit
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
}

function LimitInput({ limit, value, onChange }: LimitInputProps) {
  const { t } = useSetting()
  // while it is being typed: journeys that come in meanwhile draw the form anew
  const [typed, setTyped] = useState<string>()
  const { least, most, step } = LIMITS[limit]
  return (
    <label class="range">
      <span>{t.wishes.limit[limit]}</span>
      <input
        type="number"
        name={limit}
        min={least}
        max={most}
        step={step}
        inputMode="decimal"
        value={typed ?? value ?? ''}
        onInput={event => setTyped(event.currentTarget.value)}
        onBlur={() => setTyped(undefined)}
        onChange={event => {
          setTyped(undefined)
          onChange(limitOf(limit, event.currentTarget.valueAsNumber))
        }}
      />
    </label>
  )
}
