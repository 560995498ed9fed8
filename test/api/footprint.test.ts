import { expect, test } from 'vitest'
import { footprint } from '#api/render/footprint.ts'
import { profileOf } from '#engine/access/courses.ts'
import { formFactors, propulsionTypes } from '#engine/conditions/rental.ts'
import { Profile } from '#engine/street/profile.ts'

const rental = (formFactor: (typeof formFactors)[number], propulsionType: (typeof propulsionTypes)[number]) =>
  footprint(
    { mode: 'RENTAL', rental: { providerId: '', providerGroupId: '', systemId: '', formFactor, propulsionType } },
    10_000,
    profileOf(formFactor, propulsionType),
  )

// 10 km, 380 g a kilowatt-hour
test.each([
  ['SCOOTER_STANDING', 'ELECTRIC', 38, 0.1],
  ['BICYCLE', 'ELECTRIC_ASSIST', 30, 0.08],
  ['BICYCLE', 'HUMAN', 0, 0],
  ['CARGO_BICYCLE', 'ELECTRIC_ASSIST', 30, 0.08],
  ['MOPED', 'ELECTRIC', 152, 0.4],
  ['MOPED', 'COMBUSTION', 575, 2.2],
  ['CAR', 'ELECTRIC', 422, 1.111],
  ['CAR', 'COMBUSTION_DIESEL', 1470, 5.6],
  ['CAR', 'PLUG_IN_HYBRID', 1470, 5.6],
  ['CAR', 'HYDROGEN_FUEL_CELL', 667, 2.2],
] as const)('10 km on a rented %s, %s: %i g, %f kWh; the car 1,470 g', (form, propulsion, grams, kWh) => {
  expect(rental(form, propulsion)).toEqual({ co2: { grams, carGrams: 1470 }, energy: { kWh, carKWh: 5.6 } })
})

test('whatever is rented has both, but for small fuel cells, of which nobody says anything', () => {
  for (const form of formFactors)
    for (const by of propulsionTypes) {
      if (by === 'HYDROGEN_FUEL_CELL' && form !== 'CAR') {
        expect(rental(form, by)).toEqual({})
        continue
      }
      const { co2, energy } = rental(form, by)
      expect([form, by, co2!.grams > 0, energy!.kWh > 0]).toEqual([form, by, by !== 'HUMAN', by !== 'HUMAN'])
    }
})

test('one’s own e-bike and electric wheelchair take power whether the query speaks of a battery or not', () => {
  expect(footprint({ mode: 'BIKE' }, 10_000, Profile.eBike)).toMatchObject({
    co2: { grams: 30 },
    energy: { kWh: 0.08 },
  })
  expect(footprint({ mode: 'WALK' }, 1000, Profile.electricWheelchair)).toMatchObject({
    co2: { grams: 15 },
    energy: { kWh: 0.04 },
  })
  expect(footprint({ mode: 'WALK' }, 1000, Profile.foot)).toMatchObject({ co2: { grams: 0 }, energy: { kWh: 0 } })
  const battery = { used: 200, charged: 0, left: 300, leftDistance: 1 }
  expect(footprint({ mode: 'BIKE', battery }, 10_000, Profile.eBike)).toMatchObject({
    co2: { grams: 76 },
    energy: { kWh: 0.2 },
  })
})
