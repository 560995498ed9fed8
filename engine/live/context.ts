// What a message is read with: first what it brings along itself (stops, lines, detours), then the same of other sources of its feed, for
// producers that publish them at another address than the updates that use them.

import { type FeedIdx, NONE, type StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { UnixSeconds } from '../core/time.ts'
import { findId } from '../timetable/ids.ts'
import { readDetours } from './detours.ts'
import { decodeLine, type Line, type ToldLine, thinned } from './lines.ts'
import { createMatch, matchTrip } from './match.ts'
import { type DecodedMessage, NO_TIME, TripRelationship } from './message.ts'
import type { Reading } from './reading.ts'
import { placeE7, realtimeStopsOf } from './realtime-stops.ts'
import { type Rejection, Tally, type Warning } from './reasons.ts'
import { runKey } from './runs.ts'
import { forgetHolders } from './shared-runs.ts'
import type { LiveSource, LiveStore } from './store.ts'

/** Sets the source's stops, lines and detours to those of the message. */
export function beginReading(
  store: LiveStore,
  index: number,
  m: DecodedMessage,
  now: UnixSeconds,
  rejected: Tally<Rejection>,
  warnings: Tally<Warning>,
): Reading {
  const source = store.sources[index]!
  const { tag, feeds, options } = source
  const messageTime = (m.timestamp === NO_TIME ? now : m.timestamp) as UnixSeconds
  // its own first
  const others = [source, ...store.sources.filter(other => other !== source && other.tag === tag)]
  const first = <T>(find: (of: LiveSource) => T | undefined): T | undefined => {
    for (const other of others) {
      const found = find(other)
      if (found !== undefined) return found
    }
    return undefined
  }
  let linesTold: ReadonlyMap<string, ToldLine> | undefined
  const reading: Reading = {
    m,
    ids: store.ids,
    source: index,
    tag,
    feeds,
    options,
    keys: source.keys,
    messageTime,
    rejected,
    warnings,
    extras: store.extras,
    claimed: [],
    stopAdded: stopId => first(of => of.stops.get(stopId)),
    holdStop(stopId) {
      const stop = reading.stopAdded(stopId)
      if (stop === undefined) return undefined
      store.stops.keep(stop)
      reading.held.push(stop)
      return stop
    },
    held: [],
    lineOf: shapeId => shapeNamed(store, feeds, shapeId) ?? first(of => of.lines.get(shapeId)),
    runsOfFeed: () => others.map(of => of.runs),
    holders: source.holders,
    vehicleTold: run => first(of => of.vehicleOf.get(run)),
    lineTold(run) {
      linesTold ??= readLinesTold(others)
      return linesTold.get(runKey(run))
    },
    detourOf: (trip, day, shift) => first(of => of.detours.get(runKey({ trip, day, shift }))),
  }
  forgetHolders(source.holders, messageTime)
  source.lines = readLines(reading)
  source.stops = readStops(reading)
  source.detours = m.modifications.length === 0 ? NO_DETOURS : readDetours(reading, replacedRuns(reading))
  return reading
}

const NO_DETOURS = new Map()

/** Of two for one run the first counts. */
const readLinesTold = (sources: readonly LiveSource[]): ReadonlyMap<string, ToldLine> =>
  new Map(sources.toReversed().flatMap(of => of.signs.flatMap(s => (s.line ? [[runKey(s), s.line] as const] : []))))

/** A shape of the timetable. */
function shapeNamed({ tt }: LiveStore, feeds: readonly FeedIdx[], shapeId: string): { shape: number } | undefined {
  const index = shapesOf(tt)
  for (const feed of feeds) {
    const shape = index.get(`${feed} ${shapeId}`)
    if (shape !== undefined) return { shape }
  }
  return undefined
}

const shapes = new WeakMap<LiveStore['tt'], ReadonlyMap<string, number>>()
const shapesOf = (tt: LiveStore['tt']): ReadonlyMap<string, number> =>
  shapes.getOrInsertComputed(
    tt,
    () => new Map(Array.from(tt.shapeId, (id, shape) => [`${tt.shapeFeed[shape]} ${textOf(tt, id)}`, shape])),
  )

function readLines({ m, ids: { tt }, warnings }: Reading): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>()
  for (const { shapeId, polyline } of m.shapes) {
    const line = decodeLine(polyline)
    if (line === undefined || shapeId === '') warnings.add('bad_shape')
    else lines.set(shapeId, thinned(line, tt.counts.roomPoints))
  }
  return lines
}

function readStops({ m, ids, feeds, warnings }: Reading): ReadonlyMap<string, StopIdx> {
  const { tt } = ids
  const realtimeStops = realtimeStopsOf(tt)
  const stops = new Map<string, StopIdx>()
  const known = (stopId: string): number | undefined => {
    const bytes = new TextEncoder().encode(stopId)
    return findId(tt, ids.stops, feeds[0]!, bytes, 0, bytes.length)
  }
  for (const { stopId, name, lat, lon, parentStation, platformCode, wheelchair } of m.realtimeStops) {
    const place = placeE7(lat, lon)
    if (stopId === '' || name === '' || place === undefined) {
      warnings.add('bad_stop')
      continue
    }
    // the timetable's own stop of that name stays what it is (H9)
    if (known(stopId) !== undefined) {
      warnings.add('stop_exists')
      continue
    }
    const parent = parentStation === '' ? undefined : known(parentStation)
    const number = realtimeStops.claim({
      feed: feeds[0]!,
      stopId,
      name,
      platformCode,
      lat: place[0],
      lon: place[1],
      parent: parent !== undefined && tt.stopLocationType[parent] === 1 ? parent : NONE,
      wheelchair: wheelchair <= 2 ? wheelchair : 0,
    })
    if (typeof number === 'string') {
      warnings.add(number)
      continue
    }
    const before = stops.get(stopId)
    if (before !== undefined) realtimeStops.release(before)
    stops.set(stopId, number)
  }
  return stops
}

/** Runs that the message gives a stop list of their own: its detours do not touch them (H19). */
function replacedRuns(reading: Reading): (key: string) => boolean {
  const { m, messageTime } = reading
  const keys = new Set<string>()
  const match = createMatch()
  const d = m.descriptors.columns
  const warnings = new Tally<Warning>()
  for (let i = 0; i < m.updates.length; i++) {
    const row = m.updates.columns.descriptor[i]!
    if (row === NONE || d.relationship[row] !== TripRelationship.replacement) continue
    if (matchTrip({ ...reading, warnings }, row, messageTime, match) === undefined) keys.add(runKey(match))
  }
  return key => keys.has(key)
}
