import { describe, expect, test } from 'vitest'
import { Crossing } from '#engine/street/graph.ts'
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
    expect(told(path)).toEqual(['DEPART Main Street 195 m'])
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

  test('out of an elevator nobody turns round', () => {
    const s = streets(`
      at a 0,0 at b 50,0 at c 1,1
      a-b highway=footway level=0
      b-c highway=footway level=-2
      node b highway=elevator`)
    expect(told(walk(s, s.at('a'), s.at('c')))).toEqual([
      'DEPART footway 50 m',
      'ELEVATOR elevator 0 m',
      'CONTINUE footway 49 m',
    ])
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

  test('other travellers: wheels find another way than stairs, bikes are pushed against one-ways', () => {
    //  a──b stairs, a─c─d─b round; e→a one-way
    const s = streets(`
      at a 0,0  at b 100,0  at c 0,60  at d 100,60  at e -80,0
      a-b     highway=steps
      a-c-d-b highway=footway bicycle=yes
      e-a     highway=residential oneway=yes`)
    expect(walk(s, s.at('a'), s.at('b'))!.metres).toBeCloseTo(100, 0)
    expect(walk(s, s.at('a'), s.at('b'), { profile: Profile.wheelchair })!.metres).toBeCloseTo(220, 0)
    const pushed = (from: string, to: string, profile = Profile.bike) =>
      walk(s, s.at(from), s.at(to), { profile })!.steps.map(step => step.pushed ?? false)
    expect(pushed('e', 'a')).toEqual([false])
    expect(pushed('a', 'e')).toEqual([true])
    expect(walk(s, s.at('a'), s.at('e'), { profile: Profile.car })).toBeUndefined()
    expect(walk(s, s.at('a'), s.at('e'))).toBeDefined()
  })
})

describe('what a step says', () => {
  //   a ═══ b ─╫─ c ─╫─ d ── e            b–c a crossing with lights, c an island; d a zebra on a road that crosses the footway
  //   f──────────s   p──h──q      two platforms, the way from either to the hall h; the street s leads off over the first one
  test('on foot nobody is sent into a stub and back', () => {
    const s = streets(`
      at p 0,0  at h 5,0  at q 10,0  at s -80,0.3  at f -80,60
      at n 0,30  at m 10,30
      n-p     highway=footway
      q-m     highway=footway
      p-h-q   highway=footway
      h-s     highway=footway
      s-f     highway=residential name=Main_Street
      stop P 0,0.01`)
    expect(told(walk(s, s.at('q'), s.at('f')))).toEqual(['DEPART footway 90 m', 'RIGHT Main Street 60 m'])
    expect(told(walk(s, s.at('p'), s.at('f')))).toEqual(['DEPART footway 90 m', 'RIGHT Main Street 60 m'])
    // the turn before a stub is the one into what comes behind it
    expect(told(walk(s, s.at('n'), s.at('f')))).toEqual([
      'DEPART footway 30 m',
      'RIGHT footway 90 m',
      'RIGHT Main Street 60 m',
    ])
    expect(told(walk(s, s.at('f'), s.at('n')))).toEqual([
      'DEPART Main Street 60 m',
      'LEFT footway 90 m',
      'LEFT footway 30 m',
    ])
    const [from, to] = [s.at('n'), s.at('f')]
    expect(pathProblems(walk(s, from, to)!, from, to, 1)).toEqual([])
    // from a stop beside a node one does not go nowhere first
    expect(told(walk(s, { stop: s.stop('P') }, s.at('f')))[0]).toBe('DEPART footway 90 m')
  })

  test('turning round is told where one goes far before it, by its name, or on another floor', () => {
    const s = streets(`
      at a 0,0  at b 30,0  at c 1,1  at d 30,8
      a-b    highway=footway
      b-c    highway=footway
      at e 0,100  at f 8,100  at g -60,100.5
      e-f    highway=residential name=Short_Lane
      f-g    highway=footway
      at t -10,200 at u 0,200 at v -8,200.1
      t-u    highway=steps level=1;0
      u-v    highway=footway level=0`)
    expect(told(walk(s, s.at('a'), s.at('c')))).toEqual(['DEPART footway 30 m', 'UTURN_LEFT footway 29 m'])
    expect(told(walk(s, s.at('e'), s.at('g')))).toEqual(['DEPART Short Lane 8 m', 'UTURN_LEFT footway 68 m'])
    expect(told(walk(s, s.at('t'), s.at('v')))).toEqual(['STAIRS steps 10 m', 'UTURN_LEFT footway 8 m'])
  })

  test('crossings: lights, zebra, an island; by the way or by its node', () => {
    const s = streets(`
      at a 0,0 at b 100,0 at c 110,0 at d 200,0 at e 300,0 at f 200,50 at g 200,-50
      node d highway=crossing crossing=zebra crossing:island=yes
      a-b highway=footway
      b-c highway=footway footway=crossing crossing=traffic_signals
      c-d highway=footway
      d-e highway=footway
      f-d-g highway=residential`)
    const { steps } = walk(s, s.at('a'), s.at('e'))!
    expect(steps.map(step => [Math.round(step.metres), step.crossing])).toEqual([
      [100, undefined],
      [10, { kind: Crossing.signals, island: false }],
      [190, { kind: Crossing.marked, island: true }],
    ])
    // who comes by the road crosses nothing
    expect(walk(s, s.at('f'), s.at('g'))!.steps.map(step => step.crossing)).toEqual([undefined])
  })

  test('stairs lead up or down, by their incline or their floors', () => {
    const s = streets(`
      at a 0,0 at b 30,0 at c 60,0 at d 90,0
      a-b highway=steps incline=up
      b-c highway=footway level=1
      c-d highway=steps level=1;0`)
    const stairs = (from: string, to: string) => walk(s, s.at(from), s.at(to))!.steps.map(step => step.stairs)
    expect(stairs('a', 'd')).toEqual(['up', undefined, 'down'])
    expect(stairs('d', 'a')).toEqual(['up', undefined, 'down'])
  })

  test('an entrance is where a step ends', () => {
    const s = streets(`
      at a 0,0 at b 100,0 at c 120,0
      a-b-c highway=footway`)
    expect(walk(s, s.at('a'), s.at('c'))!.steps.at(-1)!.entrance).toBeUndefined()
    const t = streets(`
      at a 0,0 at b 100,0
      a-b highway=footway
      door b entrance=main name=Haupteingang`)
    expect(walk(t, t.at('a'), t.at('b'))!.steps.at(-1)!.entrance).toEqual({ name: 'Haupteingang', main: true })
  })

  //      ● Klinik  ● (a house)       a door beside the way is told where the way ends at it, not where it goes past
  //   a ─┴─────────────── b ── c     house doors that nothing tells apart do not cut the way
  //      ● Garten
  test('a door beside the way is one for who goes to it', () => {
    const s = streets(`
      at a 0,0 at b 200,0 at c 250,0
      a-b-c highway=footway
      spot 80,8 entrance=main name=Klinik
      spot 80,-8 entrance=yes name=Garten
      spot 120,8 entrance=yes
      spot 180,40 entrance=yes name=Far`)
    expect(s.graph.counts.edges).toBe(2)
    const doors = (from: StreetEnd, to: StreetEnd) => walk(s, from, to)!.steps.map(step => step.entrance)
    expect(doors(s.at('a'), s.at([80, 8]))).toEqual([{ name: 'Klinik', main: true }])
    expect(doors(s.at('c'), s.at([80, 8]))).toEqual([{ name: 'Klinik', main: true }])
    expect(doors(s.at('c'), s.at([80, -8]))).toEqual([{ name: 'Garten', main: false }])
    for (const [from, to] of [['a', 'c'], ['a', [80, 0]], ['a', [80, 4]], [[80, 8], 'c']] as const) // biome-ignore format: one line
      expect(doors(s.at(from), s.at(to))).toEqual([undefined])
  })

  //          n                 s into the roundabout, round it against the clock: e, n, w lead out
  //       ╭──┴──╮              to the east: first exit, north: second, west: third
  //    w──┤     ├──e
  //       ╰──┬──╯
  //          s
  const ring = (order: string) =>
    streets(`
    at s 0,-100 at n 0,100 at e 100,0 at w -100,0
    at rs 0,-20 at re 20,0 at rn 0,20 at rw -20,0
    ${order} highway=tertiary junction=roundabout
    s-rs highway=residential name=South_Street
    re-e highway=residential name=East_Street
    rn-n highway=residential name=North_Street
    rw-w highway=residential name=West_Street`)
  const byCar = (s: DrawnStreets, to: string) =>
    walk(s, s.at('s'), s.at(to), { profile: Profile.car })!.steps.map(step =>
      [step.relativeDirection, step.streetName, step.exit || ''].join(' ').trim(),
    )
  test('roundabouts: which exit, into which street, and which way round', () => {
    const s = ring('rs-re-rn-rw-rs')
    const round = (street: string, exit: number) => `CIRCLE_COUNTERCLOCKWISE ${street} ${exit}`
    expect(byCar(s, 'e')[1]).toBe(round('East Street', 1))
    expect(byCar(s, 'n').slice(0, 2)).toEqual(['DEPART South Street', round('North Street', 2)])
    expect(byCar(s, 'w')[1]).toBe(round('West Street', 3))
    // where one drives on the left
    expect(byCar(ring('rs-rw-rn-re-rs'), 'e')[1]).toBe('CIRCLE_CLOCKWISE East Street 3')
  })
  test('on foot a roundabout is a street like any other', () => {
    const s = ring('rs-re-rn-rw-rs')
    expect(walk(s, s.at('s'), s.at('n'))!.steps.every(step => step.exit === 0)).toBe(true)
  })
})
