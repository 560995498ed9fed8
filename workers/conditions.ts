// Follows what is known of the way to the stops: each source asked again and again at its own pace; what one says stays until it says
// something else. A source that falls silent is forgotten after a while: a bicycle seen an hour ago is no promise.

import { setTimeout as sleep } from 'node:timers/promises'
import { elevatorStates, listElevators } from '#engine/access/elevators.ts'
import {
  type Conditions,
  type ElevatorReport,
  noConditions,
  type ParkingReport,
} from '#engine/conditions/conditions.ts'
import type { RentalSystem } from '#engine/conditions/rental.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { buildInsides } from '#engine/station/insides.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import { readFacilities, readLots } from '#feeds/facilities.ts'
import { fetchGbfs, getJson, ttlOf } from '#feeds/gbfs/fetch.ts'
import { readSystem } from '#feeds/gbfs/read.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import type { ConditionSource, LiveSetup } from './messages.ts'
import type { Clock } from './service.ts'

export interface ConditionListener {
  /** @param stops at which the change shows: those of stations whose elevators changed */
  onChange(conditions: Conditions, stops: Iterable<number>): void
  onFailure(where: string, error: unknown): void
}

/** What one source said. */
type Said = Partial<{ elevators: ElevatorReport[]; rentals: RentalSystem[]; lots: ParkingReport[] }>

/** Milliseconds between two polls, whatever a source says of itself. */
const [SHORTEST, LONGEST] = [15_000, 300_000]
const FORGOTTEN_MS = 15 * 60_000

export function followConditions(
  tt: Timetable,
  streets: StreetGraph | undefined,
  setup: Pick<LiveSetup, 'conditions' | 'allowHosts'>,
  clock: Clock,
  { onChange, onFailure }: ConditionListener,
): { set(conditions: Conditions): void } {
  const said = new Map<ConditionSource, Said>()
  let now = noConditions
  const change = (next: Conditions): void => {
    const stops = changedStops(tt, streets, now.elevators, next.elevators)
    now = next
    onChange(next, stops)
  }
  const heard = (source: ConditionSource, words: Said): void => {
    said.set(source, words)
    const all = [...said.values()]
    change({
      elevators: all.flatMap(s => s.elevators ?? []),
      rentals: all.flatMap(s => s.rentals ?? []),
      lots: all.flatMap(s => s.lots ?? []),
    })
  }
  for (const source of setup.conditions)
    void follow(source, clock, setup.allowHosts ?? [], () => said.get(source) ?? {}, heard, onFailure)
  return { set: change }
}

async function follow(
  source: ConditionSource,
  clock: Clock,
  allowHosts: readonly string[],
  before: () => Said,
  heard: (source: ConditionSource, said: Said) => void,
  onFailure: ConditionListener['onFailure'],
): Promise<void> {
  let failures = 0
  let lastHeard = performance.now()
  for (;;) {
    let interval = 60_000
    try {
      const { words, ttl } = await ask(source, clock.now(), allowHosts, before())
      failures = 0
      lastHeard = performance.now()
      interval = Math.min(LONGEST, Math.max(SHORTEST, (ttl ?? 60) * 1000))
      heard(source, words)
    } catch (error) {
      if (failures++ === 0) onFailure(`${source.kind} ${source.tag}`, error)
      if (performance.now() - lastHeard > FORGOTTEN_MS && Object.keys(before()).length > 0) heard(source, {})
    }
    await sleep(nextPollMs(interval, failures, Math.random()))
  }
}

async function ask(
  { kind, tag, url }: ConditionSource,
  now: UnixSeconds,
  allowHosts: readonly string[],
  before: Said,
): Promise<{ words: Said; ttl?: number | undefined }> {
  const options = { allowHosts }
  if (kind === 'gbfs') {
    const systems = await fetchGbfs(url, options)
    const rentals = systems.map(
      ({ name, documents }) =>
        readSystem(documents, { tag: name === '' ? tag : `${tag}-${name}`, group: tag }, now).system,
    )
    return { words: { rentals }, ttl: ttlOf(systems[0]?.documents ?? {}) }
  }
  const document = await getJson(url, options)
  return kind === 'elevators'
    ? { words: { elevators: readFacilities(document, tag) } }
    : { words: { lots: readLots(document, tag, now, before.lots) } }
}

/** Stops of the stations whose elevators are now reported otherwise. */
function changedStops(
  tt: Timetable,
  streets: StreetGraph | undefined,
  before: readonly ElevatorReport[],
  after: readonly ElevatorReport[],
): number[] {
  const changed = [...difference(after, before), ...difference(before, after)]
  if (changed.length === 0) return []
  const stations = new Set<number | undefined>()
  for (const { elevator, source } of elevatorStates(tt, buildInsides(tt), listElevators(tt, streets), [], changed))
    if (source !== undefined) stations.add(elevator.station)
  const stops: number[] = []
  for (let s = 0; s < tt.counts.stops; s++) if (stations.has(rootStop(tt, s as never))) stops.push(s)
  return stops
}

function difference(these: readonly ElevatorReport[], those: readonly ElevatorReport[]): ElevatorReport[] {
  const known = new Set(those.map(r => JSON.stringify(r)))
  return these.filter(r => !known.has(JSON.stringify(r)))
}
