// Requests as real clients send them, recorded from motis-client 2.11.3, motis-fptf-client 6.4.0, the MOTIS web UI and KDE Itinerary.
// Only places and times are ours.

import { expect, test } from 'vitest'
import { appFor } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city } from './city.ts'

const TIME = 'time=2026-01-10T09:50:00.000Z'

test.each([
  // motis-client: arrays as repeated keys
  `/api/v6/plan?fromPlace=51.5,7.4&toPlace=51.54,7.46&transitModes=BUS&transitModes=TRAM&via=test_H1&via=test_H2&${TIME}`,
  '/api/v6/stoptimes?stopId=test_H1&n=5&mode=BUS&mode=TRAM',
  '/api/v1/geocode?text=Hbf&language=de&language=en&type=STOP',
  '/api/v6/map/stops?min=51,7&max=52,8',
  '/api/v1/map/initial',
  '/api/v6/one-to-all?one=51.5,7.4&maxTravelTime=30',
  '/api/v6/trip?tripId=20260110_10:00_test_S1',
  '/api/v6/map/trips?zoom=12&min=51.4,7.3&max=51.6,7.5&startTime=2026-01-10T10:00:00.000Z&endTime=2026-01-10T10:02:00.000Z',
  // motis-fptf-client
  `/api/v6/stoptimes?${TIME}&stopId=test_H1&mode=TRANSIT&n=250&radius=300&arriveBy=false&direction=LATER`,
  `/api/v6/stoptimes?${TIME}&stopId=test_H1&mode=TRANSIT&n=250&radius=300&arriveBy=true&direction=LATER`,
  '/api/v6/stoptimes?stopId=test_H1&n=0',
  `/api/v6/plan?fromPlace=test_A&toPlace=51.54,7.46&via=test_H1&${TIME}&detailedTransfers=false&transitModes=TRANSIT&arriveBy=false&requireBikeTransport=true&pedestrianProfile=WHEELCHAIR`,
  `/api/v6/one-to-all?one=test_A&${TIME}&maxTravelTime=20&maxTransfers=5&transitModes=TRANSIT&pedestrianProfile=WHEELCHAIR`,
  // the MOTIS UI: arrays with commas, corners as they come
  `/api/v6/plan?${TIME}&fromPlace=test_A&toPlace=test_C&withFares=true&numLegAlternatives=3&joinInterlinedLegs=false&noCompulsoryReservation=false&maxMatchingDistance=250`,
  `/api/v6/stoptimes?stopId=test_A&${TIME}&arriveBy=false&n=10&language=en`,
  '/api/v1/geocode?place=51.514,7.465&text=Dortmund Hbf&language=en&mode=AIRPLANE,HIGHSPEED_RAIL,LONG_DISTANCE,NIGHT_RAIL,REGIONAL_FAST_RAIL,REGIONAL_RAIL,SUBURBAN,SUBWAY,TRAM,BUS,FERRY,ODM,OTHER',
  '/api/v6/map/stops?min=51.4899,7.5207&max=51.5380,7.4092&grouped=true&modes=AIRPLANE,HIGHSPEED_RAIL,TRAM',
  '/api/v1/map/levels?min=51.5185,7.4575&max=51.5170,7.4610',
  // KDE
  `/api/v5/plan?fromPlace=51.5,7.4,0&toPlace=51.54,7.46,0&${TIME}&detailedTransfers=true&detailedLegs=true&transitModes=TRANSIT&directModes=WALK&preTransitModes=WALK&postTransitModes=WALK&numItineraries=3&arriveBy=false`,
  `/api/v5/stoptimes?${TIME}&stopId=test_H1&n=12&arriveBy=false&radius=200`,
  '/api/v5/trip?tripId=20260110_10:00_test_S1',
  '/api/v1/map/stops?min=51.4,7.3&max=51.6,7.5',
  '/api/v1/geocode?text=Hbf',
  '/api/v1/reverse-geocode?place=51.51,7.42',
])('%s', async url => {
  const answer = await appFor(testService(city, at('9:55'))).inject(encodeURI(url))
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
})
