import { expect, test } from 'vitest'
import { isDark, sunHeight } from '#engine/core/sun.ts'
import type { UnixSeconds } from '#engine/core/time.ts'

const at = (text: string): UnixSeconds => (Date.parse(text) / 1000) as UnixSeconds

test.each([
  // noon height is 90° − latitude + declination: 23.44° at the June solstice, −23.44° in December, 0° at an equinox
  ['2026-06-21T11:32:00Z', 51.51, 7.46, 90 - 51.51 + 23.44],
  ['2026-12-21T11:28:00Z', 51.51, 7.46, 90 - 51.51 - 23.44],
  ['2026-03-20T14:46:00Z', 0, 0, 90 - 15 * (14.77 - 12.124)],
])('%s at %f, %f: %f degrees', (time, lat, lon, height) => {
  expect(sunHeight(at(time), lat, lon)).toBeCloseTo(height, 0)
})

test('sunrise and sunset in Dortmund on 21 June 2026: 05:12 and 21:50 CEST', () => {
  // the upper rim, refracted, is on the horizon when the middle is 0.83° below
  expect(sunHeight(at('2026-06-21T05:12:00+02:00'), 51.51, 7.46)).toBeCloseTo(-0.83, 0)
  expect(sunHeight(at('2026-06-21T21:50:00+02:00'), 51.51, 7.46)).toBeCloseTo(-0.83, 0)
  expect(isDark(at('2026-06-21T22:00:00+02:00'), 51.51, 7.46)).toBe(false)
  expect(isDark(at('2026-06-21T23:30:00+02:00'), 51.51, 7.46)).toBe(true)
})
