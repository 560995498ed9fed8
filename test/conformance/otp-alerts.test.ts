// OpenTripPlanner AlertsUpdateHandlerTest (application/src/test/…/updater/alert/gtfs), told again; each test by its name there.

import { expect, test } from 'vitest'
import type { LiveAlert } from '#engine/live/state.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { load } from '../helpers/gtfs.ts'
import { alert, proto, say, storeOf } from '../helpers/realtime.ts'

const { tt: loaded } = await load()
const tt = makeRoom(loaded)
const { Cause, Effect, SeverityLevel } = proto.Alert
type Content = Parameters<typeof alert>[1]
const agency = { informedEntity: [{ agencyId: 'a' }] }
const process = (content: Content): LiveAlert | undefined =>
  say(storeOf(tt, { alertsEarlySeconds: 5 }), { timestamp: Date.UTC(2026, 0, 5, 8) / 1000 }, alert('x', content)).state
    .alerts[0]
const english = (en: string, fr: string) => ({
  translation: [
    { text: en, language: 'en' },
    { text: fr, language: 'fr' },
  ],
})
const plain = (text: string) => ({ translation: [{ text }] })

test.each<[string, Content, Partial<Record<keyof LiveAlert, unknown>>]>([
  [
    'testAlertWithTimePeriodConsideringEarlyStart',
    { activePeriod: [{ start: 10, end: 20 }] },
    { communication: [{ start: 5, end: 20 }] },
  ],
  ['testAlertStartConsideringEarlyStart', { activePeriod: [{ start: 10 }] }, { communication: [{ start: 5 }] }],
  ['testAlertEnd', { activePeriod: [{ end: 20 }] }, { communication: [{ end: 20 }] }],
  ['testWithoutUrl', {}, { url: [] }],
  [
    'testWithoutUrlTranslations',
    { url: plain('https://www.opentripplanner.org/') },
    { url: [{ text: 'https://www.opentripplanner.org/' }] },
  ],
  [
    'testWithUrlTranslations',
    { url: english('https://www.opentripplanner.org/', 'https://www.opentripplanner.org/fr') },
    { url: english('https://www.opentripplanner.org/', 'https://www.opentripplanner.org/fr').translation },
  ],
  ['testWithoutHeaderTranslations', { headerText: plain('Title') }, { header: [{ text: 'Title' }] }],
  [
    'testWithHeaderTranslations',
    { headerText: english('Title', 'Titre') },
    { header: english('Title', 'Titre').translation },
  ],
  [
    'testWithoutDescriptionTranslations',
    { descriptionText: plain('Description') },
    { description: [{ text: 'Description' }] },
  ],
  [
    'testWithDescriptionTranslations',
    { descriptionText: english('Description', 'La description') },
    { description: english('Description', 'La description').translation },
  ],
  ['testMissingAlertSeverity', {}, { severity: 'UNKNOWN_SEVERITY' }],
  ['testSetAlertSeverity', { severityLevel: SeverityLevel.SEVERE }, { severity: 'SEVERE' }],
  ['testMissingAlertCause', {}, { cause: 'UNKNOWN_CAUSE' }],
  ['testSetAlertCause', { cause: Cause.MAINTENANCE }, { cause: 'MAINTENANCE' }],
  ['testMissingAlertEffect', {}, { effect: 'UNKNOWN_EFFECT' }],
  ['testSetAlertEffect', { effect: Effect.MODIFIED_SERVICE }, { effect: 'MODIFIED_SERVICE' }],
])('%s', (_name, content, expected) => {
  expect(process({ ...agency, ...content })).toMatchObject(expected)
})

test.each([
  ['testAgencySelector', [{ agencyId: 'a' }], [['agency']]],
  ['testRouteSelector', [{ routeId: 'U1' }], [['route']]],
  ['testTripSelectorWithTripId', [{ trip: { tripId: 't1' } }], [['trip']]],
  ['testStopSelector', [{ stopId: 'A' }], [['stop']]],
  ['testStopAndRouteSelector', [{ stopId: 'A', routeId: 'U1' }], [['route', 'stop']]],
  ['testStopAndTripSelector', [{ stopId: 'A', trip: { tripId: 't1' } }], [['stop', 'trip']]],
  [
    'testMultipleSelectors',
    [{ agencyId: 'a' }, { routeId: 'U1' }, { routeId: 'B2' }],
    [['agency'], ['route'], ['route']],
  ],
])('%s', (_name, informedEntity, expected) => {
  expect(process({ informedEntity })!.selectors.map(selector => Object.keys(selector).sort())).toEqual(expected)
})

test('testMissingSelector (deviation 5, J5: an alert about nothing is dropped)', () => {
  expect(process({})).toBeUndefined()
})
