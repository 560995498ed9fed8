import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOnShape } from '#engine/timetable/geometry.ts'

const place = (
  stops: readonly (readonly [number, number])[],
  points: readonly (readonly [number, number])[],
): number[] => [
  ...placeOnShape(
    stops.map(([, y]) => y),
    stops.map(([x]) => x),
    { lat: points.map(([, y]) => y), lon: points.map(([x]) => x), begin: 0, end: points.length },
  ),
]

test('each stop lies at its nearest point', () => {
  const line = [
    [0, 0],
    [10, 0],
    [20, 0],
    [30, 0],
  ] as const
  expect(
    place(
      [
        [1, 5],
        [19, -5],
        [30, 1],
      ],
      line,
    ),
  ).toEqual([0, 2, 3])
})

test('on a line out and back the way decides', () => {
  // to the end of the street and back: the second call at x = 10 is on the way back
  const line = [
    [0, 0],
    [10, 0],
    [20, 0],
    [10, 1],
    [0, 1],
  ] as const
  expect(
    place(
      [
        [0, 0],
        [10, 0.5],
        [20, 0],
        [10, 0.5],
        [0, 0],
      ],
      line,
    ),
  ).toEqual([0, 1, 2, 3, 4])
})

test('a ring begins and ends at one stop', () => {
  const ring = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
    [0, 0],
  ] as const
  expect(
    place(
      [
        [0, 0],
        [10, 10],
        [0, 0],
      ],
      ring,
    ),
  ).toEqual([0, 2, 4])
})

test('a stop that is nowhere follows its neighbours', () => {
  const line = [
    [0, 0],
    [10, 0],
    [20, 0],
  ] as const
  const [a, b, c] = place(
    [
      [0, 0],
      [0, Number.NaN],
      [20, 0],
    ],
    line,
  )
  expect([a, c]).toEqual([0, 2])
  expect(b).toBeGreaterThanOrEqual(0)
})

test('is the cheapest of all ways that do not run back', () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
  const cost = (a: readonly number[], b: readonly number[]) => (a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 4 }),
      fc.array(point, { minLength: 2, maxLength: 5 }),
      (stops, points) => {
        const total = (placed: readonly number[]) => placed.reduce((sum, p, s) => sum + cost(stops[s]!, points[p]!), 0)
        let cheapest = Number.POSITIVE_INFINITY
        const tryAll = (placed: number[]): void => {
          if (placed.length === stops.length) cheapest = Math.min(cheapest, total(placed))
          else for (let p = placed.at(-1) ?? 0; p < points.length; p++) tryAll([...placed, p])
        }
        tryAll([])
        const placed = place(stops, points)
        expect(placed.every((p, i) => i === 0 || p >= placed[i - 1]!)).toBe(true)
        // degrees shrink with latitude, not at a few 1e-7
        expect(total(placed)).toBeCloseTo(cheapest, 6)
      },
    ),
  )
})
