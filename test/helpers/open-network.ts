// A drawn timetable as the network that a process opens: what `freifahrt import` would have written, without the files.

import { boundsOf, countsOf, serviceDaysOf, zonesOf } from '#workers/facts.ts'
import type { OpenNetwork } from '#workers/network.ts'
import type { Drawn } from './timetable.ts'

export function openNetworkOf({ tt, footpaths }: Pick<Drawn, 'tt' | 'footpaths'>): OpenNetwork {
  return {
    manifest: {
      format: 1,
      createdAt: '2026-01-10T00:00:00Z',
      feeds: [],
      bounds: boundsOf(tt),
      zones: zonesOf(tt),
      serviceDays: serviceDaysOf(tt),
      attributions: [],
      counts: countsOf({ timetable: tt, footpaths }),
      files: {},
    },
    timetable: tt,
    footpaths,
  }
}
