// What is for rent and which elevators work, as clients ask for it.

import { afterAll, expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { publicStopId } from '#api/render/texts.ts'
import { type Conditions, noConditions } from '#engine/conditions/conditions.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { readFacilities } from '#feeds/facilities.ts'
import { readSystem } from '#feeds/gbfs/read.ts'
import { testService } from '../helpers/service.ts'
import { loadStation } from '../station/station.ts'

const data = (data: unknown) => ({ last_updated: 1_700_000_000, data })
const { system } = readSystem(
  {
    system_information: data({ name: 'Stadtrad', system_id: 'rad' }),
    station_information: data({
      stations: [
        { station_id: '1', name: 'Markt', lat: 51.5, lon: 7.4, capacity: 9 },
        { station_id: '2', name: 'Wald', lat: 51.9, lon: 7.4 },
      ],
    }),
    station_status: data({
      stations: ['1', '2'].map(station_id => ({ station_id, num_bikes_available: 3, num_docks_available: 6 })),
    }),
  },
  { tag: 'rad', group: 'city' },
  0,
)
// 30 m from the elevator L1 at the entrance, and one far from any
const elevators = readFacilities(
  {
    rows: [
      {
        equipmentnumber: 1,
        type: 'ELEVATOR',
        description: 'Eingang',
        state: 'INACTIVE',
        geocoordX: 7.4,
        geocoordY: 51.50027,
      },
      { equipmentnumber: 2, type: 'ELEVATOR', state: 'INACTIVE', geocoordX: 8, geocoordY: 52 },
    ],
  },
  'fasta',
  0,
)
const { tt } = await loadStation()
const conditions: Conditions = { ...noConditions, rentals: [system], elevators }
const plain = testService({ tt, footpaths: mergeTransfers(tt, []) }, 1_767_600_000 as UnixSeconds)
const service = Object.create(plain, { horizon: { get: () => ({ ...plain.horizon, conditions }) } })
const app = buildApp(service)
afterAll(() => app.close())
const get = async (url: string) => (await app.inject(url)).json()

test('stations of a box, with their provider; corners in any order', async () => {
  const answer = await get('/api/v1/map/rentals?min=51.6,7.3&max=51.4,7.5')
  expect(answer.stations).toMatchObject([
    { id: '1', providerId: 'rad', providerGroupId: 'city', name: 'Markt', numVehiclesAvailable: 3, isRenting: true },
  ])
  expect(answer.stations[0].vehicleDocksAvailable).toEqual({ '': 6 })
  expect(answer.providers).toMatchObject([
    { id: 'rad', name: 'Stadtrad', formFactors: ['BICYCLE'], bbox: [7.4, 51.5, 7.4, 51.9] },
  ])
  expect(answer.providerGroups).toMatchObject([{ id: 'city', providers: ['rad'] }])
  expect([answer.vehicles, answer.zones]).toEqual([[], []])
})

test('around a point, of one provider, without what is not wanted', async () => {
  const near = await get('/api/v1/rentals?point=51.9,7.4&radius=500&withProviders=false')
  expect(near.stations.map((s: { id: string }) => s.id)).toEqual(['2'])
  expect([near.providers, near.providerGroups.map((g: { providers: string[] }) => g.providers)]).toEqual([[], [[]]])
  expect((await get('/api/v1/rentals?providers=other')).stations).toEqual([])
})

test('around a stop; a corner without the other is no box', async () => {
  const stations = async (point: string) =>
    (await get(`/api/v1/map/rentals?point=${point}&radius=700`)).stations.map((s: { id: string }) => s.id)
  expect(await stations(publicStopId(tt, 0 as StopIdx))).toEqual(['1'])
  expect(await stations('51.5,7.4,0')).toEqual(['1'])
  expect(await get('/api/v1/map/rentals?min=51.4,7.3')).toEqual({ error: 'BAD_REQUEST at max: is required with min' })
  expect(await get('/api/v1/geocode?text=a&max=51.4,7.3')).toEqual({
    error: 'BAD_REQUEST at min: is required with max',
  })
})

test('health says that there are vehicles for rent', async () => {
  expect(await get('/api/v1/health')).toMatchObject({ gbfs: true })
})

test('the elevators of a station: one reported out, of the other nobody says anything', async () => {
  const told = await get('/api/freifahrt/v1/elevators?stopId=x_P1')
  expect(told.map((e: Record<string, unknown>) => [e.id, e.state, e.name, e.stopId, e.source])).toEqual([
    ['x_L1', 'out', 'Eingang', 'x_S', 'fasta'],
    ['x_L2', 'unknown', '', 'x_S', undefined],
  ])
  expect(await get('/api/freifahrt/v1/elevators?min=51,7&max=51.1,7.1')).toEqual([])
  expect((await app.inject('/api/freifahrt/v1/elevators')).statusCode).toBe(400)
})
