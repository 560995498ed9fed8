import { describe, expect, test } from 'vitest'
import { clipLine, clipRing, simplify } from '#engine/ground/clip.ts'
import { joinLines } from '#engine/ground/join.ts'
import { boxOfTile, projectInto } from '#engine/ground/mercator.ts'

const square = { low: 0, high: 10 }

describe('lines', () => {
  test.each<[string, number[], number[][]]>([
    ['inside', [1, 1, 5, 5], [[1, 1, 5, 5]]],
    ['outside', [11, 1, 15, 5], []],
    ['beside a corner', [-3, 2, 2, -3], []],
    ['through', [-5, 5, 15, 5], [[0, 5, 10, 5]]],
    [
      'out and in again',
      [5, 5, 15, 5, 15, 8, 5, 8],
      [
        [5, 5, 10, 5],
        [10, 8, 5, 8],
      ],
    ],
    ['along the side', [0, -5, 0, 5], [[0, 0, 0, 5]]],
  ])('%s', (_, line, parts) => expect(clipLine(line, square)).toEqual(parts))
})

describe('rings', () => {
  test('a corner of one', () => {
    // it may begin anywhere, but runs as before
    const corner = clipRing([5, 5, 15, 5, 15, 15, 5, 15], square)
    const turns = [0, 1, 2, 3].map(n => [...corner.slice(2 * n), ...corner.slice(0, 2 * n)])
    expect(turns).toContainEqual([5, 5, 10, 5, 10, 10, 5, 10])
  })
  test('around the square: the square', () =>
    expect(new Set(clipRing([-5, -5, 15, -5, 15, 15, -5, 15], square))).toEqual(new Set([0, 10])))
  test('outside', () => expect(clipRing([20, 20, 30, 20, 30, 30], square)).toEqual([]))
})

test('points less than the tolerance off the line go, the others stay', () => {
  expect(simplify([0, 0, 5, 1, 10, 0], 2)).toEqual([0, 0, 10, 0])
  expect(simplify([0, 0, 5, 3, 10, 0], 2)).toEqual([0, 0, 5, 3, 10, 0])
  expect(simplify([0, 0, 4, 0.5, 5, 9, 6, 0.5, 10, 0], 2)).toEqual([0, 0, 4, 0.5, 5, 9, 6, 0.5, 10, 0])
})

test('pieces that meet become one line, also backwards; at a crossing they end', () => {
  expect(
    joinLines([
      [0, 0, 1, 0],
      [2, 0, 1, 0],
      [2, 0, 3, 0],
    ]),
  ).toEqual([[0, 0, 1, 0, 2, 0, 3, 0]])
  expect(
    joinLines([
      [1, 0, 0, 0],
      [1, 0, 2, 0],
      [1, 0, 1, 5],
    ]),
  ).toHaveLength(3)
  // a ring of two
  const ring = joinLines([
    [0, 0, 1, 1, 2, 0],
    [2, 0, 1, -1, 0, 0],
  ])
  expect(ring).toHaveLength(1)
  expect(ring[0]).toHaveLength(10)
})

test('the world is one tile: 85.0511° at its top, the meridian in its middle', () => {
  const [x, y] = projectInto({ z: 0, x: 0, y: 0 }, [0, 0]) as [number, number]
  expect([x, y]).toEqual([2048, 2048])
  expect(projectInto({ z: 0, x: 0, y: 0 }, [850511288, -1800000000]).map(v => Math.abs(Math.round(v)))).toEqual([0, 0])
  // tile 1/1/0 is the quarter north and east of the middle
  const { south, west } = boxOfTile({ z: 1, x: 1, y: 0 })
  expect(south).toBeLessThan(0)
  expect(west).toBeLessThan(0)
  expect(projectInto({ z: 1, x: 1, y: 0 }, [0, 0])).toEqual([0, 4096])
})
