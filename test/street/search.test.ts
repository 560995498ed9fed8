import { describe, expect, test } from 'vitest'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops } from '#engine/street/search.ts'
import { type DrawnStreets, streets } from '../helpers/streets.ts'

const onFoot = {
  profile: withChanges(Profile.foot, { speed: 1 }),
  maxSeconds: 900,
  maxMatchingDistance: 50,
  reverse: false,
}

/** `P 40, Q 75`: stops in the order of their time, seconds at 1 m/s (± 1 for rounded positions). */
function reached(
  s: DrawnStreets,
  place: Parameters<DrawnStreets['at']>[0],
  options: Partial<typeof onFoot> = {},
): [string, number][] {
  const { lat, lon } = s.at(place)
  const found = reachStops(s.search, lat, lon, { ...onFoot, ...options })
  return Array.from({ length: found.count }, (_, i): [string, number] => [
    s.stopName(found.stops[i]!),
    found.seconds[i]!,
  ]).sort((a, b) => a[1] - b[1])
}
const about = (expected: [string, number][]): unknown =>
  expected.map(([name, seconds]) => [
    name,
    expect.toSatisfy((s: number) => Math.abs(s - seconds) <= 1, `about ${seconds}`),
  ])

//        c──────d
//        │      │
//   a────b      e        all pieces 100 m; P 5 m beside the middle of a–b, Q at e
const square = `
  at a 0,0  at b 100,0  at c 100,100  at d 200,100  at e 200,0
  a-b   highway=footway
  b-c-d highway=residential
  d-e   highway=steps
  stop P 50,5
  stop Q 200,0`

describe('reachStops', () => {
  test('walks along the streets, stairs take twice as long, the way off the street counts', () => {
    // P: 50 along + 5 off; Q: 100 + 200 + 2 · 100
    expect(reached(streets(square), 'a')).toEqual(about([['P', 55], ['Q', 500]])) // biome-ignore format: one line
  })

  test('a point beside a street begins with the way to it', () => {
    expect(reached(streets(square), [20, -10])).toEqual(about([['P', 45], ['Q', 490]])) // biome-ignore format: one line
  })

  test('the bound is kept', () => {
    expect(reached(streets(square), 'a', { maxSeconds: 498 })).toEqual(about([['P', 55]]))
    expect(reached(streets(square), 'a', { maxSeconds: 50 })).toEqual([])
  })

  test('a point farther from any street than the matching distance reaches nothing', () => {
    expect(reached(streets(square), [-60, 0])).toEqual([])
    expect(reached(streets(square), [-60, 0], { maxMatchingDistance: 70 })).toEqual(about([['P', 115], ['Q', 560]])) // biome-ignore format: one line
  })

  test('twice the speed, half the time', () => {
    expect(reached(streets(square), 'a', { profile: withChanges(Profile.foot, { speed: 2 }) })).toEqual(about([['P', 27.5], ['Q', 250]])) // biome-ignore format: one line
  })

  // an escalator from a up to b and a way round it
  const escalator = `
    at a 0,0  at b 100,0  at c 100,100  at d 0,100
    a-b     highway=steps conveying=forward
    b-c-d-a highway=footway
    stop A 0,0
    stop B 100,0`

  test('one-ways hold on foot where they are meant for feet', () => {
    expect(reached(streets(escalator), 'a')).toEqual(about([['A', 0], ['B', 200]])) // biome-ignore format: one line
    expect(reached(streets(escalator), 'b')).toEqual(about([['B', 0], ['A', 300]])) // biome-ignore format: one line
  })

  test('reverse gives the way from the stops to the point', () => {
    expect(reached(streets(escalator), 'a', { reverse: true })).toEqual(about([['A', 0], ['B', 300]])) // biome-ignore format: one line
  })

  test('a one-way street is none for walkers', () => {
    const s = streets(`
      at a 0,0  at b 100,0
      a-b highway=residential oneway=yes
      stop A 0,0`)
    expect(reached(s, 'b')).toEqual(about([['A', 100]]))
  })

  test('a locked gate stops, an open one does not; one may walk up to it', () => {
    const gate = (access: string): DrawnStreets =>
      streets(`
        at a 0,0  at b 100,0  at c 200,0
        a-b-c highway=footway
        node b barrier=gate ${access}
        stop B 100,0
        stop C 190,0`)
    expect(reached(gate('access=private'), 'a')).toEqual(about([['B', 100]]))
    expect(reached(gate(''), 'a')).toEqual(about([['B', 100], ['C', 190]])) // biome-ignore format: one line
  })

  test('an elevator takes its time', () => {
    const s = streets(`
      at a 0,0  at b 50,0  at c 100,0
      a-b highway=footway
      b-c highway=footway level=1
      node b highway=elevator
      stop C 100,0`)
    expect(reached(s, 'a')).toEqual(about([['C', 100 + Profile.foot.elevatorSeconds]]))
  })

  test('each search is as fresh as the first', () => {
    const s = streets(square)
    const first = reached(s, 'a')
    reached(s, 'e', { reverse: true })
    reached(s, 'a', { maxSeconds: 10 })
    expect(reached(s, 'a')).toEqual(first)
  })
})

test('1,024 nodes further a search that nobody waits for any more ends, and goes on to serve others', () => {
  const side = Array.from({ length: 40 }, (_, i) => i)
  const s = streets(`
    ${side.flatMap(x => side.map(y => `at n${x}_${y} ${x * 20},${y * 20}`)).join('\n')}
    ${side.map(x => `${side.map(y => `n${x}_${y}`).join('-')} highway=footway`).join('\n')}
    ${side.map(y => `${side.map(x => `n${x}_${y}`).join('-')} highway=footway`).join('\n')}
    stop P 780,775`)
  let [asked, patience] = [0, Number.POSITIVE_INFINITY]
  const search = createStreetSearch(s.graph, s.links, { isGivenUp: () => ++asked > patience })
  const from = () => reached({ ...s, search }, 'n0_0', { maxSeconds: 3600 })
  const all = from()
  expect(all).toHaveLength(1)
  expect(asked).toBe(1)
  patience = 0
  asked = 0
  expect(from).toThrow(/TIMEOUT at search: nobody waits/)
  expect(asked).toBe(1)
  patience = Number.POSITIVE_INFINITY
  expect(from()).toEqual(all)
})
