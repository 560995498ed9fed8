// Service alerts (rules J1–J18): a message's alerts resolved to indices, which of them concern a stop, route or trip at a moment, and which
// of their texts a reader gets. An alert says something; it never cancels anything (J11).

import { type FeedIdx, NONE, type RouteIdx, type StopIdx, type TripIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { findIn, isText } from '../timetable/ids.ts'
import { isExtraTrip } from '../timetable/room.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import type { AlertEntity, AlertPeriod, SelectorEntity } from './entities.ts'
import { createMatch, hasTripId, matchTrip } from './match.ts'
import { matchAdded } from './match-run.ts'
import { messageText } from './message.ts'
import type { Reading } from './reading.ts'
import type { AlertSelector, LiveAlert, Period, Translated } from './state.ts'
import type { LiveSource } from './store.ts'
import { MAX_UNIX_SECONDS } from './times.ts'

// numbered from 1 in gtfs-realtime.proto
const CAUSES = [
  'UNKNOWN_CAUSE',
  'OTHER_CAUSE',
  'TECHNICAL_PROBLEM',
  'STRIKE',
  'DEMONSTRATION',
  'ACCIDENT',
  'HOLIDAY',
  'WEATHER',
  'MAINTENANCE',
  'CONSTRUCTION',
  'POLICE_ACTIVITY',
  'MEDICAL_EMERGENCY',
  'SPECIAL_EVENT',
]
const EFFECTS = [
  'NO_SERVICE',
  'REDUCED_SERVICE',
  'SIGNIFICANT_DELAYS',
  'DETOUR',
  'ADDITIONAL_SERVICE',
  'MODIFIED_SERVICE',
  'OTHER_EFFECT',
  'UNKNOWN_EFFECT',
  'STOP_MOVED',
  'NO_EFFECT',
  'ACCESSIBILITY_ISSUE',
]
const SEVERITIES = ['UNKNOWN_SEVERITY', 'INFO', 'WARNING', 'SEVERE']
const MAX_ROUTE_TYPE = 1702

/** The source's alerts after this message, ordered by id; the same array when their bytes are those of before. */
export function resolveAlerts(reading: Reading, before: LiveSource): readonly LiveAlert[] {
  const { m, tag, rejected, warnings } = reading
  const byId = new Map<string, LiveAlert>()
  for (const entity of m.alerts) {
    const selectors: AlertSelector[] = []
    for (const s of entity.selectors) {
      const selector = resolveSelector(reading, s)
      if (selector) selectors.push(selector)
      else warnings.add('bad_selector')
    }
    if (selectors.length === 0) {
      rejected.add('alert_without_selector')
      continue
    }
    const id = `${tag}_${entity.entityId}`
    if (byId.has(id)) rejected.add('duplicate_entity_id')
    byId.set(id, resolveAlert(reading, id, entity, selectors))
  }
  const alerts = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  // what the same bytes name may be there now, or no more: a run that realtime added
  const isSame =
    m.alertsChecksum === before.alertsChecksum &&
    alerts.length === before.alerts.length &&
    alerts.every(({ selectors }, i) => areSame(selectors, before.alerts[i]!.selectors))
  return isSame ? before.alerts : alerts
}

const FIELDS = ['agency', 'route', 'routeType', 'direction', 'stop', 'trip', 'added', 'feed', 'day', 'shift'] as const

const areSame = (some: readonly AlertSelector[], others: readonly AlertSelector[]): boolean =>
  some.length === others.length && some.every((s, i) => FIELDS.every(field => s[field] === others[i]![field]))

function resolveAlert(
  { source, options: { alertsEarlySeconds: early = 0 }, feeds, ids: { tt } }: Reading,
  id: string,
  a: AlertEntity,
  selectors: readonly AlertSelector[],
): LiveAlert {
  const language = languageOf(tt, feeds)
  const textsOf = (texts: AlertEntity['header']): Translated[] => ownFirst(texts, language)
  const active = periodsOf(a.active)
  const images = a.images
    .filter(({ text, mediaType }) => isImage(text, mediaType))
    .map(({ text, language, mediaType }) => ({ text, mediaType, ...(language && { language }) }))
  return {
    id,
    source,
    // active_period is the older field, for whichever of the two is missing (J3)
    communication: earlier(a.communication.length > 0 ? periodsOf(a.communication) : active, early),
    impact: a.impact.length > 0 ? periodsOf(a.impact) : active,
    selectors,
    cause: CAUSES[(a.cause ?? 1) - 1] ?? 'UNKNOWN_CAUSE',
    effect: EFFECTS[(a.effect ?? 8) - 1] ?? 'UNKNOWN_EFFECT',
    severity: SEVERITIES[(a.severity ?? 1) - 1] ?? 'UNKNOWN_SEVERITY',
    ...(a.causeDetail.length > 0 && { causeDetail: textsOf(a.causeDetail) }),
    ...(a.effectDetail.length > 0 && { effectDetail: textsOf(a.effectDetail) }),
    header: textsOf(a.header),
    description: textsOf(a.description),
    ttsHeader: textsOf(a.ttsHeader),
    ttsDescription: textsOf(a.ttsDescription),
    // nothing but a web address may become a link (J14)
    url: textsOf(a.url).filter(({ text }) => /^https?:\/\//i.test(text)),
    ...(images.length > 0 && { images, imageText: textsOf(a.imageText) }),
  }
}

/** Told on, never fetched: whoever shows it asks for it, over an address that nobody on the way can change (J15). */
const isImage = (url: string, mediaType: string): boolean => /^https:\/\//i.test(url) && /^image\//i.test(mediaType)

/** Ranges without either end say nothing (J1); 0 is how some producers write "open". */
function periodsOf(periods: readonly AlertPeriod[]): Period[] {
  return periods
    .map(({ start, end }) => ({ ...bound('start', start), ...bound('end', end) }))
    .filter(period => period.start !== undefined || period.end !== undefined)
}

/** To be shown so many seconds before they begin (J17). */
const earlier = (periods: readonly Period[], seconds: number): readonly Period[] =>
  seconds === 0
    ? periods
    : periods.map(period => (period.start === undefined ? period : { ...period, start: period.start - seconds }))

const bound = <K extends string>(name: K, time: number | undefined): { [P in K]?: number } =>
  (time !== undefined && time > 0 && time < MAX_UNIX_SECONDS ? { [name]: time } : {}) as { [P in K]?: number }

/** The language in which a timetable's texts are, small; '' where it does not say. */
function languageOf(tt: Timetable, [feed]: readonly FeedIdx[]): string {
  if (feed === undefined) return ''
  return (textOf(tt, tt.feedDefaultLang[feed]!) || textOf(tt, tt.feedLang[feed]!)).toLowerCase()
}

/** The feed's own language first: who reads none of them gets the first (J12). */
function ownFirst(texts: AlertEntity['header'], own: string): Translated[] {
  const isOwn = ({ language }: Translated): boolean => language !== undefined && own === language.toLowerCase()
  const all = texts.map(({ text, language }): Translated => (language ? { text, language } : { text }))
  return [...all.filter(isOwn), ...all.filter(one => !isOwn(one))]
}

/** undefined: nothing set, or something set that we do not know (J5–J7, J9). */
function resolveSelector(reading: Reading, s: SelectorEntity): AlertSelector | undefined {
  const { m, feeds, messageTime } = reading
  const { tt, stops, routes } = reading.ids
  const selector: { -readonly [K in keyof AlertSelector]: AlertSelector[K] } = {}
  if (s.agencyIdBegin !== s.agencyIdEnd) {
    const agency = findAgency(tt, feeds, m.bytes, s.agencyIdBegin, s.agencyIdEnd)
    if (agency === undefined) return undefined
    selector.agency = agency
  }
  if (s.routeIdBegin !== s.routeIdEnd) {
    const route = findIn(tt, routes, feeds, m.bytes, s.routeIdBegin, s.routeIdEnd)
    if (route === undefined) return undefined
    selector.route = route
  }
  if (s.stopIdBegin !== s.stopIdEnd) {
    const stop =
      findIn(tt, stops, feeds, m.bytes, s.stopIdBegin, s.stopIdEnd) ??
      reading.holdStop(messageText(m, s.stopIdBegin, s.stopIdEnd))
    if (stop === undefined) return undefined
    selector.stop = stop
  }
  if (s.routeType !== undefined) {
    if (s.routeType < 0 || s.routeType > MAX_ROUTE_TYPE) return undefined
    selector.routeType = s.routeType
  }
  if (s.direction !== undefined) {
    if (selector.route === undefined) return undefined
    selector.direction = s.direction
  }
  if (s.descriptor !== NONE) {
    // a route alone inside a trip descriptor must not act on the whole route (J7)
    const match = createMatch()
    const rejection = matchTrip(reading, s.descriptor, messageTime, match)
    if (rejection === undefined) {
      selector.trip = match.trip
      if (tt.tripFrequencyBegin[match.trip + 1]! > tt.tripFrequencyBegin[match.trip]!) selector.shift = match.shift
    } else if (rejection === 'trip_not_found' && matchAdded(reading, s.descriptor, match) === undefined) {
      selector.added = textOf(tt, tt.tripId[match.trip]!)
      selector.feed = tt.tripFeed[match.trip]
    } else return undefined
    if (match.dated || !hasTripId(m, s.descriptor)) selector.day = match.day
  }
  return Object.keys(selector).length > 0 ? selector : undefined
}

function findAgency(
  tt: Timetable,
  feeds: readonly FeedIdx[],
  bytes: Uint8Array,
  begin: number,
  end: number,
): number | undefined {
  for (let a = 0; a < tt.counts.agencies; a++)
    if (feeds.includes(tt.agencyFeed[a]! as FeedIdx) && isText(tt, tt.agencyId[a]!, bytes, begin, end)) return a
  return undefined
}

// ── which alerts concern what ─────────────────────────────────────────────────────────────────────────────────────────

/** What is looked at: a stop, a run, a run at a stop, or a route. */
export interface AlertSubject {
  readonly stop?: StopIdx
  readonly route?: RouteIdx
  readonly trip?: TripIdx
  readonly day?: ServiceDay
  /** As RunKey's. */
  readonly shift?: number
}

/** Periods: active at `t` iff start ≤ t < end for one of them; without any, always (J1, J2). */
export const isActive = (periods: readonly Period[], t: UnixSeconds): boolean =>
  periods.length === 0 ||
  periods.some(p => (p.start ?? Number.NEGATIVE_INFINITY) <= t && t < (p.end ?? Number.POSITIVE_INFINITY))

/** The alerts that are to be shown (or are in effect) at `t` for this subject, in the order of `alerts`. */
export function alertsFor(
  tt: Timetable,
  alerts: readonly LiveAlert[],
  subject: AlertSubject,
  t: UnixSeconds,
  period: 'communication' | 'impact' = 'communication',
): LiveAlert[] {
  if (alerts.length === 0) return []
  const index = indexOf(tt, alerts)
  const route =
    subject.route ?? (subject.trip === undefined ? undefined : tt.patternRoute[tt.tripPattern[subject.trip]])
  const candidates = new Set(index.wide)
  for (const list of [
    subject.stop === undefined ? undefined : index.byRootStop.get(rootStop(tt, subject.stop)),
    route === undefined ? undefined : index.byRoute.get(route),
    subject.trip === undefined ? undefined : index.byTrip.get(subject.trip),
    subject.trip === undefined || !isExtraTrip(tt, subject.trip)
      ? undefined
      : index.byAdded.get(addedName(tt, subject.trip)),
  ])
    for (const i of list ?? []) candidates.add(i)
  return [...candidates]
    .sort((a, b) => a - b)
    .map(i => alerts[i]!)
    .filter(alert => isActive(alert[period], t) && alert.selectors.some(s => concerns(tt, s, subject, route)))
}

/** Do all the fields that the selector gives fit (J4)? What the subject leaves open fits no selector that asks for it. */
function concerns(tt: Timetable, s: AlertSelector, subject: AlertSubject, route: RouteIdx | undefined): boolean {
  if (s.stop !== undefined && !(subject.stop !== undefined && isAt(tt, s.stop as StopIdx, subject.stop))) return false
  if (s.trip !== undefined && s.trip !== subject.trip) return false
  if (s.added !== undefined && (subject.trip === undefined || addedName(tt, subject.trip) !== `${s.feed} ${s.added}`))
    return false
  if (s.day !== undefined && s.day !== subject.day) return false
  if (s.shift !== undefined && s.shift !== subject.shift) return false
  if (s.route !== undefined && s.route !== route) return false
  if (s.routeType !== undefined && (route === undefined || tt.routeType[route] !== s.routeType)) return false
  if (s.agency !== undefined && (route === undefined || tt.routeAgency[route] !== s.agency)) return false
  return s.direction === undefined || (subject.trip !== undefined && tt.tripDirection[subject.trip] === s.direction)
}

/** A station's alert holds on its platforms, and a platform's is told at the station (J8), but not on its other platforms. */
function isAt(tt: Timetable, alerted: StopIdx, stop: StopIdx): boolean {
  return alerted === stop || isBelow(tt, stop, alerted) || isBelow(tt, alerted, stop)
}

function isBelow(tt: Timetable, stop: StopIdx, ancestor: StopIdx): boolean {
  for (let s = tt.stopParent[stop]; s < tt.counts.stops; s = tt.stopParent[s]) if (s === ancestor) return true
  return false
}

const addedName = (tt: Timetable, trip: TripIdx): string => `${tt.tripFeed[trip]} ${textOf(tt, tt.tripId[trip]!)}`

/** Positions in the list of alerts, by the narrowest thing that one of their selectors names. */
interface AlertIndex {
  readonly byTrip: ReadonlyMap<number, number[]>
  readonly byAdded: ReadonlyMap<string, number[]>
  readonly byRootStop: ReadonlyMap<number, number[]>
  readonly byRoute: ReadonlyMap<number, number[]>
  /** Agencies and route types. */
  readonly wide: readonly number[]
}

const indexes = new WeakMap<readonly LiveAlert[], AlertIndex>()

function indexOf(tt: Timetable, alerts: readonly LiveAlert[]): AlertIndex {
  const known = indexes.get(alerts)
  if (known) return known
  const byTrip = new Map<number, number[]>()
  const byAdded = new Map<string, number[]>()
  const byRootStop = new Map<number, number[]>()
  const byRoute = new Map<number, number[]>()
  const wide: number[] = []
  alerts.forEach(({ selectors }, i) => {
    for (const s of selectors) {
      if (s.trip !== undefined) byTrip.getOrInsertComputed(s.trip, () => []).push(i)
      else if (s.added !== undefined) byAdded.getOrInsertComputed(`${s.feed} ${s.added}`, () => []).push(i)
      else if (s.stop !== undefined) byRootStop.getOrInsertComputed(rootStop(tt, s.stop as StopIdx), () => []).push(i)
      else if (s.route !== undefined) byRoute.getOrInsertComputed(s.route, () => []).push(i)
      else wide.push(i)
    }
  })
  const index = { byTrip, byAdded, byRootStop, byRoute, wide }
  indexes.set(alerts, index)
  return index
}

// ── which text ────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The text for a reader: in one of their languages, in order (J12: the very tag, else the untagged text, else the primary subtag, so that
 * de-CH reads de), else the first, which is in the feed's own language where there is one. undefined when there is none.
 */
export const chooseText = (texts: readonly Translated[], languages: readonly string[]): string | undefined =>
  choose(texts, languages)?.text

/** The same of anything that comes in several languages. */
export function choose<T extends Translated>(texts: readonly T[], languages: readonly string[]): T | undefined {
  return (
    firstWith(languages, language => texts.find(t => t.language?.toLowerCase() === language)) ??
    texts.find(t => t.language === undefined) ??
    firstWith(languages, language =>
      texts.find(t => t.language !== undefined && primary(t.language) === primary(language)),
    ) ??
    texts[0]
  )
}

const primary = (language: string): string => language.toLowerCase().split('-')[0]!

function firstWith<T>(languages: readonly string[], find: (language: string) => T | undefined): T | undefined {
  for (const language of languages) {
    const found = find(language.toLowerCase())
    if (found) return found
  }
  return undefined
}
