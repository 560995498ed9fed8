// What Prometheus scrapes. Histograms are filled where things happen; everything that is a state (feeds, subscribers, queue) is read when
// somebody scrapes, so nothing has to be kept up to date in between.
//
//   freifahrt_http_seconds{route,method,status}      per route, as it is written in the program (no ids: bounded), else `other`
//   freifahrt_stage_seconds{stage}                   plan_wait, plan, ask_wait, ask, realtime_publish, …
//   freifahrt_feed_…{source,tag}                     age, clock skew, match rate, messages, what was left out or doubted, by reason
//   freifahrt_live_…, freifahrt_plan_…               subscribers, channels, threads, line
//   nodejs_eventloop_lag_…, process_…                the client library's own

import { Counter, collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client'
import { withoutSecrets } from '#engine/core/address.ts'
import { isMismatch, namesOtherVersion, type SourceStatus } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'
import { healthOf } from '../live/feeds.ts'
import { createHistogram } from './histogram.ts'

/** A state that is read when somebody scrapes: name → value now. */
export type Reading = () => Readonly<Record<string, number>>

export interface Metrics {
  readonly registry: Registry
  http(route: string, method: string, status: number, seconds: number): void
  stage(stage: string, seconds: number): void
  /** Counts up `freifahrt_<name>_total`; by 0: it is shown before there is anything to count. */
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  /** A gauge that is 1 for each of these names when somebody scrapes. */
  list(name: string, label: string, help: string, names: Iterable<string>): void
  /** From now on gauges `freifahrt_<prefix>_<name>` are read from here; the newest reading of a prefix counts. */
  read(prefix: string, reading: Reading): void
  /** The service whose feeds are shown; undefined for none. */
  feedsOf(service: Pick<TransitService, 'sources' | 'conditionSources' | 'clock' | 'load'> | undefined): void
}

/** The label of requests whose path is no route's: ids must not become labels. */
export const OTHER = 'other'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const http = createHistogram(registry, {
    name: 'freifahrt_http_seconds',
    help: 'HTTP requests, from the first byte to the answer',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
  })
  const stages = createHistogram(registry, {
    name: 'freifahrt_stage_seconds',
    help: 'Stages of the work',
    labelNames: ['stage'],
    buckets: SECONDS,
  })
  const counters = new Map<string, Counter<string>>()
  const readings = createReadings(registry)
  let service: Parameters<Metrics['feedsOf']>[0]
  feedMetrics(registry, () => service)
  conditionMetrics(registry, () => service)
  new Gauge({
    name: 'freifahrt_up_seconds',
    help: 'How long this process has been running',
    registers,
    collect() {
      this.set(process.uptime())
      readings.readAll()
    },
  })
  return {
    registry,
    http: (route, method, status, seconds) => http(seconds, route, method, String(status)),
    stage: (stage, seconds) => stages(seconds, stage),
    count(name, labels = {}, by = 1) {
      let counter = counters.get(name)
      if (!counter) {
        counter = new Counter({
          name: `freifahrt_${name}_total`,
          help: name.replaceAll('_', ' '),
          labelNames: Object.keys(labels),
          registers,
        })
        counters.set(name, counter)
      }
      counter.inc(labels, by)
    },
    list(name, label, help, names) {
      new Gauge({
        name: `freifahrt_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset()
          for (const one of names) this.set({ [label]: one }, 1)
        },
      })
    },
    read: readings.add,
    feedsOf(next) {
      service = next
    },
  }
}

/** Gauges that are read whenever somebody asks: one for each number that a reading tells. */
function createReadings(registry: Registry) {
  const readings = new Map<string, Reading>()
  const gauges = new Map<string, Gauge>()
  const gaugeOf = (prefix: string, name: string): Gauge =>
    gauges.getOrInsertComputed(`freifahrt_${prefix}_${name}`, full => {
      const gauge = new Gauge({ name: full, help: `${prefix}: ${name}`, registers: [] })
      registry.registerMetric(gauge)
      return gauge
    })
  const readAll = (): void => {
    for (const [prefix, reading] of readings)
      for (const [name, value] of Object.entries(reading())) gaugeOf(prefix, name).set(value)
  }
  return {
    readAll,
    add(prefix: string, reading: Reading): void {
      readings.set(prefix, reading)
      readAll()
    },
  }
}

function conditionMetrics(registry: Registry, service: () => Parameters<Metrics['feedsOf']>[0]): void {
  new Gauge({
    name: 'freifahrt_condition_age_seconds',
    help: 'Since the newest word of a source of vehicles for rent, elevators or car parks; before the first: since it is followed',
    labelNames: ['kind', 'tag', 'source'],
    registers: [registry],
    collect() {
      this.reset()
      const running = service()
      for (const { kind, tag, url, since } of running?.conditionSources() ?? [])
        this.set({ kind, tag, source: withoutSecrets(url) }, Math.max(0, running!.clock.now() - since))
    },
  })
}

/** One gauge per word of a source's status. */
function feedMetrics(registry: Registry, service: () => Parameters<Metrics['feedsOf']>[0]): void {
  const labels = ['source', 'tag'] as const
  const perSource = (name: string, help: string, value: (source: SourceStatus, now: number) => number | undefined) =>
    new Gauge({
      name: `freifahrt_feed_${name}`,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset()
        const running = service()
        if (!running) return
        const now = running.clock.now()
        for (const source of running.sources()) {
          const v = value(source, now)
          if (v !== undefined) this.set({ source: withoutSecrets(source.url), tag: source.tag }, v)
        }
      },
    })
  perSource('age_seconds', 'Since the newest message was made', (source, now) => healthOf(source, now).ageSeconds)
  perSource(
    'skew_seconds',
    "How far the producer's clock was ahead of ours at the newest message; below 0: how old the message was",
    (source, now) => healthOf(source, now).skewSeconds,
  )
  perSource('match_ratio', 'Trip updates that named a run of the timetable', (s, now) => healthOf(s, now).matchRate)
  perSource('mismatch', '1: most of its trips have been unknown for three messages', source =>
    Number(isMismatch(source)),
  )
  perSource('static_mismatch', '1: its newest message names another version of the timetable', source =>
    Number(namesOtherVersion(source)),
  )
  perSource('availability_ratio', 'Answers that were of use', (source, now) => healthOf(source, now).availability)
  perSource('entities', 'Entities of the newest message', source => source.entities)
  perSource('vehicles', 'Vehicles shown', source => source.vehicles)
  perSource('alerts', 'Alerts', source => source.alerts)
  perSource('messages_applied', 'Messages taken since the start', source => source.applied)
  perSource('messages_refused', 'Messages refused since the start', source => source.refusedCount)
  const perReason = (name: 'rejected' | 'warnings', help: string) =>
    new Gauge({
      name: `freifahrt_feed_${name}`,
      help,
      labelNames: [...labels, 'reason'],
      registers: [registry],
      collect() {
        this.reset()
        for (const source of service()?.sources() ?? [])
          for (const [reason, n] of Object.entries(source[name]))
            this.set({ source: withoutSecrets(source.url), tag: source.tag, reason }, n)
      },
    })
  perReason('rejected', 'Entities of the newest message that were left out, by reason')
  perReason('warnings', 'What was taken from the newest message with doubts, by reason')
}
