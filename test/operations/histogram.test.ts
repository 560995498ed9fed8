import { Histogram, Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { createHistogram } from '#api/operations/histogram.ts'
import { random } from '../helpers/random.ts'

test("a scrape reads as one of the client library's own histogram, to the letter", async () => {
  const options = {
    name: 'waits_seconds',
    help: 'Some "waits"',
    buckets: [0.001, 0.5, 2],
    labelNames: ['route', 'status'],
  }
  const [ours, theirs] = [new Registry(), new Registry()]
  const observe = createHistogram(ours, options)
  const twin = new Histogram({ ...options, registers: [theirs] })
  expect(await ours.metrics()).toBe(await theirs.metrics())
  const r = random(0x415)
  for (let i = 0; i < 500; i++) {
    // on a bound, between two, above the last
    const seconds = [0, 0.001, 0.002, 0.5, 1.25, 2, 2.5][r.below(7)]!
    const [route, status] = [['/plan', 'other', '/with "quotes"\n'][r.below(3)]!, ['200', '304'][r.below(2)]!]
    observe(seconds, route, status)
    twin.observe({ route, status }, seconds)
  }
  const text = await ours.metrics()
  expect(text).toBe(await theirs.metrics())
  expect(text).toContain('waits_seconds_bucket{le="+Inf",route="other",status="304"}')
})
