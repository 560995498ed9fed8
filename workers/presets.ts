// Cities known by name. A preset is data: where the city's feeds, map and realtime are, and what part of them it is. A second city is a
// second entry.

import { join } from 'node:path'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { Attribution } from '#feeds/gtfs/report.ts'
import type { FeedChoice, ImportJob } from './import.ts'
import type { ConditionSource, RealtimeSource } from './messages.ts'

export interface Preset {
  readonly name: string
  readonly gtfs: readonly Required<FeedChoice>[]
  readonly osm: string
  /** W,S,E,N in degrees. */
  readonly area: string
  readonly realtime: readonly RealtimeSource[]
  /** Vehicles for rent and what else is known of the way to the stops. */
  readonly conditions: readonly ConditionSource[]
  /** Whom to name besides those the feeds name themselves. */
  readonly attributions: readonly Attribution[]
}

const dortmund: Preset = {
  name: 'dortmund',
  gtfs: [{ tag: 'de', from: 'https://download.gtfs.de/germany/nv_free/latest.zip' }],
  osm: 'https://download.geofabrik.de/europe/germany/nordrhein-westfalen/arnsberg-regbez-latest.osm.pbf',
  // the city with a rim of a kilometre, so that lines leave it without a cut at the border
  area: '7.29,51.40,7.65,51.61',
  realtime: [{ tag: 'de', url: 'https://realtime.gtfs.de/realtime-free.pb' }],
  // metropolradruhr
  conditions: [
    { kind: 'gbfs', tag: 'nextbike-mr', url: 'https://gbfs.nextbike.net/maps/gbfs/v2/nextbike_mr/gbfs.json' },
  ],
  attributions: [
    { text: 'GTFS.DE, from DELFI e.V. data', url: 'https://gtfs.de', license: 'CC BY 4.0, realtime CC BY-SA 4.0' },
  ],
}

const presets: readonly Preset[] = [dortmund]

export const presetNames: readonly string[] = presets.map(preset => preset.name)

/**
 * @param base asks `<base>/<host>/<path>` instead of `https://<host>/<path>`: a mirror, or a server on this machine
 * @throws BAD_REQUEST
 */
export function findPreset(name: string, base?: string): Preset {
  const preset = presets.find(p => p.name === name)
  if (!preset)
    throw new FreifahrtError(
      'BAD_REQUEST',
      '--preset',
      `'${name}' is no city that is known by name; there are ${presetNames.join(', ')}`,
    )
  if (base === undefined) return preset
  const moved = (url: string): string => `${base.replace(/\/+$/, '')}/${url.replace(/^https?:\/\//, '')}`
  return {
    ...preset,
    gtfs: preset.gtfs.map(({ tag, from }) => ({ tag, from: moved(from) })),
    osm: moved(preset.osm),
    conditions: preset.conditions.map(source => ({ ...source, url: moved(source.url) })),
    realtime: preset.realtime.map(({ tag, url }) => ({ tag, url: moved(url) })),
  }
}

/** The import that makes `<data>/<name>`, or leaves it as it is when nothing has changed at the sources. */
export function presetJob(preset: Preset, data: string): ImportJob {
  const { gtfs, osm, area, attributions } = preset
  return {
    gtfs,
    osm,
    area,
    attributions,
    out: join(data, preset.name),
    downloads: join(data, 'downloads'),
    unlessSame: true,
  }
}
