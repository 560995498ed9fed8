// Heidelberg in every way of moving: who walks, rides, rents, rests and charges.

import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import { type Conditions, noConditions } from '#engine/conditions/conditions.ts'
import { FROM, hasHeidelberg, heidelbergAround, TIME, TO } from '../helpers/heidelberg.ts'

const LATE = '2022-06-21T22:00:00+02:00'

describe.skipIf(!hasHeidelberg)('Heidelberg in every way', () => {
  const city = heidelbergAround()
  const station = (name: string, lat: number, lon: number, bikes: number) => ({
    id: name,
    name,
    lat: Math.round(lat * 1e7),
    lon: Math.round(lon * 1e7),
    renting: true,
    returning: true,
    available: { b: bikes },
    docks: undefined,
  })
  /** Invented: one station in the old town, one in the middle, one at the university hospitals. */
  const bikes = (atStart: number): Conditions => ({
    ...noConditions,
    rentals: [
      {
        id: 'rad',
        group: 'rad',
        name: 'Rad',
        systemId: 'rad',
        types: [
          {
            id: 'b',
            name: 'b',
            formFactor: 'BICYCLE',
            propulsion: 'HUMAN',
            rangeMetres: undefined,
            returns: 'ANY_STATION',
          },
        ],
        stations: [
          station('Altstadt', 49.4112, 8.706, atStart),
          station('Bismarckplatz', 49.4095, 8.6935, 0),
          station('Neuenheimer Feld', 49.417, 8.6715, 0),
        ],
        vehicles: [],
        zones: [],
        otherwise: [],
        measured: Date.parse(TIME) / 1000,
      },
    ],
  })
  const ask = async (more: Record<string, string>): Promise<PlanResponse> => {
    const app = buildApp(city.service)
    const query = new URLSearchParams({ fromPlace: FROM, toPlace: TO, time: TIME, numItineraries: '3', ...more })
    const response = await app.inject(`/api/v6/plan?${query}`)
    await app.close()
    assert.equal(response.statusCode, 200, response.body)
    return response.json()
  }
  const modes = (i: Itinerary): string => i.legs.map(leg => leg.mode).join(' ')
  const minutes = (i: Itinerary): number => i.duration / 60

  test.each(['FOOT', 'WHEELCHAIR', 'ELECTRIC_WHEELCHAIR', 'WALKER', 'PRAM'])('as %s', async profile => {
    const { itineraries } = await ask({ pedestrianProfile: profile })
    assert.ok(itineraries.length >= 1)
    if (profile === 'FOOT') return
    const steps = itineraries.flatMap(i => i.legs.flatMap(leg => leg.steps ?? []))
    assert.ok(steps.length > 10)
    assert.deepEqual(
      steps.filter(step => step.relativeDirection === 'STAIRS'),
      [],
    )
  })

  const windowEnd = ({ nextPageCursor }: PlanResponse): number => Number(nextPageCursor.split('|')[1])
  /** The ways on foot that begin before this. */
  const walkedUntil = (end: number, { itineraries }: PlanResponse): string[] =>
    itineraries
      .filter(i => i.legs.every(leg => leg.mode !== 'BIKE' && leg.mode !== 'RENTAL'))
      .filter(i => Date.parse(i.startTime) / 1000 < end)
      .map(i => i.id)

  test('by one’s own bicycle, all the way and to the stop', async () => {
    const { direct, itineraries } = await ask({ directModes: 'BIKE', preTransitModes: 'WALK,BIKE' })
    assert.deepEqual(direct.map(modes), ['BIKE'])
    // 3.8 km
    assert.ok(minutes(direct[0]!) > 10 && minutes(direct[0]!) < 25, `${minutes(direct[0]!)} min`)
    const left = itineraries.find(i => modes(i).startsWith('BIKE WALK'))
    // where it is left is told by the street
    assert.match(left!.legs[0]!.to.name, /\w/)
    assert.equal(left!.legs[1]!.from.name, left!.legs[0]!.to.name)
    assert.ok(itineraries.some(i => modes(i).startsWith('WALK')))
  })

  test('where walking alone looks far for enough, a bicycle beside it makes a short page with no walk left out', async () => {
    // from the hill above the castle: few journeys on foot in an hour
    const far = { fromPlace: '49.40440,8.73340', toPlace: '49.40750,8.67500' }
    const walking = await ask({ ...far, time: LATE, numItineraries: '12' })
    const both = await ask({
      ...far,
      time: LATE,
      numItineraries: '12',
      preTransitModes: 'WALK,BIKE',
      postTransitModes: 'WALK,BIKE',
    })
    assert.ok(windowEnd(both) < windowEnd(walking), `${windowEnd(both)} < ${windowEnd(walking)}`)
    assert.ok(both.itineraries.length >= 12 && both.itineraries.length < 60, `${both.itineraries.length} itineraries`)
    assert.ok(both.itineraries.every(i => Date.parse(i.startTime) / 1000 < windowEnd(both)))
    assert.deepEqual(walkedUntil(windowEnd(both), both), walkedUntil(windowEnd(both), walking))
    // whose first way on foot begins later than many with a bicycle
    const few = { ...far, time: LATE, numItineraries: '2' }
    const beside = await ask({ ...few, preTransitModes: 'WALK,BIKE', postTransitModes: 'WALK,BIKE' })
    assert.ok(walkedUntil(Infinity, beside).length >= 1, `${beside.itineraries.map(modes).join(', ')}`)
    assert.deepEqual(walkedUntil(Infinity, beside)[0], walkedUntil(Infinity, await ask(few))[0])
  })

  test('with a bicycle for rent beside walking, and no more when the last one is gone', async () => {
    const rental = { directModes: 'WALK,RENTAL', preTransitModes: 'WALK,RENTAL' }
    await city.service.setConditions(bikes(0))
    const without = await ask(rental)
    await city.service.setConditions(bikes(2))
    const renting = await ask(rental)
    const { direct, itineraries } = renting
    assert.deepEqual(direct.map(modes), ['WALK RENTAL WALK'])
    const ride = direct[0]!.legs[1]!
    assert.deepEqual(
      [ride.rental?.systemName, ride.rental?.fromStationName, ride.rental?.toStationName, ride.from.vertexType],
      ['Rad', 'Altstadt', 'Neuenheimer Feld', 'BIKESHARE'],
    )
    assert.ok(itineraries.some(i => i.legs.some(leg => leg.mode === 'RENTAL')))
    // renting hides none of the ways on foot, in the answer as a whole
    const walked = (answer: PlanResponse): string[] => walkedUntil(Infinity, answer)
    assert.ok(walked(renting).length >= 1)
    assert.deepEqual(walked(renting), walked(without).slice(0, walked(renting).length))
    assert.deepEqual(walkedUntil(windowEnd(renting), renting), walkedUntil(windowEnd(renting), without))
    for (const i of [...direct, ...itineraries])
      i.legs.forEach((leg, n) => {
        const before = i.legs[n - 1]
        assert.ok(leg.duration >= 0)
        if (before) assert.deepEqual([leg.from.lat, leg.from.lon], [before.to.lat, before.to.lon])
        if (before) assert.ok(Date.parse(leg.startTime) >= Date.parse(before.endTime))
      })
  })

  test('of each kind that is for rent the quickest way, beside walking; at a station with realtimeMode=OFF as well', async () => {
    const at = { lat: 494_112_000, lon: 87_060_000 }
    const kinds = [
      ['SCOOTER_STANDING', 'ELECTRIC', 8000],
      ['BICYCLE', 'ELECTRIC_ASSIST', 30_000],
      ['MOPED', 'ELECTRIC', 30_000],
      ['CAR', 'COMBUSTION', 300_000],
    ] as const
    const [system] = bikes(0).rentals
    const mixed = {
      ...system!,
      id: 'mixed',
      stations: [],
      types: kinds.map(([formFactor, propulsion]) => ({
        ...{
          id: formFactor,
          name: formFactor,
          formFactor,
          propulsion,
          rangeMetres: undefined,
          returns: 'NONE' as const,
        },
      })),
      vehicles: kinds.map(([type, , rangeMetres]) => ({ id: type, type, ...at, usable: true, rangeMetres })),
    }
    await city.service.setConditions({ ...noConditions, rentals: [system!, mixed] })
    const { direct } = await ask({ directModes: 'WALK,RENTAL', maxDirectTime: '3600' })
    const rides = direct.flatMap(i => i.legs.filter(leg => leg.mode === 'RENTAL'))
    assert.deepEqual(
      rides.map(({ rental }) => [
        rental!.formFactor,
        rental!.propulsionType,
        rental!.rangeMeters,
        rental!.availability,
      ]),
      kinds.map(([form, propulsion, metres]) => [form, propulsion, metres, 'KNOWN']),
    )
    assert.deepEqual(modes(direct[0]!), 'WALK')
    const [scooter, eBike, moped, car] = rides.map(leg => leg.distance! / (leg.duration - 60))
    assert.ok(car! > moped! && moped! > eBike! && eBike! > scooter!, [scooter, eBike, moped, car].join())
    for (const { co2, energy } of rides) assert.ok(co2!.grams > 0 && energy!.kWh > 0)
    // empty now; what will be there some other day nobody knows
    const later = await ask({ directModes: 'RENTAL', realtimeMode: 'OFF' })
    const known = later.direct.flatMap(i => i.legs.flatMap(({ rental }) => rental ?? []))
    assert.deepEqual(
      known.map(r => [r.fromStationName, r.formFactor, r.availability]),
      [['Altstadt', 'BICYCLE', 'UNKNOWN']],
    )
    await city.service.setConditions({
      ...noConditions,
      rentals: [{ ...mixed, vehicles: mixed.vehicles.map(v => ({ ...v, rangeMetres: 2000 })) }],
    })
    assert.deepEqual((await ask({ directModes: 'RENTAL', maxDirectTime: '3600' })).direct.map(modes), [
      'WALK RENTAL WALK',
      'WALK RENTAL WALK',
      'WALK RENTAL WALK',
      'WALK RENTAL WALK',
    ])
  })

  test('one’s own bicycle is left at a rack of the map, if asked for', async () => {
    const { itineraries } = await ask({ preTransitModes: 'BIKE', bikeParking: 'RACK' })
    const ridden = itineraries.map(i => i.legs[0]!)
    assert.ok(ridden.length > 0 && ridden.every(leg => leg.mode === 'BIKE' && leg.parking !== undefined))
  })

  const wheels = { directModes: 'BIKE', preTransitModes: 'BIKE', cyclingProfile: 'E_BIKE' }
  test('with a battery: what is left is told, and nothing is ridden that it does not carry', async () => {
    const far = await ask({ ...wheels, batteryWh: '200' })
    const [whole] = far.direct[0]!.legs
    // 3.8 km at 8 Wh
    const { used, left, leftDistance, charged } = whole!.battery!
    assert.ok(used > 25 && used < 40 && charged === 0, `${used} Wh`)
    assert.ok(Math.abs(200 - used - left) < 0.2)
    assert.ok(Math.abs(leftDistance - (left / 8) * 1000) < 10)
    assert.equal(whole!.energy!.kWh, Math.round(used) / 1000)
    assert.ok(whole!.energy!.carKWh > 1.5)
    const empty = await ask({ ...wheels, batteryWh: '20', batteryReserve: '5' })
    assert.deepEqual(empty.direct, [])
    for (const i of empty.itineraries) for (const { battery } of i.legs) if (battery) assert.ok(battery.left >= 5)
    const range = await ask({ ...wheels, batteryRange: '25000' })
    assert.deepEqual(range.direct[0]!.legs[0]!.battery, whole!.battery)
  })

  test('an electric wheelchair has one battery for the whole way', async () => {
    const chair = { pedestrianProfile: 'ELECTRIC_WHEELCHAIR', maxPreTransitTime: '1800', maxPostTransitTime: '1800' }
    const { itineraries } = await ask({ ...chair, batteryWh: '1000' })
    assert.ok(itineraries.length > 0)
    for (const i of itineraries) {
      const driven = i.legs.flatMap(({ battery }) => (battery ? [battery] : []))
      assert.ok(driven.length >= 2)
      driven.forEach(({ left, used }, n) => {
        const before = n === 0 ? 1000 : driven[n - 1]!.left
        assert.ok(Math.abs(before - used - left) < 0.25, `${before} − ${used} ≠ ${left}`)
      })
    }
    const least = Math.min(...itineraries.map(i => 1000 - i.legs.at(-1)!.battery!.left))
    const few = await ask({ ...chair, batteryWh: String(least - 1) })
    assert.deepEqual(few.itineraries, [])
  })

  test('no farther than one’s legs carry from bench to bench', async () => {
    const metres = (limit: number) => ask({ maxWithoutRest: String(limit), directModes: 'WALK', maxDirectTime: '7200' })
    // the map knows few benches: one on a way of 3.9 km
    const [little, more] = [await metres(1000), await metres(3000)]
    assert.ok(little.itineraries.length > 0 || more.itineraries.length > 0)
    const rests = more.direct[0]!.legs[0]!.pauses!
    assert.ok(rests.length >= 1 && rests.every(rest => rest.kind === 'REST' && rest.duration === 120))
    let before = 0
    for (const at of [...rests.map(rest => rest.distance), more.direct[0]!.legs[0]!.distance!]) {
      assert.ok(at - before <= 3001, `${before} → ${at}`)
      before = at
    }
    assert.ok(little.direct.length <= more.direct.length)
    if (little.direct[0]) assert.ok(little.direct[0].duration >= more.direct[0]!.duration)
  })

  test.each([
    [{ batteryWh: '100' }, 'batteryWh'],
    [{ ...wheels, batteryWh: '100', batteryRange: '1000' }, 'batteryWh'],
    [{ ...wheels, batteryRange: '1000', batteryReserve: '1000' }, 'batteryReserve'],
    [{ pedestrianProfile: 'ELECTRIC_WHEELCHAIR', maxWithoutRest: '300' }, 'maxWithoutRest'],
  ])('%o is refused', async (more, parameter) => {
    const app = buildApp(city.service)
    const query = new URLSearchParams({ fromPlace: FROM, toPlace: TO, time: TIME, ...more })
    const response = await app.inject(`/api/v6/plan?${query}`)
    await app.close()
    assert.equal(response.statusCode, 400)
    assert.match(response.body, new RegExp(parameter))
  })

  test('what it leaves behind, and that it costs nothing', async () => {
    const { itineraries } = await ask({ withFares: 'true' })
    const [first] = itineraries
    const ride = first!.legs.find(leg => leg.mode === 'BUS')!
    // a few kilometres: 65 g each, 147 by car
    assert.ok(ride.co2!.grams > 50 && ride.co2!.grams < 400, `${ride.co2!.grams} g`)
    assert.ok(Math.abs(ride.co2!.carGrams / ride.co2!.grams - 147 / 65) < 0.05)
    assert.equal(first!.legs[0]!.co2!.grams, 0)
    assert.equal(first!.legs[0]!.energy!.kWh, 0)
    assert.ok(Math.abs(ride.energy!.carKWh / ride.energy!.kWh - 0.56 / 0.19) < 0.05)
    const products = first!.fareTransfers!.flatMap(t => t.effectiveFareLegProducts.flat(2))
    assert.deepEqual(products, [{ name: 'Free public transport', amount: 0, currency: 'EUR' }])
  })
})
