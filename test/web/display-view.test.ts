// What a display says: rows, notes, spoken text and LED rows worked out on paper, for a morning at a stop.

import { expect, test } from 'vitest'
import { headways, lastOnes } from '../../web/display/headway.ts'
import { ledRows } from '../../web/display/led.ts'
import { readOptions } from '../../web/display/options.ts'
import { type Departure, departuresAt, type Planned, type Silence, silenceOf } from '../../web/display/rows.ts'
import { type StopInput, stopView } from '../../web/display/view.ts'
import { freshnessText, newsOf, notesOf, spokenText } from '../../web/display/words.ts'
import { byLine, summarize } from '../../web/operations/summary.ts'
import type { Board, Row } from '../../web/shared/live-channel.ts'
import { positionsAt } from '../../web/shared/map/rides.ts'
import { timesIn } from '../../web/shared/times.ts'
import { texts as ar } from '../../web/texts/ar.ts'
import { texts as de, type Texts } from '../../web/texts/de.ts'
import { texts as en } from '../../web/texts/en.ts'
import { texts as tr } from '../../web/texts/tr.ts'
import { texts as uk } from '../../web/texts/uk.ts'

const at = (clock: string): number => Date.parse(`2026-11-23T${clock}+01:00`) / 1000
const NOW = at('08:00:00')
const times = timesIn('Europe/Berlin', 'en')
const ALL = { rows: 10, lines: [], platforms: [] }
const LOST: Silence = { since: NOW, connected: false }
const LAPSED: Silence = { since: NOW, connected: true }
const asIs = (name: string) => name

const row = (line: string, headsign: string, clock: string, change: Partial<Row> = {}): Row => ({
  id: `${line} ${clock}`,
  trip: `${line} ${clock}`,
  route: line,
  line,
  headsign,
  mode: 'SUBWAY',
  stop: 'S',
  sched: at(clock),
  pred: null,
  delay: null,
  rt: 'scheduled',
  state: 'normal',
  alerts: [],
  exp: at(clock) + 1,
  ...change,
})
const late = (seconds: number, clock: string): Partial<Row> => ({
  rt: 'live',
  pred: at(clock) + seconds,
  delay: seconds,
})
const board = (rows: Row[], change: Partial<Board> = {}): Board => ({
  state: 'known',
  rows,
  alerts: [],
  stopAlerts: [],
  elevators: [],
  stop: { id: 'S', name: 'Stadtgarten', lat: 51.5, lon: 7.4, tz: 'Europe/Berlin' },
  feeds: { do: { state: 'live', asOf: NOW - 5 } },
  asOf: NOW,
  ...change,
})
const input = (change: Partial<StopInput>): StopInput => ({
  id: 'S',
  walkSeconds: 0,
  board: undefined,
  planned: [],
  plannedTo: 0,
  plannedUntil: 0,
  rememberedName: undefined,
  ...change,
})
const planned = ({ trip, line, headsign, mode, sched }: Row): Planned => ({ trip, line, headsign, mode, sched })

test('the address of a display: every word of it, and nothing that could stop it', () => {
  expect(
    readOptions('?stop=a&stop=b&walk=3&walk=5&layout=eink&rows=4&line=U42&lang=tr&theme=light&speak=10', false),
  ).toEqual({
    stops: [
      { id: 'a', walkSeconds: 180 },
      { id: 'b', walkSeconds: 300 },
    ],
    layout: 'eink',
    rows: 4,
    lines: ['U42'],
    platforms: [],
    title: undefined,
    language: 'tr',
    theme: 'light',
    speakEvery: 30,
    columns: 32,
  })
  expect(readOptions('?stop=a&layout=wide&rows=many&walk=-3&columns=1e9', true)).toMatchObject({
    layout: 'portrait',
    rows: 14,
    stops: [{ id: 'a', walkSeconds: 0 }],
    columns: 120,
  })
  expect(readOptions(`?${'stop=a&'.repeat(50)}`, false).stops.length).toBe(6)
})

test('what cannot be reached on foot is not shown, what just can is said', () => {
  const rows = [row('U41', 'A', '08:02:59'), row('U42', 'B', '08:03:30'), row('U43', 'C', '08:10:00')]
  const view = stopView(input({ board: board(rows), walkSeconds: 180 }), ALL, undefined, NOW)
  expect(view.rows.map(({ departure, leaveNow }) => [departure.line, leaveNow])).toEqual([
    ['U42', true],
    ['U43', false],
  ])
})

test('headways: said from three departures on, where no gap is longer than twenty minutes', () => {
  const departures = (...clocks: string[]): Departure[] =>
    clocks.map(clock => ({ ...row('U42', 'X', clock), key: clock }) as Departure)
  const said = (...clocks: string[]) => headways(departures(...clocks), NOW).get('U42\nX')
  expect(said('08:00:00', '08:10:00', '08:20:00')).toEqual({ from: 10, to: 10 })
  expect(said('08:00:00', '08:09:30', '08:20:00')).toEqual({ from: 11, to: 11 }) // 9.5 and 10.5 minutes
  expect(said('08:00:00', '08:06:00', '08:18:00')).toEqual({ from: 6, to: 12 })
  expect(said('08:00:00', '08:10:00')).toBeUndefined()
  expect(said('08:00:00', '08:10:00', '08:31:00')).toBeUndefined()
})

test('the last one before a pause of three hours, if what follows is known', () => {
  const departures = ['22:00:00', '22:30:00'].map(clock => ({ ...row('U42', 'X', clock), key: clock }) as Departure)
  expect([...lastOnes(departures, at('23:59:59') + 5400)]).toEqual([]) // known until 01:30
  expect([...lastOnes(departures, at('23:59:59') + 5401)]).toEqual(['22:30:00'])
})

test('without a server: a minute as it was, then marked stale, after five the timetable with what was called off', () => {
  const live = [row('U41', 'A', '08:06:00', late(240, '08:06:00')), row('U42', 'B', '08:08:00', { state: 'cancelled' })]
  const known = board(live)
  const plan = [...live, row('U43', 'C', '09:00:00')].map(planned)
  const shown = (now: number) => {
    const { rows, freshness } = stopView(input({ board: known, planned: plan }), ALL, LOST, now)
    return [
      freshness.trust,
      ...rows.map(
        ({ departure, time, off }) => `${departure.line} ${times.clock(time)} ${departure.rt}${off ? ' off' : ''}`,
      ),
    ]
  }
  expect(shown(NOW + 60)).toEqual(['live', 'U42 08:08 scheduled off', 'U41 08:10 live', 'U43 09:00 scheduled'])
  expect(shown(NOW + 61)).toEqual(['stale', 'U42 08:08 scheduled off', 'U41 08:10 stale', 'U43 09:00 scheduled'])
  expect(shown(NOW + 301)).toEqual([
    'timetable',
    'U41 08:06 scheduled',
    'U42 08:08 scheduled off',
    'U43 09:00 scheduled',
  ])
  const said = (silence: Silence, now: number) =>
    freshnessText(en, times, stopView(input({ board: known, planned: plan }), ALL, silence, now), now)
  expect(said(LOST, NOW + 61)).toBe('No connection since 08:00. Times may be outdated.')
  expect(said(LOST, NOW + 301)).toBe('No connection since 08:00. Times from the timetable.')
  // the server is there, and says nothing of this board
  expect(said(LAPSED, NOW + 61)).toBe('Connected, but nothing new since 08:00. Times may be outdated.')
  expect(said(LAPSED, NOW + 301)).toBe('Connected, but nothing new since 08:00. Times from the timetable.')
})

test('a board that the server no longer vouches for grows old, though the server is there', () => {
  const told = board([], { asOf: NOW })
  expect([0, 60, 61].map(age => silenceOf(told, undefined, NOW + age))).toEqual([undefined, undefined, LAPSED])
  expect(silenceOf(board([], { state: 'gone', asOf: NOW }), undefined, NOW + 600)).toBeUndefined()
  // without a server: since its last word of this board, else since it was there
  expect([silenceOf(told, NOW + 5, NOW + 9), silenceOf(undefined, NOW + 5, NOW + 9)]).toEqual([
    LOST,
    { since: NOW + 5, connected: false },
  ])
})

test('a clock time names no day: what leaves in a day or later is not shown', () => {
  const plan = [row('S1', 'Zoo', '08:30:00'), { ...row('S1', 'Zoo', '08:00:00'), trip: 'b', sched: NOW + 86_399 }]
  const later = { ...row('S1', 'Zoo', '08:00:00'), trip: 'c', sched: NOW + 86_400 }
  const shown = stopView(
    input({ planned: [...plan, later].map(planned) }),
    ALL,
    { since: NOW - 600, connected: false },
    NOW,
  )
  expect(shown.rows.map(({ departure }) => departure.trip)).toEqual(['S1 08:30:00', 'b'])
})

test('an empty board says why, on the wall, in letters and aloud', () => {
  const said = (board: Board | undefined) => {
    const view = stopView(input({ board, ...(board ? {} : { rememberedName: 'Zoo' }) }), ALL, undefined, NOW)
    return [spokenText(en, times, [view], NOW), ledRows(en, times, asIs, view, { rows: 1, columns: 24 }, 0)[0]!.trim()]
  }
  expect(said(undefined)).toEqual([
    'Departures at Zoo. It is 08:00. Waiting for the server …',
    'Waiting for the server …',
  ])
  expect(said(board([], { state: 'gone', stop: undefined }))).toEqual([
    'There is no such stop.',
    'There is no such stop.',
  ])
  expect(said(board([]))[0]).toBe('Departures at Stadtgarten. It is 08:00. Nothing departs here for a while.')
})

test('one row is there once, whether the board or the timetable knows it', () => {
  const live = [row('U41', 'A', '08:06:00')]
  const plan = [...live, row('U42', 'B', '08:05:00'), row('U43', 'C', '08:07:00')].map(planned)
  // the board has no 08:05: the server knows better than what was fetched hours ago
  expect(departuresAt(board(live), plan, 'live', NOW).map(({ line }) => line)).toEqual(['U41', 'U43'])
})

test('read aloud, in two languages, and the same notes as on the wall', () => {
  const rows = [
    row('U42', 'Hombruch', '08:03:10', { ...late(0, '08:03:10'), platform: '2', platformPlanned: '1' }),
    row('U46', 'Zoo', '08:04:00', { state: 'cancelled' }),
    row('S1', 'Dorstfeld', '09:30:00', { ofDay: 'last' }),
  ]
  const alerts = [{ id: 'x', header: 'Lift out of order', effect: 'ACCESSIBILITY_ISSUE' }]
  const view = stopView(input({ board: board(rows, { alerts, stopAlerts: ['x'] }) }), ALL, undefined, NOW)
  expect(spokenText(en, times, [view], NOW)).toBe(
    'Departures at Stadtgarten. It is 08:00. U42 to Hombruch in 3 minutes, Platform 2 instead of 1. ' +
      'U46 to Zoo at 08:04, cancelled. S1 to Dorstfeld at 09:30, last one, timetable. Lift out of order.',
  )
  expect(spokenText(de, timesIn('Europe/Berlin', 'de'), [view], NOW)).toContain(
    'U42 nach Hombruch in 3 Minuten, Gleis 2 statt 1.',
  )
  expect(view.rows.map(shown => notesOf(de, shown))).toEqual([[], ['fällt aus'], ['letzte Fahrt']])
  expect(view.alerts).toEqual([{ text: 'Lift out of order', access: true }])
})

test('read aloud: one source of all times is said once', () => {
  const rows = ['08:03:10', '08:05:00'].map(clock => row('U42', 'Hombruch', clock))
  const spoken = (change: Partial<Row>[]) =>
    spokenText(
      en,
      times,
      [stopView(input({ board: board(rows.map((r, i) => ({ ...r, ...change[i] }))) }), ALL, undefined, NOW)],
      NOW,
    )
  expect(spoken([])).toBe(
    'Departures at Stadtgarten. It is 08:00. Times from the timetable. U42 to Hombruch in 3 minutes. U42 to Hombruch in 5 minutes.',
  )
  expect(spoken([late(0, '08:03:10')])).toBe(
    'Departures at Stadtgarten. It is 08:00. U42 to Hombruch in 3 minutes. U42 to Hombruch in 5 minutes, timetable.',
  )
})

test('an elevator out of order is said first, unless an alert speaks of it already or nobody can know', () => {
  const alerts = [{ id: 'do_a', header: 'Lift at the north exit out of order', effect: 'ACCESSIBILITY_ISSUE' }]
  const elevators = [
    { id: '1', name: 'Platform 1' },
    { id: '2', name: 'North', source: 'do_a' },
    { id: '3', name: '', end: NOW + 30 },
  ]
  const said = (t: Texts, now: number, silence?: Silence) =>
    newsOf(
      t,
      timesIn('Europe/Berlin', 'en'),
      stopView(input({ board: board([], { alerts, elevators }) }), ALL, silence, now),
    ).map(({ text }) => text)
  const alert = 'Lift at the north exit out of order'
  expect(said(en, NOW)).toEqual(['Lift out of order: Platform 1', 'Lift out of order: Stadtgarten, until 08:00', alert])
  // over by the clock, whether or not the server has said so
  expect(said(en, NOW + 30)).toEqual(['Lift out of order: Platform 1', alert])
  expect(said(en, NOW + 120, LOST)).toEqual([alert])
})

test('until when an elevator is out of order, in every language, with the day where it is not today', () => {
  const text = (language: string, t: Texts, end: number) =>
    newsOf(
      t,
      timesIn('Europe/Berlin', language),
      stopView(input({ board: board([], { elevators: [{ id: '1', name: 'Nord', end }] }) }), ALL, undefined, NOW),
    )[0]!.text
  expect(text('de', de, at('14:30:00'))).toBe('Aufzug außer Betrieb: Nord, bis 14:30')
  expect(text('de', de, at('14:30:00') + 86_400)).toBe('Aufzug außer Betrieb: Nord, bis Di., 24.11. 14:30')
  expect(text('en', en, at('14:30:00'))).toBe('Lift out of order: Nord, until 14:30')
  expect(text('tr', tr, at('14:30:00'))).toBe('Asansör çalışmıyor: Nord, 14:30 saatine kadar')
  expect(text('uk', uk, at('14:30:00'))).toBe('Ліфт не працює: Nord, до 14:30')
  expect(text('ar', ar, at('14:30:00'))).toBe('المصعد معطّل: Nord، حتى 14:30')
})

test('LED rows: what is not live is about, notices take turns in the last row', () => {
  const rows = [
    row('U42', 'Hombruch', '08:03:10', late(0, '08:03:10')),
    row('S1', 'Dorstfeld', '08:20:00', { ...late(0, '08:20:00'), source: 'kept' }),
  ]
  const alerts = [{ id: 'x', header: 'No service on Sunday' }]
  const view = stopView(input({ board: board(rows, { alerts }) }), ALL, undefined, NOW)
  const shown = (page: number) => ledRows(en, times, asIs, view, { rows: 3, columns: 20 }, page)
  expect(shown(0)).toEqual(
    ["U42  Hombruch     3'", "S1   Dorstfeld  ~20'", 'No service on Sunday'].map(text => text.padEnd(20)),
  )
  expect(ledRows(en, times, asIs, view, { rows: 3, columns: 12 }, 1)[2]).toBe('on Sunday   ')
})

test('the fleet in numbers: medians and worst by hand', () => {
  const vehicle = (id: string, line: string, delay: number | null, state: 'on_time' | 'late' | 'unknown') =>
    ({ id, route: line, line, delay, state, at: NOW, exp: NOW }) as Parameters<typeof summarize>[0][number]
  const fleet = [
    vehicle('a', 'U10', 400, 'late'),
    vehicle('b', 'U2', -30, 'on_time'),
    vehicle('c', 'U2', 60, 'on_time'),
    vehicle('d', 'U2', null, 'unknown'),
  ]
  expect(summarize(fleet)).toMatchObject({
    vehicles: 4,
    medianDelay: 60,
    byState: { on_time: 2, late: 1, unknown: 1, silent: 0 },
  })
  expect(
    byLine(fleet).map(({ line, vehicles, medianDelay, worstDelay }) => [line, vehicles, medianDelay, worstDelay]),
  ).toEqual([
    ['U2', 3, 15, 60],
    ['U10', 1, 400, 400],
  ])
})

test('a moving vehicle is as far along its line as the time between its stops has gone', () => {
  const ride = {
    id: 'r',
    color: undefined,
    late: false,
    live: true,
    departure: NOW,
    arrival: NOW + 100,
    points: [
      [7, 0],
      [7, 3],
      [7, 4],
    ] as const,
    along: [0, 3, 4],
  }
  const where = (now: number) => positionsAt([ride], now).map(({ lat }) => lat)
  expect([where(NOW - 1), where(NOW), where(NOW + 50), where(NOW + 75), where(NOW + 100), where(NOW + 101)]).toEqual([
    [],
    [0],
    [2],
    [3],
    [4],
    [],
  ])
})

test('what riders have to arrange stands beside the departure, live or by the timetable, and is said aloud', () => {
  const phoned = row('R7', 'Bahnhof', '08:10:00', { pickupArrangement: 'PHONE_AGENCY' })
  const view = stopView(input({ board: board([phoned, row('R8', 'Zoo', '08:20:00')]) }), ALL, undefined, NOW)
  expect(view.rows.map(shown => notesOf(en, shown)[0])).toEqual(['phone ahead to get on here', undefined])
  expect(spokenText(en, times, [view], NOW)).toContain('phone ahead to get on here')
})
