// Cases of nigiri's tests about one bus of Grand River Transit (test/rt/gtfsrt_rt_test.cc, gtfsrt_alert_test.cc): recorded times, told again.

import { describe, expect, test } from 'vitest'
import { alertsFor } from '#engine/live/alerts.ts'
import { createLiveStore } from '#engine/live/store.ts'
import { alert, apply, type Entity, feedMessage, runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const days = ['20230810', '20230811', '20230920', '20230926']
const world = timetable(
  `
  station T: s1992 s10000
  B201  s2351 5:15  s1033 5:16  s2086 5:18  s2885 5:19  s2888 5:21  s3189 5:22  s3895 5:24  s3893 5:26  s2969 5:27  s2971 5:29  s2986 5:31  s3891 5:32  s3143 5:33  s3144 5:35  s3146 5:37  s1992 5:38  s1972 5:39  s3465 5:40  s3890 5:42  s1117 5:43  s3899 5:46  s1223 5:47/5:49  s3887 5:50  s2524 5:53  s4073 5:54  s1916 5:55  s1918 5:56  s1127 5:58`,
  { zone: 'America/New_York', days },
)
const day = world.day
const MADE = 1691660324
/** stop_sequence, stop and time of the recorded update. */
const said: readonly (readonly [number, string, number])[] = [
  [15, 's3146', 1691660288],
  [16, 's10000', 1691660351],
  [17, 's1972', 1691660431],
  [18, 's3465', 1691660496],
  [19, 's3890', 1691660669],
  [20, 's1117', 1691660718],
  [21, 's3899', 1691660869],
  [22, 's1223', 1691660943],
  [23, 's3887', 1691661004],
  [24, 's2524', 1691661152],
  [25, 's4073', 1691661240],
  [26, 's1916', 1691661276],
  [27, 's1918', 1691661366],
  [28, 's1127', 1691661480],
]
const bus = () => trip('B201', { startDate: '20230810', startTime: '05:15:00', routeId: 'B201' })
const text = (update: Entity): string | undefined =>
  runText(world.tt, say(storeOf(world.tt), { timestamp: MADE }, update).state, world.trip('B201'), day)
const before =
  's2351 05:15  s1033 05:16  s2086 05:18  s2885 05:19  s2888 05:21  s3189 05:22  s3895 05:24  s3893 05:26  s2969 05:27  s2971 05:29  s2986 05:31  s3891 05:32  s3143 05:33  s3144 05:35  s3146 05:38:08.'
const after =
  's1972 05:40:31!  s3465 05:41:36!  s3890 05:44:29!  s1117 05:45:18!  s3899 05:47:49!  s1223 05:49:03!  s3887 05:50:04!  s2524 05:52:32!  s4073 05:54!  s1916 05:54:36!  s1918 05:56:06!  s1127 05:58!'

describe('gtfsrt_rt_test.cc', () => {
  test('gtfs_rt_update_1: the first fourteen as planned, then to the second, the sixteenth at another platform', () => {
    const update = said.reduce(
      (t, [sequence, stop, time]) => t.stop(sequence, stop).arrival({ time }).departure({ time }),
      bus(),
    )
    expect(text(update)).toBe(`${before}  s10000 05:39:11!  ${after}`)
  })
  test('gtfs_rt_update_without_seq_1: by stop_id alone, and one stop that nobody knows', () => {
    const update = said.reduce(
      (t, [, stop, time]) =>
        t
          .stop(stop === 's10000' ? '9999999' : stop)
          .arrival({ time })
          .departure({ time }),
      bus(),
    )
    expect(text(update)).toBe(`${before}  s1992 05:39:08~  ${after}`)
  })
})

describe('gtfsrt_alert_test.cc', () => {
  const grt = { informedEntity: [{ routeId: 'B201' }] }
  const told = (...entities: Entity[]) => say(storeOf(world.tt), { timestamp: MADE }, ...entities).state.alerts
  const shownAt = (time: number, on: number, ...entities: Entity[]): number =>
    alertsFor(world.tt, told(...entities), { trip: world.trip('B201'), day: on as never }, time as never, 'impact')
      .length
  test('gtfs_rt_alert_agency: communication and impact period count, the older active_period does not', () => {
    const a = alert('a', {
      ...grt,
      activePeriod: [{ start: 60, end: 120 }],
      communicationPeriod: [{ start: 180, end: 240 }],
      impactPeriod: [{ start: 300, end: 360 }],
    })
    expect(told(a)).toMatchObject([{ communication: [{ start: 180, end: 240 }], impact: [{ start: 300, end: 360 }] }])
    expect([shownAt(300, day, a), shownAt(600, day, a)]).toEqual([1, 0])
  })
  test('gtfs_rt_alert_agency: from a source of another feed it is about nothing here', () => {
    const store = createLiveStore(world.tt, [{ tag: 'other', url: 'test:', feeds: [] }])
    const { alerts, sources } = apply(store, feedMessage({ timestamp: MADE }, alert('a', grt)), MADE).state
    expect([alerts, sources[0]!.rejected]).toEqual([[], { alert_without_selector: 1 }])
  })
  test('gtfs_rt_alert_active_period_fallback: alone it stands for both', () => {
    expect(told(alert('a', { ...grt, activePeriod: [{ start: 600, end: 1200 }] }))).toMatchObject([
      { communication: [{ start: 600, end: 1200 }], impact: [{ start: 600, end: 1200 }] },
    ])
  })
  test('gtfs_rt_alert_trip_without_start_date: each run of the trip, in each period and not between them', () => {
    const periods = [
      { start: 1690848000, end: 1693526400 },
      { start: 1695600000, end: 1696032000 },
    ]
    const selector = { informedEntity: [{ trip: { tripId: 'B201' } }] }
    const a = alert('a', { ...selector, activePeriod: periods })
    const open = alert('b', { ...selector, activePeriod: [{ start: 1690848000 }] })
    expect([1691730900, 1695186900, 1695705300].map((at, i) => shownAt(at, day + [1, 41, 47][i]!, a))).toEqual([
      1, 0, 1,
    ])
    expect(shownAt(1695186900, day + 41, a, open)).toBe(1)
  })
  test('gtfs_rt_alert_trip_with_start_date: that run, not the next day’s', () => {
    const a = alert('a', { informedEntity: [{ trip: { tripId: 'B201', startDate: '20230810' } }] })
    expect([shownAt(1691658900, day, a), shownAt(1691745300, day + 1, a)]).toEqual([1, 0])
  })
})
