// What a rider sees at every stop, from what the feed says at some (rules D and E). Times: `!` predicted, `~` propagated, `.` recorded,
// `?` no data, nothing: schedule. See runText.

import { describe, expect, test } from 'vitest'
import { REPAIRED } from '#engine/live/state.ts'
import { runText, say, storeOf, type TripBuilder, trip } from '../helpers/realtime.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

const DAY = Date.UTC(2026, 0, 10) / 1000
const at = (time: string): number => DAY + seconds(time)
const EARLY = at('06:00')

/** The run of S1 after one message made at 06:00, before anything has happened. */
function after(drawing: string, update: TripBuilder, made = EARLY): string | undefined {
  const { tt, trip: find, day } = timetable(drawing)
  const store = storeOf(tt)
  const { state } = say(store, { timestamp: made }, update)
  return runText(tt, state, find('S1'), day)
}
function counts(drawing: string, update: TripBuilder) {
  const store = storeOf(timetable(drawing).tt)
  const { rejected, warnings } = say(store, { timestamp: EARLY }, update).state.sources[0]!
  return { rejected, warnings }
}

const LINE = 'S1   A 10:00   B 10:10/10:11   C 10:20   D 10:30'

describe('times and delays', () => {
  test('D1: a time counts before a delay', () => {
    expect(
      after(
        LINE,
        trip('S1')
          .stop('B')
          .arrival({ time: at('10:12'), delay: 600 }),
      ),
    ).toBe('A 10:00  B 10:12!/10:13~  C 10:22~  D 10:32~')
  })

  test('D2, D7: the delay that a time implies travels on; the departure’s rather than the arrival’s', () => {
    expect(
      after(
        LINE,
        trip('S1')
          .stop('B')
          .arrival({ time: at('10:15') })
          .departure({ time: at('10:14') }),
      ),
    ).toBe(
      'A 10:00  B 10:15!  C 10:23~  D 10:33~', // departure before arrival: repaired (D10), its delay of 3 min stays
    )
    expect(after(LINE, trip('S1').stop('B').arrival({ delay: 60 }).departure({ delay: 120 }))).toBe(
      'A 10:00  B 10:11!/10:13!  C 10:22~  D 10:32~',
    )
  })

  test('D3: a delay of 0 is "on time", a negative one early', () => {
    expect(after(LINE, trip('S1').stop('A').delay(0))).toBe('A 10:00!  B 10:10~/10:11~  C 10:20~  D 10:30~')
    expect(after(LINE, trip('S1').stop('C').delay(-60))).toBe('A 10:00  B 10:10/10:11  C 10:19!  D 10:29~')
  })

  test('D4: 20 stops, 300 s at the 3rd, 60 s at the 8th, no data at the 10th', () => {
    const stops = Array.from({ length: 20 }, (_, i) => `X${i + 1} ${10 + Math.floor(i / 6)}:${i % 6}0`)
    const line = after(
      `S1 ${stops.join(' ')}`,
      trip('S1').stop('X3').delay(300).stop('X8').delay(60).stop('X10').noData(),
    )!
    const marks = line.split('  ').map(call => call.at(-1)!.replace(/\d/, ' '))
    expect(marks.join('')).toBe('  !~~~~!~???????????')
    const delays = line
      .split('  ')
      .map((call, i) => seconds(call.split(' ')[1]!.slice(0, 5)) - seconds(stops[i]!.split(' ')[1]!))
    expect(delays).toEqual([0, 0, 300, 300, 300, 300, 300, 60, 60, ...Array(11).fill(0)])
  })

  test('D5: a single update of 0 at the current stop sets all later stops on time', () => {
    expect(after(LINE, trip('S1').stop('B').delay(0))).toBe('A 10:00  B 10:10!/10:11!  C 10:20~  D 10:30~')
  })

  test('D6: stops before the first update keep the schedule, pulled down to the first known time', () => {
    const drawing = 'S1   A 10:00   B 10:10   C 10:20'
    expect(
      after(
        drawing,
        trip('S1')
          .stop('C')
          .arrival({ time: at('10:09') }),
      ),
    ).toBe('A 10:00  B 10:09  C 10:09!/10:09~')
    const withNoData = trip('S1')
      .stop('A')
      .noData()
      .stop('B')
      .noData()
      .stop('C')
      .arrival({ time: at('10:09') })
    expect(after(drawing, withNoData)).toBe('A 10:00?  B 10:09?  C 10:09!/10:09~')
  })

  test('D8: a departure alone pulls the arrival down', () => {
    const update = trip('S1')
      .stop('A')
      .arrival({ time: at('10:00') })
      .departure({ time: at('10:00') })
      .stop('B')
    expect(after('S1   A 10:00   B 10:10', update.departure({ time: at('10:09') }))).toBe('A 10:00!  B 10:09~/10:09!')
    expect(after(LINE, trip('S1').stop('B').departure({ delay: -120 }))).toBe(
      'A 10:00  B 10:09/10:09!  C 10:18~  D 10:28~',
    )
  })

  test('D9: an arrival at the first stop moves its departure and all that follow', () => {
    expect(after(LINE, trip('S1').stop('A').arrival({ delay: 900 }))).toBe(
      'A 10:15!/10:15~  B 10:25~/10:26~  C 10:35~  D 10:45~',
    )
  })

  test('D10: times that run back by up to two minutes are repaired, and marked', () => {
    const { tt } = timetable(LINE)
    const { state } = say(
      storeOf(tt),
      { timestamp: EARLY },
      trip('S1').stop('B').departure({ delay: 600 }).stop('C').arrival({ delay: -30 }),
    )
    expect([...state.runs.eventFlags.subarray(0, 4)]).toEqual([0, 0, REPAIRED, 0])
    expect(state.runs.eventArrival[2]).toBe(seconds('10:21')) // 10:19:30 as stated, 10:21 behind the departure from B
    expect(state.sources[0]!.warnings).toEqual({ repaired: 1 })
  })

  test('D10: 120 s are repaired; of 121 s nothing is believed: the schedule stays, as "no data"', () => {
    // from stop to stop: C is planned a minute before the departure from B that is told
    const hop = (back: number) =>
      trip('S1')
        .stop('B')
        .departure({ delay: 600 })
        .stop('C')
        .arrival({ delay: 60 - back })
    expect(after(LINE, hop(120))).toBe('A 10:00  B 10:10/10:21!  C 10:21!/10:21~  D 10:29~')
    // and at one stop
    const stay = (back: number) =>
      trip('S1')
        .stop('B')
        .arrival({ time: at('10:15') })
        .departure({ time: at('10:15') - back })
    expect(after(LINE, stay(120))).toBe('A 10:00  B 10:15!  C 10:22~  D 10:32~')
    for (const update of [hop(121), stay(121)]) {
      expect(after(LINE, update)).toBe('A 10:00?  B 10:10?/10:11?  C 10:20?  D 10:30?')
      expect(counts(LINE, update).rejected).toEqual({ times_run_back: 1 })
    }
  })

  test('D11: what the producer states wins over what nobody stated', () => {
    const hourly = 'S1   A 10:00   B 11:00   C 12:00   D 13:00   E 14:00   F 15:00'
    const update = trip('S1').stop('C').delay(-5400).stop('E').arrival({ delay: -5460 }).departure({ delay: -5520 })
    expect(after(hourly, update)).toBe('A 10:00  B 10:30  C 10:30!  D 11:30~  E 12:29!  F 13:28~')
  })

  test('a delay propagated beyond the next stated time gives way to it', () => {
    expect(after(LINE, trip('S1').stop('B').delay(900).stop('D').delay(120))).toBe(
      'A 10:00  B 10:25!/10:26!  C 10:32~  D 10:32!',
    )
  })

  test('D12: a time of 0 is none', () => {
    expect(after(LINE, trip('S1').stop('B').arrival({ time: 0 }).departure({ delay: 60 }))).toBe(
      'A 10:00  B 10:10/10:12!  C 10:21~  D 10:31~',
    )
  })

  test('D13: times far outside the service day, and delays of more than a day, are dropped', () => {
    const tooEarly = trip('S1')
      .stop('B')
      .delay(60)
      .stop('C')
      .arrival({ time: DAY - 12 * 3600 - 1 })
    expect(after(LINE, tooEarly)).toBe('A 10:00  B 10:11!/10:12!  C 10:21~  D 10:31~')
    expect(counts(LINE, tooEarly).warnings).toEqual({ time_out_of_range: 1 })
    expect(after(LINE, trip('S1').stop('B').delay(86_401))).toBeUndefined()
    // unless the service day is given
    expect(after(LINE, trip('S1', { startDate: '20260110' }).stop('B').delay(86_401))).toContain('B 34:10:01!')
  })

  test('D15: an early arrival does not make a vehicle leave a timepoint early where it has a stay', () => {
    const early = trip('S1').stop('B').arrival({ delay: -120 })
    expect(after(LINE, early)).toBe('A 10:00  B 10:08!/10:09~  C 10:18~  D 10:28~') // no timepoint stated
    const { tt, trip: find, day } = timetable(LINE)
    tt.profileFlags[tt.tripProfile[find('S1')]! + 3]! |= 2 // B's departure is a timepoint
    const { state } = say(storeOf(tt), { timestamp: EARLY }, early)
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:00  B 10:08!/10:11~  C 10:20~  D 10:30~')
    // nor does earliness of a stop before
    const before = say(storeOf(tt), { timestamp: EARLY }, trip('S1').stop('A').delay(-60)).state
    expect(runText(tt, before, find('S1'), day)).toBe('A 09:59!  B 10:09~/10:11~  C 10:20~  D 10:30~')
    // a departure that is told is believed, and the source may say that its vehicles wait nowhere
    const departs = trip('S1').stop('B').arrival({ delay: -120 }).departure({ delay: -60 })
    expect(runText(tt, say(storeOf(tt), { timestamp: EARLY }, departs).state, find('S1'), day)).toContain(
      'B 10:08!/10:10!',
    )
    const hasty = say(storeOf(tt, { earlyAtTimepoints: true }), { timestamp: EARLY }, early).state
    expect(runText(tt, hasty, find('S1'), day)).toBe('A 10:00  B 10:08!/10:09~  C 10:18~  D 10:28~')
  })

  test('D16: the trip’s own delay holds until the first stop with a value', () => {
    expect(after(LINE, trip('S1').delay(120))).toBe('A 10:02~  B 10:12~/10:13~  C 10:22~  D 10:32~')
    expect(after(LINE, trip('S1').delay(120).stop('C').delay(300))).toBe(
      'A 10:02~  B 10:12~/10:13~  C 10:25!  D 10:35~',
    )
  })

  test('A14: milliseconds are no seconds', () => {
    const update = trip('S1')
      .stop('B')
      .arrival({ time: at('10:12') * 1000 })
      .stop('C')
      .delay(60)
    expect(after(LINE, update)).toBe('A 10:00  B 10:10/10:11  C 10:21!  D 10:31~')
    expect(counts(LINE, update).warnings).toEqual({ time_in_milliseconds: 1 })
  })

  test('what lies before the message’s own time is recorded', () => {
    const update = trip('S1').stop('A').delay(60).stop('B').arrival({ delay: 60 }).departure({ delay: 120 })
    expect(after(LINE, update, at('10:12'))).toBe('A 10:01.  B 10:11./10:13!  C 10:22~  D 10:32~')
  })

  test('times past midnight belong to the service day (B3)', () => {
    const night = 'S1   A 23:50   B 24:10   C 25:10'
    expect(
      after(
        night,
        trip('S1', { startDate: '20260110' })
          .stop('B')
          .arrival({ time: DAY + 86_400 + 900 }),
      ),
    ).toBe('A 23:50  B 24:15!/24:15~  C 25:15~')
  })
})

describe('stops by relationship', () => {
  test('E1: an update without any time is passed over', () => {
    const update = trip('S1').stop('A').delay(60).stop('B').stop('C').delay(120)
    expect(after(LINE, update)).toBe('A 10:01!  B 10:11~/10:12~  C 10:22!  D 10:32~')
    expect(counts(LINE, update).warnings).toEqual({ no_times: 1 })
  })

  test('E2: SKIPPED is not propagated; the delay passes over it', () => {
    expect(after(LINE, trip('S1').stop('A').delay(60).stop('B').skipped())).toBe(
      'A 10:01!  (B) 10:11~/10:12~  C 10:21~  D 10:31~',
    )
  })

  test('E4: a stop skipped in one message is served again in the next', () => {
    const { tt, trip: find, day } = timetable(LINE)
    const store = storeOf(tt)
    say(store, { timestamp: EARLY }, trip('S1').stop('B').skipped())
    const { state } = say(store, { timestamp: EARLY + 30 }, trip('S1').stop('B').delay(50))
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:00  B 10:10:50!/10:11:50!  C 10:20:50~  D 10:30:50~')
  })

  test('E5: with one stop left to serve the run is cancelled, with two it runs', () => {
    const three = trip('S1').stop('A').skipped().stop('B').skipped().stop('C').skipped()
    expect(after(LINE, three)).toMatch(/^cancelled: /)
    expect(after(LINE, trip('S1').stop('A').skipped().stop('B').skipped())).toBe(
      '(A) 10:00  (B) 10:10/10:11  C 10:20  D 10:30',
    )
  })

  test('E6: NO_DATA ends the propagation until the next stated stop; its times do not count', () => {
    const update = trip('S1').stop('A').delay(60).stop('B').noData().arrival({ delay: 300 }).stop('D').delay(30)
    expect(after(LINE, update)).toBe('A 10:01!  B 10:10?/10:11?  C 10:20?  D 10:30:30!')
  })

  test('E7: behind a late stop even NO_DATA cannot be earlier', () => {
    const line = 'S1   A 10:00   B 10:05   C 10:10'
    expect(after(line, trip('S1').stop('A').departure({ delay: 450 }).stop('B').noData())).toBe(
      'A 10:00/10:07:30!  B 10:07:30?  C 10:10?',
    )
  })

  test('E9: UNSCHEDULED at a stop counts as SCHEDULED', () => {
    const { tt, trip: find, day } = timetable(LINE)
    const update = trip('S1').stop('B').delay(60)
    const unscheduled = {
      entity: (id: string) => {
        const entity = update.entity(id)
        entity.tripUpdate!.stopTimeUpdate![0]!.scheduleRelationship = 3
        return entity
      },
    }
    const { state } = say(storeOf(tt), { timestamp: EARLY }, unscheduled)
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:00  B 10:11!/10:12!  C 10:21~  D 10:31~')
    expect(state.sources[0]!.warnings).toEqual({ stop_unscheduled: 1 })
  })

  test('E10: no data, skipped, no data', () => {
    const line = 'S1   A 10:00   B 10:10   C 10:20'
    expect(after(line, trip('S1').stop('A').noData().stop('B').skipped().stop('C').noData())).toBe(
      'A 10:00?  (B) 10:10?  C 10:20?',
    )
  })
})
