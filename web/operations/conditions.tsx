// Sources of conditions: vehicles for rent, elevators, car parks. How old their newest word is, and whether it still counts.

import type { ConditionSource } from '../shared/api.ts'
import { useSetting } from '../shared/setting.ts'
import { isHeard } from '../shared/source.ts'
import { useNow } from '../shared/ticker.ts'
import { seconds } from '../shared/times.ts'
import { spanOf } from './delay.tsx'

const AGING_AFTER = 300 // seconds
/** Seconds after which the server forgets what was said. */
const FORGOTTEN_AFTER = 900

export function stateOfCondition({ receivedAt }: ConditionSource, now: number): 'waiting' | 'live' | 'aging' | 'stale' {
  if (receivedAt === undefined) return 'waiting'
  const age = now - seconds(receivedAt)
  return age > FORGOTTEN_AFTER ? 'stale' : age > AGING_AFTER ? 'aging' : 'live'
}

export function Conditions({ conditions }: { readonly conditions: readonly ConditionSource[] }) {
  const { t, live } = useSetting()
  useNow()
  const now = live.now()
  if (conditions.length === 0) return null
  return (
    <>
      <h2 class="ops-heading">{t.operations.conditions}</h2>
      <ul class="ops-list">
        {conditions.map(source => {
          const state = stateOfCondition(source, now)
          return (
            <li key={`${source.kind} ${source.tag} ${source.url}`}>
              <p class="ops-feed-head">
                <b class={isHeard({ state }) ? 'fact-good' : 'fact-bad'}>{t.operations.sourceStates[state]}</b>{' '}
                {t.operations.conditionKinds[source.kind]} <code>{source.url}</code>
              </p>
              <p class="ops-facts">
                <span>{source.tag}</span>
                {source.receivedAt !== undefined && (
                  <span>
                    {t.operations.age} {spanOf(now - seconds(source.receivedAt))}
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
