// Every parameter of plan, one-to-all and stoptimes, written down here once more: just within its limits it is taken, just outside it is
// refused with its name and its range.

import { expect, test } from 'vitest'
import { apiDefaults } from '#api/config.ts'
import { OneToAllQuery } from '#api/motis/one-to-all.ts'
import { PlanQuery } from '#api/motis/plan.ts'
import { StoptimesQuery } from '#api/motis/stoptimes.ts'
import { smoothnessNames } from '#engine/street/profile.ts'
import { appFor, refused } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

type Limit =
  | readonly ['integer' | 'number' | 'size' | 'capped', min: number, max: number]
  | readonly ['list', max: number, value: string, bad: string, detail: string]
  | readonly ['choice', ...string[]]
  | readonly ['text', max: number]
  | readonly ['flag' | 'time' | 'place' | 'point']

const minutes = ['integer', 0, 1440] as const
const modes = (value: string): Limit => ['list', 64, value, 'SHIP', "'SHIP' is none of"]
const formFactors: Limit = ['list', 64, 'CARGO_BICYCLE', 'SLEIGH', "'SLEIGH' is none of"]
const propulsions: Limit = ['list', 64, 'ELECTRIC_ASSIST', 'STEAM', "'STEAM' is none of"]
const rentalIds: Limit = ['list', 64, 'nextbike', 'x'.repeat(201), '201 characters, at most 200']
const language: Limit = ['list', 64, 'de', 'x'.repeat(36), '36 characters, at most 35']
const realtimeMode: Limit = ['choice', 'REALTIME', 'REALTIME_ANNOTATION_ONLY', 'OFF']

const travel = {
  maxTransfers: ['integer', 0, 100],
  minTransferTime: minutes,
  additionalTransferTime: minutes,
  transferTimeFactor: ['number', 1, 100],
  maxMatchingDistance: ['capped', 0, 250],
  pedestrianProfile: ['choice', 'FOOT', 'WHEELCHAIR', 'ELECTRIC_WHEELCHAIR', 'WALKER', 'PRAM'],
  maxSlope: ['number', 0, 30],
  maxKerb: ['number', 0, 30],
  minWidth: ['number', 0, 3],
  avoidStairs: ['flag'],
  worstSurface: ['choice', 'smooth', 'paved', 'cobbles', 'compacted', 'gravel', 'ground'],
  worstSmoothness: ['choice', ...smoothnessNames],
  unknownWays: ['choice', 'ALLOW', 'REFUSE'],
  preferLit: ['choice', 'NEVER', 'DARK', 'ALWAYS'],
  pedestrianSafety: ['number', 0, 1],
  pedestrianSpeed: ['number', 0.1, 10],
  transitModes: modes('BUS'),
  requireBikeTransport: ['flag'],
  requireCarTransport: ['flag'],
  unknownRides: ['choice', 'ALLOW', 'REFUSE'],
  unknownStops: ['choice', 'ALLOW', 'REFUSE'],
  bannedRoutes: ['list', 100, 'test_S1', 'x'.repeat(301), '301 characters, at most 300'],
  bannedAgencies: ['list', 100, 'agency', 'x'.repeat(301), '301 characters, at most 300'],
  realtimeMode,
  cyclingSpeed: ['number', 0.1, 30],
  elevationCosts: ['choice', 'NONE', 'LOW', 'HIGH'],
  cyclingProfile: ['choice', 'BIKE', 'E_BIKE', 'CARGO_BIKE'],
  cyclingSafety: ['number', 0, 1],
  cyclingDetour: ['number', 0, 3],
  bikeParking: ['choice', 'ANYWHERE', 'RACK', 'COVERED', 'SECURED'],
  useRoutedTransfers: ['flag'],
  noCompulsoryReservation: ['flag'],
  vehicleHeight: ['number', 0, 100],
  vehicleWidth: ['number', 0, 100],
  vehicleLength: ['number', 0, 100],
  vehicleWeight: ['number', 0, 1000],
  vehicleAxleLoad: ['number', 0, 1000],
  vehicleAxleCount: ['integer', 0, 100],
  vehicleTopSpeed: ['number', 0, 1000],
  vehicleTrailer: ['flag'],
  vehicleHazmat: ['flag'],
  vehicleHazmatWater: ['flag'],
  vehicleLezAccess: ['flag'],
  preTransitModes: modes('WALK'),
  postTransitModes: modes('WALK'),
  preTransitRentalFormFactors: formFactors,
  preTransitRentalPropulsionTypes: propulsions,
  preTransitRentalProviders: rentalIds,
  preTransitRentalProviderGroups: rentalIds,
  ignorePreTransitRentalReturnConstraints: ['flag'],
  postTransitRentalFormFactors: formFactors,
  postTransitRentalPropulsionTypes: propulsions,
  postTransitRentalProviders: rentalIds,
  postTransitRentalProviderGroups: rentalIds,
  ignorePostTransitRentalReturnConstraints: ['flag'],
  maxPreTransitTime: ['size', 0, 3600],
  maxPostTransitTime: ['size', 0, 3600],
  arriveBy: ['flag'],
  time: ['time'],
  language,
} as const satisfies Record<string, Limit>

const endpoints: [string, string, { properties: object }, Record<string, Limit>][] = [
  [
    '/api/v6/plan',
    // only who has a battery may say what is in it
    // and only who comes by a place may stay there
    `fromPlace=test_A&toPlace=test_C&via=test_H1&time=${iso('9:50')}&cyclingProfile=E_BIKE`,
    PlanQuery,
    {
      ...travel,
      fromPlace: ['place'],
      toPlace: ['place'],
      via: ['list', 8, 'test_H1', 'x'.repeat(201), '201 characters, at most 200'],
      viaMinimumStay: ['list', 8, '0', '-1', '-1 is not within 0 … 1440'],
      maxTravelTime: ['integer', 0, 10_080],
      maxWithoutRest: ['integer', 20, 20_000],
      batteryRange: ['integer', 1, 500_000],
      batteryWh: ['number', 1, 10_000],
      batteryReserve: ['number', 0, 500_000],
      batteryCharging: ['flag'],
      detailedLegs: ['flag'],
      detailedTransfers: ['flag'],
      joinInterlinedLegs: ['flag'],
      directModes: modes('WALK'),
      directRentalFormFactors: formFactors,
      directRentalPropulsionTypes: propulsions,
      directRentalProviders: rentalIds,
      directRentalProviderGroups: rentalIds,
      ignoreDirectRentalReturnConstraints: ['flag'],
      numItineraries: ['size', 0, 256],
      maxItineraries: ['size', 1, 256],
      pageCursor: ['text', 40],
      timetableView: ['flag'],
      searchWindow: ['size', 0, 345_600],
      algorithm: ['choice', 'RAPTOR', 'PONG', 'TB'],
      passengers: ['integer', 1, 1000],
      luggage: ['integer', 0, 1000],
      slowDirect: ['flag'],
      fastestSlowDirectFactor: ['number', 0, 100],
      radius: ['integer', 0, 10_000],
      maxDirectTime: ['size', 0, 21_600],
      fastestDirectFactor: ['number', 0, 100],
      timeout: ['size', 0, 90],
      withFares: ['flag'],
      numLegAlternatives: ['integer', 0, 20],
      withScheduledSkippedStops: ['flag'],
      distinct: ['flag'],
      preferRoom: ['integer', 0, 120],
    },
  ],
  [
    '/api/v6/one-to-all',
    `one=test_A&maxTravelTime=30&time=${iso('9:50')}`,
    OneToAllQuery,
    { ...travel, one: ['place'], maxTravelTime: ['size', 0, 90] },
  ],
  [
    '/api/v6/stoptimes',
    `stopId=test_A&n=3&time=${iso('9:50')}`,
    StoptimesQuery,
    {
      stopId: ['text', 300],
      center: ['point'],
      radius: ['integer', 0, 10_000],
      time: ['time'],
      arriveBy: ['flag'],
      both: ['flag'],
      direction: ['choice', 'EARLIER', 'LATER'],
      n: ['size', 0, 1024],
      window: ['size', 0, 345_600],
      mode: modes('BUS'),
      exactRadius: ['flag'],
      fetchStops: ['flag'],
      pageCursor: ['text', 40],
      withScheduledSkippedStops: ['flag'],
      realtimeMode,
      withAlerts: ['flag'],
      walkTime: ['integer', 0, 7200],
      language,
    },
  ],
]

const said = (value: string, status: number, detail: string) => [value, status, detail] as [string, number, string]

/** Values that are taken, and values that are not with what is said about them. More than a limit allows is 422, nonsense is 400. */
function cases(limit: Limit): { good: string[]; bad: [string, number, string][] } {
  switch (limit[0]) {
    case 'capped':
    case 'integer':
    case 'size':
    case 'number': {
      const [kind, min, max] = limit
      const range = `is not within ${min} … ${max}`
      const whole = kind === 'integer' || kind === 'size'
      const step = whole ? 1 : 0.01
      return {
        good: [`${min}`, `${max}`, ...(kind === 'capped' ? [`${2 * max}`] : [])],
        bad: [
          [`${min - step}`, 400, range],
          ...(kind === 'capped' ? [] : [said(`${max + step}`, kind === 'size' ? 422 : 400, range)]),
          ['many', 400, whole ? "'many' is not a whole number" : "'many' is not a number"],
          ...(whole ? [said('1.5', 400, "'1.5' is not a whole number")] : []),
        ],
      }
    }
    case 'list': {
      const [, max, value, wrong, detail] = limit
      const many = (n: number): string => Array.from({ length: n }, () => value).join(',')
      return {
        good: [value, many(max)],
        bad: [
          [many(max + 1), 422, `${max + 1} values, at most ${max} are allowed`],
          [wrong, 400, detail],
        ],
      }
    }
    case 'choice': {
      const [, ...values] = limit
      return { good: values, bad: [['NEITHER', 400, `'NEITHER' is none of ${values.join(', ')}`]] }
    }
    case 'text':
      return { good: [], bad: [['x'.repeat(limit[1] + 1), 400, `${limit[1] + 1} characters, at most ${limit[1]}`]] }
    case 'flag':
      return { good: ['true', 'false'], bad: [['1', 400, "'1' is neither true nor false"]] }
    case 'time':
      return { good: [iso('9:50')], bad: [['2026-02-30T08:00:00Z', 400, 'is no time']] }
    case 'place':
    case 'point':
      return { good: ['51.5,7.4'], bad: [['51.5,180.5', 400, 'longitude 180.5 is not within -180 … 180']] }
  }
}

test.each(endpoints)('%s: no parameter is forgotten here', (_path, _query, schema, limits) => {
  expect(Object.keys(limits).sort()).toEqual(Object.keys(schema.properties).sort())
})

const withParameter = (path: string, query: string, name: string, value: string): string => {
  const parameters = new URLSearchParams(query)
  parameters.set(name, value)
  return `${path}?${parameters}`
}

test.each(endpoints)('%s takes what is just within the limits', async (path, query, _schema, limits) => {
  const app = appFor(testService(city, at('9:00')))
  for (const [name, limit] of Object.entries(limits))
    for (const value of cases(limit).good) {
      const { statusCode, body } = await app.inject(withParameter(path, query, name, value))
      expect(statusCode, `${name}=${value}: ${body.slice(0, 200)}`).toBe(200)
    }
})

test.each(endpoints)('%s refuses what is just outside, by name and range', async (path, query, _schema, limits) => {
  const app = appFor(testService(city, at('9:00')))
  for (const [name, limit] of Object.entries(limits))
    for (const [value, status, detail] of cases(limit).bad) {
      const answer = await refused(app, withParameter(path, query, name, value))
      expect(answer, `${name}=${value}`).toEqual([status, expect.stringContaining(detail)])
      expect(answer[1]).toContain(name)
    }
})

test.each([
  ['LATER|99999999999', 200],
  ['EARLIER|0', 200],
  ['LATER|999999999999', 400],
  ['LATER|-1', 400],
  ['SOON|1', 400],
])('pageCursor=%s → %i', async (cursor, status) => {
  const app = appFor(testService(city, at('9:00')))
  for (const arriveBy of [false, true]) {
    const url = `/api/v6/plan?fromPlace=test_A&toPlace=test_C&arriveBy=${arriveBy}&pageCursor=${encodeURIComponent(cursor)}`
    expect((await app.inject(url)).statusCode).toBe(status)
  }
})

test('a /64 of IPv6 is counted as one address', async () => {
  const app = appFor(testService(city, at('9:00')), { ...apiDefaults, requestsPerMinute: 2 })
  const ask = async (remoteAddress: string) => {
    const { statusCode, headers } = await app.inject({ url: '/api/v1/health', remoteAddress })
    return [statusCode, headers['ratelimit-remaining']]
  }
  expect(await ask('2001:db8:1:2::1')).toEqual([200, '1'])
  expect(await ask('2001:db8:1:2:ffff::2')).toEqual([200, '0'])
  expect(await ask('2001:db8:1:2:3:4:5:6')).toEqual([429, '0'])
  expect(await ask('2001:db8:1:3::1')).toEqual([200, '1'])
})
