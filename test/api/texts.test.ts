import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { utc } from '#api/render/texts.ts'
import { pageStyle } from '#api/warm.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { planObjects } from '../helpers/plan-objects.ts'
import { random } from '../helpers/random.ts'
import { at, city } from './city.ts'

test('times are told as Date tells them, to the second, whichever day was asked for before', () => {
  const plain = (t: number): string => new Date(1000 * t).toISOString().replace(/\.\d+Z$/, 'Z')
  const r = random(11)
  const drawn = Array.from({ length: 20_000 }, () => r.between(-1e9, 1e11))
  const edges = [0, -1, 59, 60, 3599, 3600, 86_399, 86_400, 951_782_400, 1_781_071_200.75]
  for (const t of [...edges, ...drawn]) expect(utc(t)).toBe(plain(Math.floor(t)))
})

setFlagsFromString('--allow-natives-syntax')
const isFlat = runInNewContext('text => %StringIsFlat(text)') as (text: string) => boolean

/** Paths of all texts within. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => textsOf(member, `${path}.${name}`))
}

test('no text of a plan is a rope: JSON.stringify would go its slow way with all of them', () => {
  const { tt, footpaths } = city
  const [from, to] = [{ kind: 'coordinate', lat: 515_001_000, lon: 74_001_000 } as const, city.stop('E')]
  const answer = planObjects(
    createPlanner(tt, footpaths),
    horizonOf(tt, footpaths),
    { ...queryDefaults, from, to: { kind: 'stop', stop: to }, time: at('9:50') },
    pageStyle,
    at('9:50'),
  )
  expect(answer.itineraries.length).toBeGreaterThan(0)
  const texts = textsOf(answer)
  expect(texts.length).toBeGreaterThan(100)
  expect(texts.filter(([, text]) => !isFlat(text)).map(([path]) => path)).toEqual([])
  // the test can tell
  expect(isFlat(`${answer.itineraries[0]!.id} and more`)).toBe(false)
})
