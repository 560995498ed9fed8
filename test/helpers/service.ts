// A TransitService without threads: the real engine, asked in the same turn, over one horizon that a test may replace.

import { expect } from 'vitest'
import { type PageStyle, planPage } from '#api/plan-page.ts'
import { answerQuestion } from '#api/questions.ts'
import type { Conditions } from '#engine/conditions/conditions.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { LiveState, SourceStatus } from '#engine/live/state.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import type { StopLinks } from '#engine/street/links.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Published, TransitService } from '#workers/service.ts'
import { horizonOf } from './horizon.ts'
import { planObjects } from './plan-objects.ts'

export interface TestService extends TransitService {
  /** What the clock says. */
  time: UnixSeconds
  /** A new generation with this live state; says that these stops changed, all when not given. */
  publish(live: LiveState, changedStops?: Iterable<number>, conditions?: Conditions): void
  readonly listeners: number
}

export function testService(
  { tt, footpaths }: { readonly tt: Timetable; readonly footpaths: Footpaths },
  now: UnixSeconds,
  live?: LiveState,
  wheelchairFootpaths?: Footpaths,
  streets?: { readonly graph: StreetGraph; readonly links: StopLinks },
): TestService {
  const planner = createPlanner(tt, footpaths, streets, wheelchairFootpaths)
  const listeners = new Set<(published: Published) => void>()
  const stops = Array.from({ length: tt.counts.stops }, (_, s) => s)
  const located = stops.filter(s => tt.stopHasPosition[s])
  const lons = located.map(s => tt.stopLon[s]! / 1e7)
  const lats = located.map(s => tt.stopLat[s]! / 1e7)
  let horizon: Horizon = horizonOf(tt, footpaths, live)
  const service: TestService = {
    time: now,
    clock: { now: () => service.time },
    timetable: tt,
    lookup: buildLookup(tt),
    streets: streets?.graph,
    get horizon() {
      return horizon
    },
    bounds: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)],
    attributions: [{ text: 'Test data', url: 'https://example.org/licence' }],
    async plan(query, style) {
      const asked = [planner, horizon, query, style as PageStyle, service.time] as const
      const bytes = planPage(...asked)
      // whatever a test asks for, it is written as the slow twin has it
      expect(new TextDecoder().decode(bytes)).toBe(JSON.stringify(planObjects(...asked)))
      return bytes
    },
    async ask(question) {
      const answer = answerQuestion(planner, horizon, question, service.time)
      return answer instanceof Uint8Array ? new Uint8Array(answer) : new TextEncoder().encode(JSON.stringify(answer))
    },
    async ensureDays() {},
    onPublish(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    sources: (): readonly SourceStatus[] => horizon.sources,
    conditionSources: () => [],
    load: () => ({ threads: 1, busy: 0, waiting: 0, waitMs: 0 }),
    refusal: () => undefined,
    publish(next, changedStops = stops, conditions) {
      const changed = {
        alertsChanged: next.alerts !== horizon.alerts && next.alerts.length + horizon.alerts.length > 0,
        vehiclesChanged: next.vehicles !== horizon.vehicles,
        sourcesChanged: next.sources !== horizon.sources,
        conditionsChanged: conditions !== undefined,
      }
      const generation = horizon.generation + 1
      horizon = { ...horizonOf(tt, footpaths, next), generation, ...(conditions && { conditions }) }
      for (const listener of listeners)
        listener({ generation, changedStops: Uint32Array.from(changedStops), latencyMs: 0, ...changed })
    },
    get listeners() {
      return listeners.size
    },
    async close() {},
  }
  return service
}
