import { describe, expect, test } from 'vitest'
import { type StreetEnd, type StreetPath, streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { lineMetres, pathProblems } from '../helpers/street-invariants.ts'
import { type DrawnStreets, streets } from '../helpers/streets.ts'

const onFoot = { profile: withChanges(Profile.foot, { speed: 1 }), maxSeconds: 3600, maxMatchingDistance: 50 }
const walk = (s: DrawnStreets, from: StreetEnd, to: StreetEnd, options = {}): StreetPath | undefined =>
  streetPath(s.search, from, to, { ...onFoot, ...options })
/** `DEPART Main Street 100 m` */
const told = (path: StreetPath | undefined): string[] =>
  path!.steps.map(step => `${step.relativeDirection} ${step.streetName || step.kind} ${Math.round(step.metres)} m`)

//   d            Main Street a–b–c leads east, Side Street from b north to d, stairs from d on to e
//   │
//   b──c
//   a
const town = `
  at a 0,0  at b 100,0  at c 200,0  at d 100,80  at e 160,80  at f 160,140
  a-b-c highway=residential name=Main_Street
  b-d   highway=living_street name=Side_Street
  d-e   highway=steps level=0;1
  e-f   highway=corridor level=1
  stop A 0,10
  stop D 90,80`

describe('streetPath', () => {
  test('says where to turn, and on which floors', () => {
    const s = streets(town)
    const path = walk(s, s.at('a'), s.at('f'))
    expect(told(path)).toEqual([
      'DEPART Main Street 100 m',
      'LEFT Side Street 80 m',
      'STAIRS steps 60 m',
      'LEFT corridor 60 m',
    ])
    expect(path!.steps.map(step => [step.fromLevel, step.toLevel])).toEqual([[0, 0], [0, 0], [0, 1], [1, 1]]) // biome-ignore format: one line
    expect(path!.seconds).toBeCloseTo(100 + 80 + 2 * 60 + 60, -0.5)
    expect(path!.metres).toBeCloseTo(300, 0)
  })

  test('the way back turns the other way and goes down', () => {
    const s = streets(town)
    const path = walk(s, s.at('f'), s.at('a'))
    expect(told(path)).toEqual([
      'DEPART corridor 60 m',
      'STAIRS steps 60 m',
      'LEFT Side Street 80 m',
      'RIGHT Main Street 100 m',
    ])
    expect(path!.steps[1]).toMatchObject({ fromLevel: 1, toLevel: 0 })
  })

  test('one street over a junction is one step', () => {
    const s = streets(town)
    expect(told(walk(s, s.at('a'), s.at('c')))).toEqual(['DEPART Main Street 200 m'])
  })

  test('begins and ends off the street, where it was asked to', () => {
    const s = streets(town)
    const [from, to] = [s.at([20, -10]), s.at([190, 15])]
    const path = walk(s, from, to)!
    expect(path.points).toHaveLength(2 * 5) // point, street, b, street, point
    expect(path.metres).toBeCloseTo(10 + 170 + 15, 0)
    expect(pathProblems(path, from, to, 1)).toEqual([])
  })

  test('stays on one edge if both places are on it', () => {
    const s = streets(town)
    const path = walk(s, s.at([20, 0]), s.at([70, 0]))!
    expect(path.seconds).toBeCloseTo(50, -0.5)
    expect(path.metres).toBeCloseTo(50, 1)
    expect(told(path)).toEqual(['DEPART Main Street 50 m'])
  })

  test('goes round the block rather than against an escalator', () => {
    const s = streets(`
      at a 0,0  at b 100,0  at c 100,30  at d 0,30
      a-b     highway=steps conveying=forward
      b-c-d-a highway=footway`)
    const path = walk(s, s.at([80, 0]), s.at([20, 0]))!
    // on to b (20, twice as slow), round (30 + 100 + 30), up again to 20
    expect(path.seconds).toBeCloseTo(40 + 160 + 40, -0.5)
    expect(path.metres).toBeCloseTo(200, 0)
  })

  test('between stops: the geometry of a change', () => {
    const s = streets(town)
    const path = walk(s, { stop: s.stop('A') }, { stop: s.stop('D') })!
    expect(path.points.slice(0, 2)).toEqual([s.at([0, 10]).lat, s.at([0, 10]).lon])
    expect(path.metres).toBeCloseTo(10 + 100 + 80 + 10, 0)
    expect(lineMetres(path.points)).toBeCloseTo(path.metres, 0)
  })

  test('takes the elevator where there is one, and says so', () => {
    const s = streets(`
      at a 0,0  at b 50,0  at c 50,40
      a-b highway=footway
      b-c highway=footway level=-2
      node b highway=elevator`)
    const path = walk(s, s.at('a'), s.at('c'))
    expect(told(path)).toEqual(['DEPART footway 50 m', 'ELEVATOR elevator 0 m', 'LEFT footway 40 m'])
    expect(path!.steps[1]).toMatchObject({ fromLevel: 0, toLevel: -2 })
  })

  test('there is none beyond the bound, off the map, or where no way leads', () => {
    const s = streets(`
      at a 0,0  at b 100,0  at c 0,200  at d 100,200
      a-b highway=footway
      c-d highway=footway`)
    expect(walk(s, s.at('a'), s.at('b'))).toBeDefined()
    expect(walk(s, s.at('a'), s.at('b'), { maxSeconds: 99 })).toBeUndefined()
    expect(walk(s, s.at('a'), s.at([3000, 0]))).toBeUndefined()
    expect(walk(s, s.at('a'), s.at('c'))).toBeUndefined()
    expect(walk(s, s.at('a'), s.at('c'), { maxSeconds: Number.POSITIVE_INFINITY })).toBeUndefined()
  })

  test('to where one is already: no metres, one step', () => {
    const s = streets(town)
    expect(walk(s, s.at('b'), s.at('b'))).toMatchObject({
      seconds: 0,
      metres: 0,
      steps: [{ relativeDirection: 'DEPART' }],
    })
  })

  test('other travellers: wheels find another way than stairs, bikes heed one-ways', () => {
    //  a──b stairs, a─c─d─b round; e→a one-way
    const s = streets(`
      at a 0,0  at b 100,0  at c 0,60  at d 100,60  at e -80,0
      a-b     highway=steps
      a-c-d-b highway=footway bicycle=yes
      e-a     highway=residential oneway=yes`)
    expect(walk(s, s.at('a'), s.at('b'))!.metres).toBeCloseTo(100, 0)
    expect(walk(s, s.at('a'), s.at('b'), { profile: Profile.wheelchair })!.metres).toBeCloseTo(220, 0)
    expect(walk(s, s.at('e'), s.at('a'), { profile: Profile.bike })).toBeDefined()
    expect(walk(s, s.at('a'), s.at('e'), { profile: Profile.bike })).toBeUndefined()
    expect(walk(s, s.at('a'), s.at('e'))).toBeDefined()
  })
})
