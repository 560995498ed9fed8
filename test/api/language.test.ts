// translations.txt over HTTP (S45): a German feed that names some things in English, French and Japanese.

import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import type { Static } from 'typebox'
import { describe, expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { Place } from '#api/contract/common.ts'
import type { Match } from '#api/contract/geocode.ts'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import type { RouteResponse as RouteSchema, RoutesResponse as RoutesSchema } from '#api/fleet/routes.ts'
import { parseName } from '#api/live/names.ts'
import { textOf } from '#engine/core/strings.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { type Original, translate } from '#engine/timetable/translations.ts'
import { appFor, get } from '../helpers/api.ts'
import { type Files, load, notices, smallFeed } from '../helpers/gtfs.ts'
import { testService } from '../helpers/service.ts'

type RoutesResponse = Static<typeof RoutesSchema>
type RouteResponse = Static<typeof RouteSchema>

const HEAD = 'table_name,field_name,language,translation,record_id,record_sub_id,field_value\n'
const INFO = 'feed_publisher_name,feed_publisher_url,feed_lang,default_lang\nP,https://example.org,de,'
const translations = `${HEAD}${[
  'stops,stop_name,en,Beginning,,,Anfang',
  'stops,stop_name,en,Start Square,A,,',
  'stops,stop_name,en-GB,Bridge upon Thames,,,Brücke',
  'stops,stop_name,en,Bridge,,,Brücke',
  'stops,stop_name,fr,Pont,B,,',
  'stops,stop_name,ja,中央,C,,',
  'stops,stop_name,de,Nicht gelesen,A,,',
  'agency,agency_name,en,City Works,a,,',
  'routes,route_short_name,en,M1,U1,,',
  'routes,route_long_name,en,Underground one,,,Linie eins',
  'trips,trip_headsign,en,Downtown,,,Stadt',
  'trips,trip_headsign,en,Downtown express,t2,,',
  'stop_times,stop_headsign,en,Via the bridge,t1,1,',
  'stop_times,stop_headsign,en,Nearly there,,,Gleich da',
].join('\n')}\n`
const files: Files = {
  'feed_info.txt': `${INFO}\n`,
  'translations.txt': translations,
  'routes.txt': 'route_id,agency_id,route_short_name,route_long_name,route_type\nU1,a,U1,Linie eins,1\nB2,a,2,,3\n',
  'trips.txt': 'route_id,service_id,trip_id,trip_headsign\nB2,wk,t3,\nU1,wk,t2,Stadt\nU1,wk,t1,Stadt\n',
  'stop_times.txt': smallFeed['stop_times.txt']!.replaceAll('\n', ',\n')
    .replace('stop_sequence,', 'stop_sequence,stop_headsign')
    .replace('A,1,', 'A,1,Über die Brücke')
    .replace('B,2,', 'B,2,Gleich da'),
}

async function app(changes: Files = {}) {
  const { tt } = await load({ ...files, ...changes })
  return appFor(
    testService({ tt, footpaths: mergeTransfers(tt, []) }, (Date.parse('2026-01-05T08:00:00Z') / 1000) as never),
  )
}

describe('S45', () => {
  test.each<[string[], string, string]>([
    [[], 'A', 'Anfang'],
    [['de'], 'A', 'Anfang'],
    [['de-AT', 'en'], 'A', 'Anfang'], // its primary subtag is the feed's own language
    [['en'], 'A', 'Start Square'], // of the record before of the text
    [['EN-us'], 'A', 'Start Square'],
    [['en-GB'], 'B', 'Bridge upon Thames'],
    [['en-US'], 'B', 'Bridge'],
    [['fr', 'en'], 'A', 'Start Square'], // the second language where the first has nothing
    [['fr', 'en'], 'B', 'Pont'],
    [['ja'], 'C', '中央'],
    [['en'], 'C', 'Centrum'],
    [['xx'], 'D', 'Damm'],
  ])('%j names stop %s “%s”', async (languages, id, name) => {
    const { tt } = await load(files)
    const room = makeRoom(tt) // as a network is opened
    const stop = [...tt.stopId].findIndex(text => textOf(tt, text) === id)
    const original: Original = { field: 'stops.stop_name', feed: 0, row: stop, text: tt.stopName[stop]! }
    expect(textOf(tt, translate(tt, original, languages))).toBe(name)
    expect(textOf(room, translate(room, original, languages))).toBe(name)
  })

  test('default_lang is for languages that the feed does not have', async () => {
    const server = await app({ 'feed_info.txt': `${INFO}en\n` })
    const name = async (language: string) =>
      (await get<StoptimesResponse>(server, `/api/v6/stoptimes?stopId=x_A&n=0${language}`)).place.name
    expect([await name('&language=tr'), await name(''), await name('&language=de')]).toEqual([
      'Start Square',
      'Start Square',
      'Anfang',
    ])
  })

  test('a feed without translations has no columns of them', async () => {
    const { tt } = await load()
    expect([tt.counts.translations, tt.translationBegin.length, tt.translationKey.length]).toEqual([0, 0, 0])
  })

  test('what is said of nothing is counted; fields that no answer shows are not read', async () => {
    const rows = `${HEAD}stops,stop_name,en,Nowhere,ZZ,,\nstops,stop_name,en,Nowhere,,,Nirgends\nstops,stop_url,en,https://e,A,,\n`
    const { tt, report } = await load({ 'translations.txt': rows })
    expect([tt.counts.translations, notices(report)]).toEqual([0, { unused_translation: 2 }])
  })
})

describe('language', () => {
  const time = 'time=2026-01-05T08:55:00Z'

  test('of a board: headsigns of the call, of the trip, of the text; route and agency', async () => {
    const board = (language: string) => `/api/v6/stoptimes?stopId=x_A&n=2&${time}&language=${language}`
    const server = await app()
    const english = await get<StoptimesResponse>(server, board('en'))
    expect(english.place.name).toBe('Start Square')
    expect(english.stopTimes.map(s => s.headsign)).toEqual(['Via the bridge', 'Downtown express'])
    expect(english.stopTimes[0]).toMatchObject({
      routeShortName: 'M1',
      displayName: 'M1',
      routeLongName: 'Underground one',
      agencyName: 'City Works',
      tripTo: { name: 'Centrum' },
    })
    const german = await get<StoptimesResponse>(server, board('de'))
    expect(german.stopTimes.map(s => s.headsign)).toEqual(['Über die Brücke', 'Stadt'])
    expect(german.stopTimes[0]).toMatchObject({ displayName: 'U1', agencyName: 'Stadtwerke' })
  })

  test('of journeys and trips', async () => {
    const server = await app()
    const { itineraries } = await get<PlanResponse>(
      server,
      `/api/v6/plan?fromPlace=x_B&toPlace=x_C&${time}&searchWindow=3600&language=en-US,de`,
    )
    expect(itineraries[0]!.legs[0]).toMatchObject({
      headsign: 'Nearly there',
      displayName: 'M1',
      from: { name: 'Bridge' },
      to: { name: 'Centrum' },
    })
    const trip = await get<Itinerary>(server, '/api/v6/trip?tripId=20260105_10:00_x_t1&language=fr')
    expect(trip.legs[0]).toMatchObject({ from: { name: 'Anfang' }, intermediateStops: [{ name: 'Pont' }] })
  })

  test('of the fleet: lines, cancellations, and a channel of them', async () => {
    const { tt } = await load(files)
    const now = (Date.parse('2026-01-05T09:05:00Z') / 1000) as never
    const service = testService({ tt, footpaths: mergeTransfers(tt, []) }, now)
    const server = appFor(service)
    const { routes } = await get<RoutesResponse>(server, '/api/freifahrt/v1/routes?language=en')
    expect(routes.map(({ route }) => [route.line, route.name])).toEqual([['M1', 'Underground one']])
    const [{ route }] = routes as [RoutesResponse['routes'][number]]
    const one = async (language: string) => {
      const { runs } = await get<RouteResponse>(server, `/api/freifahrt/v1/routes/${route.id}${language}`)
      return [runs[0]!.stopName, runs[0]!.headsign]
    }
    expect([await one('?language=en'), await one('')]).toEqual([
      ['Bridge', 'Nearly there'],
      ['Brücke', 'Gleich da'],
    ])
    const topic = parseName(`route:${route.id};lang=en`).make(service, () => {})
    expect(topic.read(service).rows).toMatchObject([{ stopName: 'Bridge', headsign: 'Nearly there' }])
    // box and feed: another channel for each language
    expect(parseName('fleet:7.4,51.5,7.41,51.51;lang=en').name).toMatch(/^fleet:\d+\/.*;lang=en$/)
  })

  test('of tiles: stops and lines; the style passes it on', async () => {
    const server = await app()
    const names = async (language: string) => {
      const tile = (await server.inject(`/tiles/14/8529/5448.mvt${language}`)).rawPayload
      const { transit_lines, transit_stops } = new VectorTile(new PbfReader(tile)).layers
      return [transit_lines!, transit_stops!].flatMap(layer =>
        Array.from({ length: layer.length }, (_, i) => layer.feature(i).properties.name).sort(),
      )
    }
    expect([await names('?language=en'), await names('')]).toEqual([
      ['2', 'M1', 'Bridge', 'Centrum'],
      ['2', 'U1', 'Brücke', 'Centrum'],
    ])
    expect(await get(server, '/tiles/tiles.json?language=en,fr')).toMatchObject({
      tiles: ['http://localhost:80/tiles/{z}/{x}/{y}.mvt?language=en,fr'],
    })
  })

  test('of the map and of what is found by name', async () => {
    const server = await app()
    const stops = await get<Place[]>(server, '/api/v6/map/stops?min=51,7&max=52,8&language=en')
    expect(stops.map(s => s.name).sort()).toEqual(['Bridge', 'Centrum', 'Damm', 'Start Square'])
    const found = async (text: string, language: string) =>
      (await get<Match[]>(server, encodeURI(`/api/v1/geocode?text=${text}&language=${language}`))).map(m => m.name)
    expect(await found('中央', 'ja')).toEqual(['中央'])
    expect(await found('pont', 'de')).toEqual(['Brücke'])
    expect(await found('Brücke', 'fr')).toEqual(['Pont'])
  })
})
