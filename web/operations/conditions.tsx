// Sources of conditions: vehicles for rent, elevators, car parks. How old their newest word is, and whether it still counts.

import { useMemo } from 'preact/hooks'
import type { ConditionSource } from '../shared/api.ts'
import { useSetting } from '../shared/setting.ts'
import { isHeard } from '../shared/source.ts'
import { useNow } from '../shared/ticker.ts'
import { spanOf } from './delay.tsx'

const AGING_AFTER = 300 // seconds
/** Seconds after which the server forgets what was said. */
const FORGOTTEN_AFTER = 900

export interface Condition extends ConditionSource {
  /** Seconds of `steady` at its newest word: the server's clock is not known from the beginning. */
  readonly heardAt: number | undefined
}

const steady = (): number => performance.now() / 1000

export const useConditions = (told: readonly ConditionSource[] = NONE): readonly Condition[] =>
  useMemo(
    () =>
      told.map(source => ({
        ...source,
        heardAt: source.ageSeconds === undefined ? undefined : steady() - source.ageSeconds,
      })),
    [told],
  )

const NONE: readonly ConditionSource[] = []

const ageOf = ({ heardAt }: Condition): number | undefined => (heardAt === undefined ? undefined : steady() - heardAt)

export function stateOfCondition(source: Condition): 'waiting' | 'live' | 'aging' | 'stale' {
  const age = ageOf(source)
  if (age === undefined) return 'waiting'
  return age > FORGOTTEN_AFTER ? 'stale' : age > AGING_AFTER ? 'aging' : 'live'
}

export function Conditions({ conditions }: { readonly conditions: readonly Condition[] }) {
  const { t } = useSetting()
  useNow() // they grow older
  if (conditions.length === 0) return null
  return (
    <>
      <h2 class="ops-heading">{t.operations.conditions}</h2>
      <ul class="ops-list">
        {conditions.map(source => {
          const state = stateOfCondition(source)
          const age = ageOf(source)
          return (
            <li key={`${source.kind} ${source.tag} ${source.url}`}>
              <p class="ops-feed-head">
                <b class={isHeard({ state }) ? 'fact-good' : 'fact-bad'}>{t.operations.sourceStates[state]}</b>{' '}
                {t.operations.conditionKinds[source.kind]} <code>{source.url}</code>
              </p>
              <p class="ops-facts">
                <span>{source.tag}</span>
                {age !== undefined && (
                  <span>
                    {t.operations.age} {spanOf(age)}
                  </span>
                )}
                {state === 'stale' && <span>{t.operations.notUsed}</span>}
              </p>
            </li>
          )
        })}
      </ul>
    </>
  )
}
