// Which run an update means: the trip, its service day, and the departure of a frequency (rules B, G1, G2).

import { describe, expect, test } from 'vitest'
import type { LiveRunIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, type ServiceDay } from '#engine/core/time.ts'
import { knowsTrip } from '#engine/live/match.ts'
import { createMessage } from '#engine/live/message.ts'
import { dayStart, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { feedMessage, say, storeOf, trip, tripBy, vehicle } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const utc = (text: string): number => Date.parse(`${text}Z`) / 1000
const APRIL = ['20260403', '20260404', '20260405', '20260406', '20260407']

/** The runs that the update was taken for, `trip@day` or `trip@day+shift`; else why it was not. */
function match(drawn: ReturnType<typeof timetable>, made: number, ...updates: Parameters<typeof say>[2][]): string {
  const { state } = say(storeOf(drawn.tt), { timestamp: made }, ...updates)
  const { runs } = state
  const found: string[] = []
  for (let r = 0 as LiveRunIdx; r < runs.runs; r++) {
    const shift = runs.runShift[r] === 0 ? '' : `+${runs.runShift[r]}`
    found.push(`${textOf(drawn.tt, drawn.tt.tripId[runs.runTrip[r]]!)}@${formatDate(runs.runDay[r])}${shift}`)
  }
  return [...found, ...Object.keys(state.sources[0]!.rejected), ...Object.keys(state.sources[0]!.warnings)].join(' ')
}

describe('trip and service day', () => {
  const daily = timetable('S1   A 18:00   B 18:05', { days: APRIL })

  test('B1: the trip_id names the trip, the start date the day', () => {
    expect(match(daily, utc('2026-04-05T12:00'), trip('S1', { startDate: '20260406' }).stop('A').delay(0))).toBe(
      'S1@20260406',
    )
  })

  test('B5: a trip that starts at 49:00 belongs to the day before yesterday', () => {
    const late = timetable('N1   A 49:00   B 50:00', { zone: 'Europe/Berlin', days: APRIL })
    const update = trip('N1', { startDate: '20260403', startTime: '49:00:00' }).stop('A').delay(0)
    expect(match(late, utc('2026-04-05T00:00'), update)).toBe('N1@20260403')
    // 49:00 of the 3rd is 01:00 on the 5th in Berlin, 23:00 UTC on the 4th
    expect(match(late, utc('2026-04-04T23:10'), trip('N1').stop('A').delay(0))).toBe('N1@20260403')
  })

  test('B6: days are local: 00:30 of the 4th in Berlin is 22:30 UTC of the 3rd', () => {
    const berlin = timetable('N1   A 0:30   B 0:50', { zone: 'Europe/Berlin', days: APRIL })
    expect(match(berlin, utc('2026-04-03T22:25'), trip('N1', { startDate: '20260404' }).stop('A').delay(0))).toBe(
      'N1@20260404',
    )
    expect(match(berlin, utc('2026-04-03T22:25'), trip('N1').stop('A').delay(0))).toBe('N1@20260404')
  })

  test('B7: without a date, the day on which the trip runs nearest to the message', () => {
    // asked by a vehicle: trip updates of runs long finished are dropped (K10)
    const day = (made: string): string => {
      const { state } = say(storeOf(daily.tt), { timestamp: utc(made) }, vehicle('v', { trip: { tripId: 'S1' } }))
      return formatDate(state.vehicles[0]!.day as ServiceDay)
    }
    expect(day('2026-04-05T15:26')).toBe('20260405')
    expect(day('2026-04-06T00:26')).toBe('20260405')
    expect(day('2026-04-06T10:26')).toBe('20260406')
  })

  test('B7: or nearest to the first time that the update states', () => {
    const update = trip('S1')
      .stop('B')
      .arrival({ time: utc('2026-04-06T18:07') })
    expect(match(daily, utc('2026-04-05T17:00'), update)).toBe('S1@20260406')
  })

  test('B7: only days on which it runs come into question', () => {
    const sparse = timetable('S1   A 18:00   B 18:05   [days=20260404,20260406]', { days: APRIL })
    expect(match(sparse, utc('2026-04-05T20:00'), trip('S1').stop('A').delay(0))).toBe('S1@20260406')
    expect(match(sparse, utc('2026-04-09T17:00'), trip('S1').stop('A').delay(0))).toBe('no_service_on_date')
  })

  test('B12: a day on which it does not run, also one years away', () => {
    for (const startDate of ['20260402', '20360405', '20160405'])
      expect(match(daily, utc('2026-04-05T12:00'), trip('S1', { startDate }).stop('A').delay(0))).toBe(
        'no_service_on_date',
      )
  })

  test('B13: what is no date rejects that update only', () => {
    const bad = trip('S1', { startDate: 'January 24th 2026' }).stop('A').delay(0)
    const good = trip('S1', { startDate: '20260405' }).stop('A').delay(0)
    expect(match(daily, utc('2026-04-05T12:00'), bad, good)).toBe('S1@20260405 bad_start_date')
  })

  test('B14: an id of nothing or blanks, an id nobody knows', () => {
    expect(match(daily, utc('2026-04-05T12:00'), trip('').stop('A').delay(0))).toBe('invalid_descriptor')
    expect(match(daily, utc('2026-04-05T12:00'), trip('  ').stop('A').delay(0))).toBe('invalid_descriptor')
    expect(match(daily, utc('2026-04-05T12:00'), trip('S2').stop('A').delay(0))).toBe('trip_not_found')
    for (const id of ['__proto__', 'constructor', 'toString'])
      expect(match(daily, utc('2026-04-05T12:00'), trip(id).stop('A').delay(0))).toBe('trip_not_found')
  })

  test('B15: of two updates for one run the one made later wins, then the one further on', () => {
    const made = utc('2026-04-05T12:00')
    const old = trip('S1')
      .madeAt(made - 60)
      .stop('A')
      .delay(300)
    const young = trip('S1').madeAt(made).stop('A').delay(60)
    for (const order of [
      [old, young],
      [young, old],
    ]) {
      const { state } = say(storeOf(daily.tt), { timestamp: made }, ...order)
      expect(state.runs.eventDeparture[0]).toBe(18 * 3600 + 60)
      expect(state.sources[0]!.rejected).toEqual({ duplicate_trip_update: 1 })
    }
  })

  test('B16: a modified trip that nobody modifies', () => {
    const update = tripBy({ modifiedTrip: { modificationsId: 'm', affectedTripId: 'S1' } })
      .stop('A')
      .delay(0)
    expect(match(daily, utc('2026-04-05T12:00'), update)).toBe('modification_not_found')
  })

  test('the filter for country-sized messages knows the timetable’s trips and no others', () => {
    const { tt, ids } = storeOf(daily.tt)
    const wanted = knowsTrip(tt, ids.trips, [0 as never])
    const m = decodeMessage(feedMessage({ timestamp: 1 }, trip('S1'), trip('S11'), trip('S')), createMessage(), {
      wanted,
    })
    expect([m.updates.length, m.outsideArea]).toEqual([1, 2])
  })
})

describe('start times', () => {
  const night = timetable('N1   A 24:17   B 24:40', { days: APRIL })

  test('B4: calendar date and wrapped time mean the service day before', () => {
    const update = trip('N1', { startDate: '20260405', startTime: '00:17:00' }).stop('A').delay(0)
    expect(match(night, utc('2026-04-05T00:10'), update)).toBe('N1@20260404 date_shifted')
    const nameless = tripBy({ routeId: 'N1', startDate: '20260405', startTime: '00:17:00' })
    expect(match(night, utc('2026-04-05T00:10'), nameless.stop('A').noData())).toBe('N1@20260404')
  })

  test('B4: but exactly this shift', () => {
    const update = trip('N1', { startDate: '20260405', startTime: '00:18:00' }).stop('A').delay(0)
    expect(match(night, utc('2026-04-05T00:10'), update)).toBe('N1@20260405 start_time_mismatch')
  })

  test('B11: another start time than planned is only worth a warning', () => {
    const update = trip('N1', { startDate: '20260404', startTime: '24:20:00' }).stop('A').delay(0)
    expect(match(night, utc('2026-04-05T00:10'), update)).toBe('N1@20260404 start_time_mismatch')
  })
})

describe('routes', () => {
  const two = timetable(
    `S1   A 18:00   B 18:05   [id=out direction=0]
     S1   B 18:00   A 18:05   [id=back direction=1]
     S2   A 18:00   B 18:10   [id=other]`,
    { days: APRIL },
  )
  const made = utc('2026-04-05T18:00')
  const by = (rest: object) => tripBy({ routeId: 'S1', startDate: '20260405', startTime: '18:00:00', ...rest })

  test('B8: route, direction, date and start leave exactly one trip', () => {
    expect(match(two, made, by({ directionId: 1 }).stop('B').noData())).toBe('back@20260405')
    expect(match(two, made, by({ directionId: 1 }).cancelled())).toBe('back@20260405')
    expect(match(two, made, by({ routeId: 'S2' }).stop('B').noData())).toBe('other@20260405')
    expect(match(two, made, by({ routeId: 'S3' }).stop('B').noData())).toBe('trip_not_found')
    expect(match(two, made, by({}).stop('B').noData())).toBe('ambiguous_trip')
    expect(match(two, made, by({ directionId: 0, startTime: '18:01:00' }).stop('B').noData())).toBe('trip_not_found')
    expect(match(two, made, by({ directionId: 0, startDate: '20260420' }).stop('B').noData())).toBe(
      'no_service_on_date',
    )
    expect(match(two, made, by({ startDate: undefined }).stop('B').noData())).toBe('invalid_descriptor')
    expect(match(two, made, by({ startTime: 'noon' }).stop('B').noData())).toBe('bad_start_time')
  })

  test('B9: without a trip_id, stops need their id and times have to be absolute', () => {
    const absolute = by({ directionId: 0 })
      .stop('B')
      .arrival({ time: utc('2026-04-05T18:06') })
    expect(match(two, made, absolute)).toBe('out@20260405')
    expect(match(two, made, by({ directionId: 0 }).stop('B').delay(60))).toBe('no_trip_id_needs_times')
    expect(
      match(
        two,
        made,
        by({ directionId: 0 })
          .stop(2)
          .arrival({ time: utc('2026-04-05T18:06') }),
      ),
    ).toBe('no_trip_id_needs_times')
  })

  test('B10: beside a trip_id, another route or direction is only worth a warning', () => {
    expect(match(two, made, trip('out', { routeId: 'S2' }).stop('A').delay(0))).toBe('out@20260405 route_mismatch')
    expect(match(two, made, trip('out', { directionId: 1 }).stop('A').delay(0))).toBe('out@20260405 direction_mismatch')
  })
})

describe('frequencies', () => {
  const tram = timetable('U3   A 06:00   B 06:20   [every 10m until 12:00]')
  const made = utc('2026-01-10T08:00')
  const at = (startTime: string) => trip('U3', { startDate: '20260110', startTime }).stop('A').delay(60)

  test('G2: a departure of the frequency is a run of its own', () => {
    expect(match(tram, made, at('06:00:00'), at('08:10:00'))).toBe('U3@20260110 U3@20260110+7800')
    const { state } = say(storeOf(tram.tt), { timestamp: made }, at('08:10:00'))
    expect(state.runs.eventArrival[1]).toBe(8 * 3600 + 31 * 60)
    expect(dayStart(tram.tt, zoneOfTrip(tram.tt, tram.trip('U3')), tram.day)).toBe(utc('2026-01-10T00:00'))
  })

  test('G2: but not one between two, nor the first after the end', () => {
    for (const start of ['08:05:00', '12:00:00', '05:50:00'])
      expect(match(tram, made, at(start))).toBe('freq_start_mismatch')
  })

  test('G1: without its start it names no run', () => {
    expect(match(tram, made, trip('U3').stop('A').delay(60))).toBe('start_time_missing')
    expect(match(tram, made, trip('U3').cancelled())).toBe('start_time_missing')
    expect(match(tram, made, at('soon'))).toBe('bad_start_time')
  })
})
