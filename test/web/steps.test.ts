// A step of a walk in words, in every language of the page.

import { expect, test } from 'vitest'
import { stepText } from '../../web/planner/journey/steps.ts'
import type { Step } from '../../web/shared/api.ts'
import { texts as ar } from '../../web/texts/ar.ts'
import { texts as de, type Texts } from '../../web/texts/de.ts'
import { texts as en } from '../../web/texts/en.ts'
import { texts as tr } from '../../web/texts/tr.ts'
import { texts as uk } from '../../web/texts/uk.ts'

const plain: Step = {
  ...{ relativeDirection: 'LEFT', distance: 10, fromLevel: 0, toLevel: 0, streetName: '', exit: '' },
  ...{ stayOn: false, area: false, polyline: { points: '', precision: 6, length: 0 } },
}

test('what is known of a step is said, and nothing else', () => {
  const said = (step: Partial<Step>, t: Texts = en) => stepText(t, { ...plain, ...step })
  expect(said({})).toBe('Left')
  expect(said({ streetName: 'Main Street' })).toBe('Left: Main Street')
  expect(said({ wayKind: 'FOOTPATH' })).toBe('Left: footpath')
  expect(said({ wayKind: 'CYCLEWAY' }, de)).toBe('Links: Radweg')
  expect(said({ wayKind: 'CROSSING', crossing: 'SIGNALS' })).toBe('Left, across at the lights')
  expect(said({ wayKind: 'STEPS', relativeDirection: 'STAIRS', stairs: 'DOWN' })).toBe('Down the stairs')
  expect(said({ crossing: 'SIGNALS', crossingIsland: true })).toBe('Left, across at the lights, with an island')
  expect(said({ relativeDirection: 'STAIRS', stairs: 'DOWN', toLevel: -1 })).toBe('Down the stairs, to level -1')
  expect(
    said({ relativeDirection: 'STAIRS', stairs: 'UP', pathway: 'ESCALATOR', signpostedAs: 'Exit', toLevel: 1 }),
  ).toBe('Escalator, follow the sign “Exit”, to level 1')
  expect(said({ relativeDirection: 'CONTINUE', pathway: 'WALKWAY' })).toBe('Straight on')
  const round = { relativeDirection: 'CIRCLE_COUNTERCLOCKWISE', exit: '2', streetName: 'Ringstraße' } as const
  expect(said(round, de)).toBe('Durch den Kreisel: Ringstraße, 2. Ausfahrt')
  expect(said({ entrance: { name: 'A', main: false } }, de)).toBe('Links, Eingang A')
})

test.each(Object.entries({ de, en, tr, uk, ar }))('%s has words for all of it', (_, t) => {
  const all = [
    ...Object.values(t.crossing),
    ...Object.values(t.stairs),
    ...Object.values(t.pause),
    t.crossingIsland,
    ...Object.values(t.pathway),
    ...Object.values(t.wayKind),
  ]
  expect(
    new Set([...all, t.exit('1'), t.toFloor('1'), t.entrance(''), t.batteryLeft('3 km'), t.followSign('A')]).size,
  ).toBe(24)
})
