// Alerts: when, about what, in which words (rules J).

import { describe, expect, test } from 'vitest'
import { renderAlert } from '#api/render/alerts.ts'
import type { View } from '#api/render/place.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { type AlertSubject, alertsFor, chooseText, isActive } from '#engine/live/alerts.ts'
import { extraTripsIn } from '#engine/live/runs.ts'
import type { LiveState } from '#engine/live/state.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { load } from '../helpers/gtfs.ts'
import { alert, type Entity, proto, raw, say, storeOf, trip } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { timetable } from '../helpers/timetable.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const {
  tt,
  trip: find,
  route,
  stop,
  day,
} = timetable(`
  S1   A 10:00   H1 10:10
  S1   H2 10:00  A 10:10  [id=back direction=1]
  U2   H2 10:00  B 10:10
  U3   A 06:00   B 06:20  [every 10m until 12:00]
  station H: H1 H2`)

const apply = (...alerts: Entity[]) => say(storeOf(tt), { timestamp: T }, ...alerts).state
const about = (id: string, ...informedEntity: object[]): Entity => alert(id, { informedEntity })
/** Ids of the alerts for a subject, without the tag. */
function shown(alerts: Entity[], subject: AlertSubject, t = T): string {
  return alertsFor(tt, apply(...alerts).alerts, subject, t as UnixSeconds)
    .map(a => a.id.replace('test_', ''))
    .join(' ')
}

describe('when', () => {
  const at = (periods: { start?: number; end?: number }[], t: number): boolean => isActive(periods, t as UnixSeconds)

  test('J1: start ≤ t < end, open where an end is missing', () => {
    expect([9, 10, 19, 20].map(t => at([{ start: 10, end: 20 }], t))).toEqual([false, true, true, false])
    expect([at([{ start: 10 }], 1e9), at([{ end: 20 }], 0)]).toEqual([true, true])
  })

  test('J2: none: always; several: in each, not between', () => {
    expect(at([], 5)).toBe(true)
    expect([5, 15, 25].map(t => at([{ end: 10 }, { start: 20 }], t))).toEqual([true, false, true])
  })

  test('J3: active_period only for whichever of communication and impact is missing', () => {
    const [all, old] = apply(
      alert('a', {
        activePeriod: [{ start: 60, end: 120 }],
        communicationPeriod: [{ start: 180, end: 240 }],
        impactPeriod: [{ start: 300, end: 360 }],
        informedEntity: [{ stopId: 'A' }],
      }),
      alert('b', { activePeriod: [{ start: 600, end: 1200 }, {}], informedEntity: [{ stopId: 'A' }] }),
    ).alerts
    expect(all).toMatchObject({ communication: [{ start: 180, end: 240 }], impact: [{ start: 300, end: 360 }] })
    expect(old).toMatchObject({ communication: [{ start: 600, end: 1200 }], impact: [{ start: 600, end: 1200 }] })
  })

  test('J18: what is over is not shown', () => {
    const past = alert('past', { activePeriod: [{ end: T }], informedEntity: [{ stopId: 'A' }] })
    expect([shown([past], { stop: stop('A') }), shown([past], { stop: stop('A') }, T - 1)]).toEqual(['', 'past'])
  })
})

describe('about what', () => {
  test('J4: fields of one selector all have to fit, of several selectors one', () => {
    const both = about('both', { routeId: 'S1', stopId: 'A' })
    const either = about('either', { routeId: 'U2' }, { stopId: 'A' })
    expect(shown([both, either], { stop: stop('A'), trip: find('S1'), day })).toBe('both either')
    expect(shown([both, either], { stop: stop('A') })).toBe('either')
    expect(shown([both, either], { stop: stop('B'), trip: find('S1'), day })).toBe('')
    expect(shown([both, either], { route: route('U2') })).toBe('either')
  })

  test('J5: without any valid selector an alert is dropped, and counted', () => {
    const { alerts, sources } = apply(about('none'), about('empty', {}), about('ok', {}, { stopId: 'A' }))
    expect(alerts.map(a => a.id)).toEqual(['test_ok'])
    expect(sources[0]).toMatchObject({
      alerts: 3,
      rejected: { alert_without_selector: 2 },
      warnings: { bad_selector: 2 },
    })
  })

  test('J6: agency, route type, direction (which needs a route)', () => {
    const alerts = [
      about('agency', { agencyId: 'agency' }),
      about('tram', { routeType: 0 }),
      about('metro', { routeType: 1 }),
      about('back', { routeId: 'S1', directionId: 1 }),
      about('nowhere', { directionId: 1 }),
      about('unknown', { routeType: 1703 }),
    ]
    expect(shown(alerts, { trip: find('U2'), day })).toBe('agency metro')
    expect(shown(alerts, { trip: find('back'), day })).toBe('agency back')
    expect(shown(alerts, { trip: find('S1'), day })).toBe('agency')
  })

  test('J7: a trip, on its day if one is given; a route alone inside a trip descriptor is nothing', () => {
    const alerts = [
      about('dated', { trip: { tripId: 'S1', startDate: '20260110' } }),
      about('route', { trip: { routeId: 'S1' } }),
      about('trip', { trip: { tripId: 'S1' } }),
    ]
    expect(shown(alerts, { trip: find('S1'), day })).toBe('dated trip')
    expect(shown(alerts, { trip: find('S1'), day: (day + 1) as typeof day })).toBe('trip')
    expect(shown(alerts, { trip: find('back'), day })).toBe('')
  })

  const run = (id: string): Entity =>
    trip(id, { routeId: 'U2', startDate: '20260110' })
      .withId(id)
      .is('NEW')
      .stop(1, 'A')
      .departure({ time: T + 3600 })
      .stop(2, 'B')
      .arrival({ time: T + 4200 })

  test('J7: a run that realtime added, by its trip_id, for as long as it is there', () => {
    const store = storeOf(tt)
    const notice = about('extra', { trip: { tripId: 'x' } }, { stopId: 'H1' })
    const shownOn = (...entities: Entity[]): string[] => {
      const { alerts, runs } = say(store, { timestamp: T }, ...entities).state
      return extraTripsIn(tt, runs).map(trip =>
        [textOf(tt, tt.tripId[trip]!), ...alertsFor(tt, alerts, { trip, day }, T as UnixSeconds).map(a => a.id)].join(
          ' ',
        ),
      )
    }
    expect(shownOn(run('x'), run('y'), notice)).toEqual(['x test_extra', 'y'])
    // the same words, while its number may be another's
    expect(shownOn(run('y'), run('z'), notice)).toEqual(['y', 'z'])
    expect(store.state.sources[0]!.warnings.bad_selector).toBe(1)
    expect(shownOn(run('z'), run('x'), notice).sort()).toEqual(['x test_extra', 'z'])
  })

  test('J7: of two such runs the one that is there, in the same words', () => {
    const store = storeOf(tt)
    const notice = about('extra', { trip: { tripId: 'x' } }, { trip: { tripId: 'y' } })
    const named = (id: string) =>
      say(store, { timestamp: T }, run(id), notice).state.alerts[0]!.selectors.map(({ added }) => added)
    expect([named('x'), named('y')]).toEqual([['x'], ['y']])
  })

  test('J8: a station’s alert holds on its platforms, a platform’s is told at the station, not on its other platform', () => {
    const alerts = [about('platform', { stopId: 'H1' }), about('station', { stopId: 'H' })]
    expect(shown(alerts, { stop: stop('H1') })).toBe('platform station')
    expect(shown(alerts, { stop: stop('H2') })).toBe('station')
    expect(shown(alerts, { stop: stop('H') })).toBe('platform station')
  })

  test('J9: an unknown id spoils only its own selector', () => {
    const alerts = [about('a', { stopId: 'nowhere' }, { stopId: 'A' }), about('b', { routeId: '__proto__' })]
    expect(shown(alerts, { stop: stop('A') })).toBe('a')
  })

  test('J11: NO_SERVICE cancels nothing', () => {
    const state = apply(alert('a', { effect: 1, informedEntity: [{ trip: { tripId: 'S1' } }] }))
    expect([state.alerts[0]!.effect, state.runs.runs]).toEqual(['NO_SERVICE', 0])
  })
})

describe('words', () => {
  const texts = [{ text: 'hello', language: 'en' }, { text: 'plain' }, { text: 'hallo', language: 'de' }]

  test.each([
    [['de'], 'hallo'],
    [['fr', 'EN'], 'hello'],
    [['fr'], 'plain'],
    [['de-CH'], 'plain'],
  ])('J12: for %s: %s', (languages, text) => expect(chooseText(texts, languages)).toBe(text))

  test('J12: without an untagged text, the primary subtag, then the first', () => {
    const tagged = texts.filter(t => t.language)
    expect(chooseText(tagged, ['de-CH'])).toBe('hallo')
    expect(chooseText(tagged, ['fr'])).toBe('hello')
    expect(chooseText([], ['de'])).toBeUndefined()
  })

  test.each([
    ['', 'hello'],
    ['de', 'hallo'],
    ['DE', 'hallo'],
    ['pt', 'hello'],
  ])('J12: in a feed whose language is "%s" a reader of none of the languages gets %s', async (feedLang, text) => {
    const lines = `feed_publisher_name,feed_publisher_url,feed_lang\nX,https://x.example,${feedLang}`
    const { tt: loaded } = await load({ 'feed_info.txt': lines })
    const headerText = { translation: texts.filter(t => t.language) }
    const store = storeOf(makeRoom(loaded))
    const [a] = say(store, { timestamp: T }, alert('a', { headerText, informedEntity: [{ stopId: 'A' }] })).state.alerts
    expect([chooseText(a!.header, ['fr']), chooseText(a!.header, ['en'])]).toEqual([text, 'hello'])
  })

  test('J10: what the producer says of cause and effect in words is told, in the reader’s language, also without the number', () => {
    const [a, b] = apply(
      alert('a', {
        cause: 9,
        effect: 4,
        causeDetail: {
          translation: [
            { text: 'Gleisbau', language: 'de' },
            { text: 'track work', language: 'en' },
          ],
        },
        effectDetail: { translation: [{ text: 'über Nordring' }] },
        informedEntity: [{ stopId: 'A' }],
      }),
      alert('b', { causeDetail: { translation: [{ text: 'Kuh auf dem Gleis' }] }, informedEntity: [{ stopId: 'A' }] }),
    ).alerts
    const view = { horizon: {}, language: ['en'], realtime: true, now: T } as never as View
    expect(renderAlert(view, a!)).toMatchObject({
      cause: 'MAINTENANCE',
      causeDetail: 'track work',
      effect: 'DETOUR',
      effectDetail: 'über Nordring',
    })
    expect(renderAlert(view, b!)).toMatchObject({ cause: 'UNKNOWN_CAUSE', causeDetail: 'Kuh auf dem Gleis' })
    expect(renderAlert(view, b!).effectDetail).toBeUndefined()
  })

  test('J10: cause, effect and severity not given are unknown, and so are numbers nobody has given out', () => {
    const [a, b] = apply(
      about('a', { stopId: 'A' }),
      alert('b', { cause: 99 as never, severityLevel: 4, informedEntity: [{ stopId: 'A' }] }),
    ).alerts
    expect(a).toMatchObject({ cause: 'UNKNOWN_CAUSE', effect: 'UNKNOWN_EFFECT', severity: 'UNKNOWN_SEVERITY' })
    expect(b).toMatchObject({ cause: 'UNKNOWN_CAUSE', severity: 'SEVERE' })
  })

  test('J13, J14: long texts are cut, markup stays text, only web addresses are links', () => {
    const long = { translation: [{ text: 'x'.repeat(20_000), language: 'de' }] }
    const links = { translation: [{ text: 'javascript:alert(1)' }, { text: 'https://example.org/a' }] }
    const header = { translation: [{ text: '<img onerror=alert(1)>' }] }
    const [a] = apply(
      alert('a', { descriptionText: long, headerText: header, url: links, informedEntity: [{ stopId: 'A' }] }),
    ).alerts
    expect(a!.description[0]!.text.length).toBe(10_000)
    expect(a!.header).toEqual([{ text: '<img onerror=alert(1)>' }])
    expect(a!.url).toEqual([{ text: 'https://example.org/a' }])
  })
})

test('J15: a picture’s address is told on when it is one, over https, and never asked for', () => {
  const localizedImage = [
    { url: 'https://example.org/map.png', mediaType: 'image/png', language: 'de' },
    { url: 'http://example.org/map.png', mediaType: 'image/png' },
    { url: 'https://example.org/map.pdf', mediaType: 'application/pdf' },
    { url: 'javascript:alert(1)', mediaType: 'image/png' },
  ]
  const imageAlternativeText = { translation: [{ text: 'Umleitung' }] }
  const [a, b] = apply(
    alert('a', { image: { localizedImage }, imageAlternativeText, informedEntity: [{ stopId: 'A' }] }),
    alert('b', { image: { localizedImage: localizedImage.slice(1) }, informedEntity: [{ stopId: 'A' }] }),
  ).alerts
  expect(a).toMatchObject({
    images: [{ text: 'https://example.org/map.png', mediaType: 'image/png', language: 'de' }],
    imageText: [{ text: 'Umleitung' }],
  })
  expect(b).not.toHaveProperty('images')
  const view = { horizon: { alerts: [a] }, language: ['de'], realtime: true, now: T } as never as View
  expect(renderAlert(view, a!)).toMatchObject({
    imageUrl: 'https://example.org/map.png',
    imageMediaType: 'image/png',
    imageAlternativeText: 'Umleitung',
  })
})

test('J17: shown as long before its time as the operator says; in effect when it says', () => {
  const early = storeOf(tt, { alertsEarlySeconds: 5 })
  const content = { activePeriod: [{ start: 10, end: 20 }, { end: 5 }], informedEntity: [{ stopId: 'A' }] }
  expect(say(early, { timestamp: T }, alert('a', content)).state.alerts[0]).toMatchObject({
    communication: [{ start: 5, end: 20 }, { end: 5 }],
    impact: [{ start: 10, end: 20 }, { end: 5 }],
  })
})

describe('from message to message', () => {
  test('J16: absent in the next, it is gone; the same alerts again are the same objects', () => {
    const store = storeOf(tt)
    const first = say(store, { timestamp: T }, about('a', { stopId: 'A' }))
    expect(first.alertsChanged).toBe(true)
    const second = say(store, { timestamp: T + 1 }, about('a', { stopId: 'A' }))
    expect([second.alertsChanged, second.state.alerts === first.state.alerts]).toEqual([false, true])
    expect(say(store, { timestamp: T + 2 }).state.alerts).toEqual([])
  })

  test('A8: of two with one id the last wins; they come ordered by id', () => {
    const { alerts, sources } = apply(
      about('b', { stopId: 'A' }),
      about('a', { stopId: 'A' }),
      about('b', { stopId: 'B' }),
    )
    expect(alerts.map(a => [a.id, a.selectors])).toEqual([
      ['test_a', [{ stop: stop('A') }]],
      ['test_b', [{ stop: stop('B') }]],
    ])
    expect(sources[0]!.rejected).toEqual({ duplicate_entity_id: 1 })
  })

  test('an alert’s id changed with nothing else is a change', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, about('a', { stopId: 'A' }))
    expect(say(store, { timestamp: T + 1 }, about('b', { stopId: 'A' })).state.alerts[0]!.id).toBe('test_b')
  })

  test('the bindings know every cause, effect and severity by the names used here', () => {
    const { Cause, Effect, SeverityLevel } = proto.Alert
    for (const [cause, effect, severityLevel] of Array.from(
      { length: 13 },
      (_, i) => [i + 1, (i % 11) + 1, (i % 4) + 1] as const,
    )) {
      const [a] = apply(alert('a', { cause, effect, severityLevel, informedEntity: [{ stopId: 'A' }] })).alerts
      expect([Cause[a!.cause as never], Effect[a!.effect as never], SeverityLevel[a!.severity as never]]).toEqual([
        cause,
        effect,
        severityLevel,
      ])
    }
  })
})

test('J7: an alert on one run of a line that goes every so often is on that run alone', () => {
  const line = timetable('B4   A 12:00   D 12:30   [every 10m until 13:00]')
  const made = line.day * 86_400 + 11 * 3600
  const informedEntity = [{ trip: { tripId: 'B4', startDate: '20260110', startTime: '12:10:00' } }]
  const { state } = say(storeOf(line.tt), { timestamp: made }, alert('one', { informedEntity }))
  const rows = riderOf(line, state, made).board('A')
  expect(rows.map(row => [row.trip.slice(9, 14), row.alerts.length])).toEqual([
    ['12:00', 0],
    ['12:10', 1],
    ['12:20', 0],
    ['12:30', 0],
    ['12:40', 0],
    ['12:50', 0],
  ])
})

test('H9: an alert on a stop that only realtime knows stands on its board, while both are told', () => {
  const line = timetable('S1   A 10:00   B 10:10')
  const made = line.day * 86_400 + 9 * 3600
  const store = storeOf(line.tt)
  const stop = (stopId: string) =>
    raw({ stop: { stopId, stopName: { translation: [{ text: stopId }] }, stopLat: 51.5, stopLon: 7.405 } })
  const about = alert('one', { informedEntity: [{ stopId: 'new' }] })
  const alertsAt = (state: LiveState, name: string) =>
    alertsFor(line.tt, state.alerts, { stop: numberOf(name) }, made as UnixSeconds).map(({ id }) => id)
  const numberOf = (name: string) => line.tt.stopId.findIndex(id => textOf(line.tt, id) === name) as StopIdx
  const told = say(store, { timestamp: made }, about, stop('new')).state
  expect([alertsAt(told, 'new'), alertsAt(told, 'A')]).toEqual([['test_one'], []])
  // its number goes to another stop, the alert does not
  const after = say(store, { timestamp: made + 1 }, about, stop('other')).state
  expect([after.alerts, after.sources[0]!.warnings, after.sources[0]!.rejected]).toEqual([
    [],
    { bad_selector: 1 },
    { alert_without_selector: 1 },
  ])
})
