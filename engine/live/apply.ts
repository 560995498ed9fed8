// Decoded messages → the live state. Each source keeps what it said last; a FULL_DATASET message replaces all of it (A4), and the state is
// the sources laid over one another. A state is never changed, only followed by the next.
//
//   message ─▶ envelope (A, K) ─▶ match (B) ─▶ locate (C) ─▶ times (D, E, F) ─▶ rows of the source ─▶ merged state + what changed
//
// What a message brings along (stops, lines, detours) is read first, so that entities may come in any order (A10).

import type { UnixSeconds } from '../core/time.ts'
import { resolveAlerts } from './alerts.ts'
import { keepLost } from './collapse.ts'
import { beginReading } from './context.ts'
import { admit } from './envelope.ts'
import { runsFromPositions } from './from-positions.ts'
import { type DecodedMessage, NO_TIME } from './message.ts'
import { divideMilliseconds } from './milliseconds.ts'
import { type Rejection, Tally, type Warning } from './reasons.ts'
import { resolveRuns } from './resolve.ts'
import { mergeRuns } from './runs.ts'
import { changedSigns } from './signs.ts'
import type { LiveAlert } from './state.ts'
import { type ApplyResult, type LiveSource, type LiveStore, nothingChanged, publish } from './store.ts'
import { resolveVehicles } from './vehicles.ts'

/**
 * Applies a message of one source (index into the store's sources); the message is not kept.
 * @param message decoded, or why there is none: the state stays then, and the source's status tells
 * @param now unix seconds of receipt
 */
export function applyMessage(
  store: LiveStore,
  index: number,
  message: DecodedMessage | string,
  now: UnixSeconds,
): ApplyResult {
  if (typeof message === 'string') return refuse(store, index, message, now)
  const m = message
  const source = store.sources[index]!
  if (source.options.milliseconds) divideMilliseconds(m)
  const rejected = new Tally<Rejection>()
  const warnings = new Tally<Warning>()
  const verdict = admit(store.tt, source.feeds, source.envelope, m, now, warnings)
  if (verdict === 'unchanged') return confirmSource(store, index, now)
  if (verdict !== undefined) return refuse(store, index, verdict, now)

  rejected.add('deleted_in_full_dataset', m.deletedEntities)
  rejected.add('empty_entity', m.emptyEntities)
  const stopsBefore = [...source.stops.values(), ...source.held]
  const reading = beginReading(store, index, m, now, rejected, warnings)
  const { tag } = source
  const before = source.claimed
  const { runs, matched, unmatched, vehicles, signs } = resolveRuns(reading, store.located, source.detours)
  source.vehicleOf = vehicles
  if (changedSigns(source.signs, signs).length > 0) source.signs = signs
  const kept = keepLost(store.tt, source.lost, runs, reading.messageTime, warnings)
  source.runs = kept.runs
  source.lost = kept.lost
  source.claimed = reading.claimed
  source.alerts = resolveAlerts(reading, source)
  source.alertsChecksum = m.alertsChecksum
  source.held = reading.held
  source.vehicles = resolveVehicles(reading, source.vehicles, alertsOfFeed(store, source))
  if (source.options.predictFromPositions)
    source.runs = mergeRuns([source.runs, runsFromPositions(reading, source.vehicles)], () => {})
  source.status = {
    tag,
    url: source.url,
    timestamp: m.timestamp,
    receivedAt: now,
    entities: m.entities,
    tripUpdates: m.updates.length,
    matched,
    unmatched,
    outsideArea: m.outsideArea,
    vehicles: m.vehicles.length,
    alerts: m.alerts.length,
    rejected: rejected.toRecord(),
    warnings: warnings.toRecord(),
    applied: source.status.applied + 1,
    refusedCount: source.status.refusedCount,
    unchangedCount: source.status.unchangedCount,
    unchangedStreak: 0,
    poorMatches: matched < unmatched ? source.status.poorMatches + 1 : 0,
  }
  const result = publish(store, now)
  // not before: what differs was read from the old rows
  for (const trip of before) store.extras.release(trip)
  for (const stop of stopsBefore) store.stops.release(stop)
  return result
}

/** Alerts often come from another address than positions do. */
const alertsOfFeed = (store: LiveStore, { tag }: LiveSource): LiveAlert[] =>
  store.sources.flatMap(source => (source.tag === tag ? source.alerts : []))

function refuse(store: LiveStore, index: number, reason: string, now: UnixSeconds): ApplyResult {
  const source = store.sources[index]!
  source.status = { ...source.status, refused: reason, refusedCount: source.status.refusedCount + 1 }
  return { ...publish(store, now), refused: reason }
}

/**
 * The source says the same as before: what was refused or could not be fetched meanwhile is over, and a source that does not date its
 * messages is as fresh as its last word (K4).
 */
export function confirmSource(store: LiveStore, index: number, now: UnixSeconds): ApplyResult {
  const source = store.sources[index]!
  source.envelope.repeated = true
  // what is counted here goes out with whatever is published next
  const { unchangedCount, unchangedStreak } = source.status
  const counted = { unchangedCount: unchangedCount + 1, unchangedStreak: unchangedStreak + 1 }
  source.status = { ...source.status, ...counted }
  const { refused, ...status } = source.status
  const undated = status.applied > 0 && status.timestamp === NO_TIME && status.receivedAt !== now
  if (refused === undefined && !undated) return nothingChanged(store)
  source.status = undated ? { ...status, receivedAt: now } : status
  return publish(store, now)
}

/**
 * Lets time pass: predictions of silent sources turn stale (K4), runs long finished go (K10). To be called every few seconds.
 * @returns undefined when nothing changed
 */
export function ageSources(store: LiveStore, now: UnixSeconds): ApplyResult | undefined {
  const before = store.state
  const result = publish(store, now)
  return result.state === before ? undefined : result
}
