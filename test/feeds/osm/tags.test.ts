import { describe, expect, test } from 'vitest'
import {
  accessOf,
  Crossing,
  crossingBits,
  crossingOf,
  isAreaRim,
  Kerb,
  kerbBits,
  kindNames,
  kindOf,
  limitOf,
  NODE_ELEVATOR,
  NODE_ISLAND,
  NODE_NARROW,
  NODE_SIGNALS,
  Surface,
  surfaceOf,
  wheelchairOf,
} from '#engine/street/graph.ts'
import { readNode } from '#feeds/osm/node-tags.ts'
import { readStreet, type Tags } from '#feeds/osm/tags.ts'

const tags = (text: string): Tags => new Map(text.split(' ').map(pair => pair.split('=') as [string, string]))
const read = (text: string) => readStreet(tags(text))!

/** `f<>` both ways, `c>` forwards only; foot, bike, wheelchair (r), car in this order. */
function who(text: string, read = tags(text)): string {
  const street = readStreet(read)
  if (!street) return 'nobody'
  const access = accessOf(street.traits)
  return ['f', 'b', 'r', 'c']
    .map((letter, mode) => {
      const [forward, backward] = [(access >> mode) & 1, (access >> (mode + 4)) & 1]
      return forward || backward ? `${letter}${backward ? '<' : ''}${forward ? '>' : ''}` : ''
    })
    .filter(text => text !== '')
    .join(' ')
}

describe('who may use a way', () => {
  test.each([
    ['highway=residential', 'f<> b<> r<> c<>'],
    ['highway=footway', 'f<> r<>'],
    ['highway=footway bicycle=yes', 'f<> b<> r<>'],
    ['highway=pedestrian', 'f<> r<>'],
    ['highway=cycleway', 'f<> b<> r<>'],
    ['highway=cycleway foot=no', 'b<>'],
    ['highway=path', 'f<> b<> r<>'],
    ['highway=track', 'f<> b<> r<>'],
    ['highway=steps', 'f<>'],
    ['highway=steps wheelchair=yes', 'f<>'],
    ['highway=steps ramp:wheelchair=yes', 'f<> r<>'],
    ['highway=steps ramp:wheelchair=yes access=private', 'nobody'],
    ['highway=footway wheelchair=no', 'f<>'],
    ['highway=motorway', 'c>'],
    ['highway=motorway_link', 'c>'],
    ['highway=trunk', 'b<> c<>'],
    ['highway=trunk sidewalk=both', 'f<> b<> r<> c<>'],
    ['highway=primary motorroad=yes', 'c<>'],
    ['highway=busway', 'nobody'],
    ['highway=construction', 'nobody'],
    ['highway=constructor', 'nobody'],
    ['building=yes', 'nobody'],
    // access: from general to particular
    ['highway=service access=private', 'nobody'],
    ['highway=service access=psv', 'nobody'],
    ['highway=service access=private;customers', 'f<> b<> r<> c<>'],
    ['highway=service motor_vehicle=agricultural;forestry', 'f<> b<> r<>'],
    ['highway=service access=private foot=yes', 'f<> r<>'],
    ['highway=service access=no bicycle=designated', 'b<>'],
    ['highway=residential vehicle=no', 'f<> r<>'],
    ['highway=residential vehicle=no bicycle=yes', 'f<> b<> r<>'],
    ['highway=residential motor_vehicle=agricultural', 'f<> b<> r<>'],
    ['highway=residential motor_vehicle=no motorcar=yes', 'f<> b<> r<> c<>'],
    ['highway=residential motor_vehicle=destination', 'f<> b<> r<> c<>'],
    ['highway=residential foot=use_sidepath bicycle=use_sidepath', 'c<>'],
    ['highway=footway access=yes', 'f<> r<>'],
    ['highway=footway access=customers', 'f<> r<>'],
    ['highway=pedestrian bicycle=dismount', 'f<> r<>'],
    // one-ways are for vehicles, unless they say otherwise
    ['highway=residential oneway=yes', 'f<> b> r<> c>'],
    ['highway=residential oneway=-1', 'f<> b< r<> c<'],
    ['highway=residential oneway=yes oneway:bicycle=no', 'f<> b<> r<> c>'],
    ['highway=residential oneway=yes cycleway=opposite_lane', 'f<> b<> r<> c>'],
    ['highway=tertiary junction=roundabout', 'f<> b> r<> c>'],
    ['highway=path oneway=yes oneway:foot=yes', 'f> b> r>'],
    // now this way, now that, and by turns
    ['highway=residential oneway=reversible', 'f<> r<>'],
    ['highway=residential oneway=reversible oneway:bicycle=no', 'f<> b<> r<>'],
    ['highway=residential oneway=alternating', 'f<> b<> r<> c<>'],
    ['highway=steps conveying=backward', 'f<'],
    ['highway=steps conveying=yes', 'f>'],
    ['highway=steps conveying=no', 'f<>'],
    // not highways
    ['railway=platform', 'f<> r<>'],
    ['public_transport=platform', 'f<> r<>'],
    ['railway=rail', 'nobody'],
    ['man_made=pier', 'f<> b<> r<>'],
    ['route=ferry motor_vehicle=no', 'f<> b<> r<>'],
  ])('%s: %s', (text, expected) => expect(who(text)).toBe(expected))
})

describe('conditions that forbid by day count always; those that allow, and all others, never', () => {
  // `_` is a blank
  test.each([
    ['highway=residential motor_vehicle:conditional=no_@_(Mo-Fr_07:00-17:00)', 'f<> b<> r<>'],
    ['highway=residential motor_vehicle:conditional=no_@_Mo-Fr_07:00-12:30,13:00-17:00', 'f<> b<> r<>'],
    ['highway=residential motor_vehicle:conditional=no_@_Mo-Fr_12:45-13:30', 'f<> b<> r<> c<>'],
    ['highway=residential motor_vehicle:conditional=no_@_(Mo-Th_08:00-16:00;Fr_08:00-10:00)', 'f<> b<> r<>'],
    ['highway=residential motor_vehicle:conditional=no_@_(Mo,Tu_08:00-16:00)', 'f<> b<> r<> c<>'],
    ['highway=residential motor_vehicle:conditional=no_@_(Mo-Fr)', 'f<> b<> r<>'],
    ['highway=residential motor_vehicle:conditional=no_@_(06:00-22:00)', 'f<> b<> r<>'],
    ['highway=pedestrian bicycle=yes bicycle:conditional=no_@_(Mo-Su_11:00-17:00)', 'f<> r<>'],
    ['highway=residential access:conditional=no_@_(Sa,Su,PH)', 'f<> b<> r<> c<>'],
    ['highway=residential access:conditional=no_@_(Mo-Sa) foot=yes', 'f<> r<>'],
    ['highway=footway foot=permissive foot:conditional=no_@_(23:30-05:00)', 'f<> r<>'],
    // parks are shut at night
    ['highway=footway access:conditional=no_@_(20:00-07:00)', 'f<> r<>'],
    ['highway=footway foot:conditional=no_@_(21:00-07:00)', 'f<> r<>'],
    ['highway=footway foot:conditional=no_@_(Su_06:00-07:00)', 'f<> r<>'],
    ['highway=footway access:conditional=no_@_(17:00-13:30)', 'nobody'],
    ['highway=residential access:conditional=no_@_(07:30-19:00_AND_weight>7.5)', 'f<> b<> r<> c<>'],
    ['highway=residential access:conditional=no_@_(2016_Apr_25_-_2016_Sep_26)', 'f<> b<> r<> c<>'],
    ['highway=residential access:conditional=no_@_wet;private_@_(Mo-Fr)', 'nobody'],
    ['highway=residential access=no access:conditional=yes_@_(08:00-20:00)', 'nobody'],
    ['highway=pedestrian motor_vehicle:conditional=destination_@_(Mo-Sa_06:00-15:00)', 'f<> r<>'],
    ['highway=residential oneway:conditional=yes_@_(06:00-10:00)', 'f<> b> r<> c>'],
    ['highway=residential oneway:conditional=yes_@_(06:00-10:00);-1_@_(15:00-19:00)', 'f<> r<>'],
    ['highway=residential oneway=yes oneway:conditional=no_@_(22:00-05:00)', 'f<> b> r<> c>'],
  ])('%s: %s', (text, expected) => {
    const spaced = [...tags(text)].map(([key, value]) => [key, value.replaceAll('_', ' ')] as const)
    expect(who('', new Map(spaced))).toBe(expected)
  })
  test.each([
    ['50', '30 @ (Mo-Fr 07:00-17:00)', 30],
    ['50', '30 @ (22:00-06:00)', 50],
    ['120', '80 @ wet', 120],
    [undefined, '30 @ (07:00-17:00)', 30],
    ['30', '50 @ (07:00-17:00)', 30],
  ])('maxspeed=%s maxspeed:conditional=%s: %i km/h', (maxspeed, conditional, kmh) => {
    const all = { highway: 'residential', ...(maxspeed && { maxspeed }), 'maxspeed:conditional': conditional }
    expect(limitOf(readStreet(new Map(Object.entries(all)))!.traits) * 5).toBe(kmh)
  })
})

describe('what a way is like', () => {
  test('kind', () => {
    const kind = (text: string): string => kindNames[kindOf(read(text).traits)]!
    expect(
      [
        'highway=secondary_link',
        'highway=footway footway=crossing',
        'highway=footway footway=sidewalk',
        'highway=cycleway cycleway=crossing',
        'highway=cycleway cycleway=track',
        'highway=steps conveying=forward',
        'highway=footway public_transport=platform',
      ].map(kind),
    ).toEqual(['secondary', 'crossing', 'sidewalk', 'crossing', 'cycleway', 'escalator', 'footway'])
  })

  test('surface, crossing, wheelchair, area', () => {
    expect(surfaceOf(read('highway=path surface=sett').traits)).toBe(Surface.cobbles)
    expect(surfaceOf(read('highway=path surface=moonrock').traits)).toBe(Surface.unknown)
    expect(crossingOf(read('highway=footway footway=crossing crossing=traffic_signals').traits)).toBe(Crossing.signals)
    expect(crossingOf(read('highway=footway footway=crossing crossing=uncontrolled').traits)).toBe(Crossing.marked)
    expect(wheelchairOf(read('highway=footway wheelchair=limited').traits)).toBe(0)
    expect(isAreaRim(read('highway=pedestrian area=yes').traits)).toBe(true)
  })

  test.each([
    ['50', 50],
    ['30 mph', 50],
    ['walk', 5],
    ['DE:urban', 50],
    ['DE:zone:30', 30],
    ['none', 0],
    ['3', 5],
    ['999', 155],
    ['fast', 0],
  ])('maxspeed=%s is %i km/h in steps of five', (value, kmh) => {
    const street = readStreet(new Map([['highway', 'residential'], ['maxspeed', value]])) // biome-ignore format: one line
    expect(limitOf(street!.traits) * 5).toBe(kmh)
  })

  test.each([
    ['', 0, 0],
    ['level=1', 2, 2],
    ['level=-1.5', -3, -3],
    ['level=0;1', 0, 2],
    ['level=0;1 incline=down', 2, 0],
    ['level=1;0 incline=up', 0, 2],
    ['level=-2;-1;0', -4, 0],
    ['level=cellar', 0, 0],
    ['level=400', 0, 0],
  ])('%s: floors in halves %i to %i', (text, fromLevel, toLevel) => {
    expect(read(`highway=steps ${text}`.trim())).toMatchObject({ fromLevel, toLevel })
  })

  test('name: a street its name or number, a platform its tracks', () => {
    expect(read('highway=primary name=Ring ref=B1').name).toBe('Ring')
    expect(read('highway=primary ref=B1').name).toBe('B1')
    expect(read('railway=platform name=Hbf ref=3;4').name).toBe('3;4')
    expect(read('highway=footway').name).toBe('')
  })
})

describe('nodes', () => {
  test.each([
    ['highway=crossing', crossingBits(Crossing.unmarked)],
    ['highway=crossing crossing=traffic_signals', crossingBits(Crossing.signals) | NODE_SIGNALS],
    ['highway=crossing crossing=zebra crossing:island=yes', crossingBits(Crossing.marked) | NODE_ISLAND],
    ['highway=crossing crossing:markings=zebra', crossingBits(Crossing.marked)],
    ['barrier=kerb', kerbBits(Kerb.unknown)],
    ['barrier=bollard', 0b1000],
    ['barrier=bollard motor_vehicle=yes', 0],
    ['barrier=gate', 0],
    ['barrier=gate access=private', 0b1111],
    ['barrier=gate access=private foot=yes', 0b1010],
    ['barrier=stile', 0b1110 | NODE_NARROW],
    ['highway=elevator', NODE_ELEVATOR],
    ['highway=elevator wheelchair=no', NODE_ELEVATOR],
  ])('%s stops %i', (text, traits) => expect(readNode(tags(text))).toBe(traits))
})
