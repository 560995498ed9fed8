// Parameters together: requests drawn from the API's description, six parameters at once, asked of the demo city as production opens it, while
// realtime tells of everything it can. Every answer is of the shape that is described, or a refusal with code and place, never a fault of ours.
//
// The seed of a request is its number. FREIFAHRT_SEEDS=1000-9000 asks others.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type Combinations, combinationsOf, urlOf } from '../helpers/combinations.ts'
import { openDemo, type ToldCity } from '../helpers/told-city.ts'

// the evening before the clocks go forward
const NOW = (Date.parse('2026-03-28T19:00:00Z') / 1000) as UnixSeconds
const [FIRST, LAST] = (process.env.FREIFAHRT_SEEDS ?? '1-300').split('-').map(Number) as [number, number]

let city: ToldCity
let requests: Combinations
beforeAll(async () => {
  city = await openDemo(NOW)
  requests = await combinationsOf(city)
})
afterAll(() => city?.close())

test('realtime has told of all there is', () => {
  const { horizon } = city.service
  const [{ rejected, matched } = { rejected: {}, matched: 0 }] = city.service.sources()
  expect([rejected, horizon.conditions?.rentals.length, horizon.conditions!.lots.length > 5]).toEqual([{}, 1, true])
  expect(matched).toBeGreaterThan(50)
  expect(horizon.added?.stops.length).toBe(city.added.length)
})

test('every combination is answered as described, or refused with code and place', async () => {
  const faults: string[] = []
  const statuses: Record<number, number> = {}
  for (let seed = FIRST; seed <= LAST; seed++) {
    const asked = requests.draw(seed)
    const answered = await requests.ask(asked)
    statuses[answered.status] = (statuses[answered.status] ?? 0) + 1
    const wrong = [requests.wrong(asked, answered), ...city.faults.splice(0)].filter(one => one !== undefined).join()
    if (wrong) faults.push(`${seed}: ${asked.method} ${urlOf(asked)} → ${wrong}`)
  }
  expect(faults).toEqual([])
  // most are answered: else this shows nothing
  expect(statuses[200]).toBeGreaterThan((LAST - FIRST) / 2)
}, 600_000)
