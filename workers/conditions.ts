// Follows what is known of the way to the stops, asked here or by another process (`hear`); what a source says stays until it says
// something else. A source that falls silent is forgotten after a while: a bicycle seen an hour ago is no promise.

import { elevatorStates, listElevators } from '#engine/access/elevators.ts'
import { type Conditions, type ElevatorReport, noConditions } from '#engine/conditions/conditions.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { buildInsides } from '#engine/station/insides.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import { pollCondition, readCondition, type Said } from './condition-source.ts'
import type { ConditionSource, LiveSetup } from './messages.ts'
import type { News } from './news.ts'
import type { Clock } from './service.ts'

export interface ConditionListener {
  /** A source (index into the setup's) said something that could be read. @param at when it was fetched */
  onHeard(source: number, at: UnixSeconds): void
  /** @param stops at which the change shows: those of stations whose elevators changed */
  onChange(conditions: Conditions, stops: Iterable<number>): void
  onFailure(where: string, error: unknown): void
}

const FORGOTTEN_MS = 15 * 60_000
const LOOK_MS = 60_000

export interface ConditionFollower {
  set(conditions: Conditions): void
  /** What a source (index into the setup's) said to whoever asked it. @throws FEED_UNREADABLE */
  hear(source: number, news: News): void
}

/** Asks the sources, or waits to be told where another process does (`polled`: false); `onChange` is called at once for each change. */
export function followConditions(
  tt: Timetable,
  streets: StreetGraph | undefined,
  setup: Pick<LiveSetup, 'conditions' | 'allowHosts' | 'polled'>,
  clock: Clock,
  { onChange, onFailure, onHeard }: ConditionListener,
): ConditionFollower {
  const said = new Map<ConditionSource, { readonly words: Said; readonly at: number }>()
  let now = noConditions
  const change = (next: Conditions): void => {
    const stops = changedStops(tt, streets, now.elevators, next.elevators)
    now = next
    onChange(next, stops)
  }
  const tell = (): void => {
    const all = [...said.values()].map(({ words }) => words)
    change({
      elevators: all.flatMap(s => s.elevators ?? []),
      rentals: all.flatMap(s => s.rentals ?? []),
      lots: all.flatMap(s => s.lots ?? []),
    })
  }
  const hear = (source: ConditionSource, news: News): void => {
    if (news.kind !== 'message') return
    const age = news.at === undefined ? 0 : Math.max(0, performance.timeOrigin + performance.now() - news.at)
    if (age > FORGOTTEN_MS) return
    const then = (clock.now() - Math.round(age / 1000)) as UnixSeconds
    const words = readCondition(source, news.bytes, then, said.get(source)?.words ?? {})
    said.set(source, { words, at: performance.now() - age })
    onHeard(setup.conditions.indexOf(source), then)
    tell()
  }
  setInterval(() => {
    const silent = [...said].filter(([, { at }]) => performance.now() - at > FORGOTTEN_MS)
    for (const [source] of silent) said.delete(source)
    if (silent.length > 0) tell()
  }, LOOK_MS).unref()
  if (setup.polled)
    for (const source of setup.conditions)
      void pollCondition(source, setup.allowHosts ?? [], new AbortController().signal, (news, error) => {
        if (error !== undefined) onFailure(`${source.kind} ${source.tag}`, error)
        hear(source, news)
      })
  return { set: change, hear: (source, news) => hear(setup.conditions[source]!, news) }
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
