// Times counted in buckets, for places that every request passes: the client library hashes a series' labels each time that something is
// observed, which is most of what it costs. Here a series is found by the words themselves, and the library reads it when somebody scrapes.

import type { Histogram, Registry } from '@prometheus-io/client'

export interface HistogramOptions<Label extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Label[]
  /** Upper bounds, ascending; what lies above the last is counted as well. */
  readonly buckets: readonly number[]
}

interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** Per bucket, the ones below not included. */
  readonly counts: number[]
  count: number
  sum: number
}

/** @returns what counts a value for the series with these labels, which stand in the order of `labelNames` */
export function createHistogram<Label extends string>(
  registry: Registry,
  { name, help, labelNames, buckets }: HistogramOptions<Label>,
): (value: number, ...labels: string[]) => void {
  const known = new Map<string, Series>()
  const begin = (labels: readonly string[]): Series => ({
    labels: Object.fromEntries(labelNames.map((label, i) => [label, labels[i]!])),
    counts: buckets.map(() => 0),
    count: 0,
    sum: 0,
  })
  const told = ({ labels, counts, count, sum }: Series) => {
    let below = 0
    return [
      ...buckets.map((le, i) => {
        below += counts[i]!
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below }
      }),
      { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
  const metric = {
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: [...known.values()].flatMap(told) }),
    reset: () => known.clear(),
  }
  // the registry asks no more of a metric than this
  registry.registerMetric(metric as unknown as Histogram<Label>)
  return (value, ...labels) => {
    const key = labels.length === 1 ? labels[0]! : labels.join('\n')
    let series = known.get(key)
    if (!series) {
      series = begin(labels)
      known.set(key, series)
    }
    series.count++
    series.sum += value
    for (let i = 0; i < buckets.length; i++)
      if (value <= buckets[i]!) {
        series.counts[i]!++
        return
      }
  }
}
