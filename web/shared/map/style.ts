// What the map is drawn with: the server's own tiles for the ground, own GeoJSON on it, so that nobody else learns where a rider looks. Names
// of stops are HTML (labels.ts).

import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Theme } from '../api.ts'
import type { BaseMap } from './base-map.ts'

export interface Palette {
  readonly ground: string
  readonly stop: string
  readonly stopRim: string
  readonly casing: string
  readonly walk: string
  readonly unknownLine: string
  /** Rims of vehicles, by how they do. */
  readonly good: string
  readonly late: string
  readonly bad: string
  readonly quiet: string
  /** What can be reached. */
  readonly area: string
  /** How much white is mixed into the lines' colours, which are made for white paper. */
  readonly lift: number
}

const light: Palette = {
  ground: '#eef1ec',
  stop: '#ffffff',
  stopRim: '#33413a',
  casing: '#ffffff',
  walk: '#26352d',
  unknownLine: '#5b7d8c',
  good: '#0b7040',
  late: '#c77700',
  bad: '#b3261e',
  quiet: '#7b8a82',
  area: '#00897b',
  lift: 0,
}

const dark: Palette = {
  ground: '#141b18',
  stop: '#101613',
  stopRim: '#c9d6cf',
  casing: '#0b0f0d',
  walk: '#e3ece7',
  unknownLine: '#7fa3b3',
  good: '#6fd79b',
  late: '#ffc66d',
  bad: '#ff9a90',
  quiet: '#77877f',
  area: '#63d4c0',
  lift: 0.35,
}

export const palettes: Readonly<Record<Theme, Palette>> = { light, dark }

export const SOURCES = ['lines', 'stops', 'journey', 'calls', 'vehicles', 'areas'] as const
export type SourceName = (typeof SOURCES)[number]

const round = { 'line-cap': 'round', 'line-join': 'round' } as const

export function layersIn(p: Palette, base: BaseMap): LayerSpecification[] {
  const own = (fallback: string) => [
    'to-color',
    ['case', ['has', 'color'], ['concat', '#', ['get', 'color']], fallback],
  ]
  const color = (fallback: string) =>
    ['interpolate', ['linear'], p.lift, 0, own(fallback), 1, '#ffffff'] as unknown as string
  return [
    // under the tiles, and instead of them where there are none
    { id: 'plain', type: 'background', paint: { 'background-color': p.ground } },
    ...base.ground,
    {
      id: 'areas',
      type: 'fill',
      source: 'areas',
      paint: { 'fill-color': p.area, 'fill-opacity': 0.16 },
    },
    {
      id: 'areas-rim',
      type: 'line',
      source: 'areas',
      paint: { 'line-color': p.area, 'line-width': 1.5, 'line-opacity': 0.7 },
    },
    {
      id: 'lines-casing',
      type: 'line',
      source: 'lines',
      layout: round,
      paint: { 'line-color': p.ground, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 3, 16, 8] },
    },
    {
      id: 'lines',
      type: 'line',
      source: 'lines',
      layout: round,
      paint: {
        'line-color': color(p.unknownLine),
        'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.6, 16, 4.5],
      },
    },
    ...base.names,
    {
      id: 'journey-casing',
      type: 'line',
      source: 'journey',
      layout: round,
      paint: { 'line-color': p.casing, 'line-width': 11 },
    },
    {
      id: 'journey-ride',
      type: 'line',
      source: 'journey',
      filter: ['==', ['get', 'kind'], 'ride'],
      layout: round,
      paint: { 'line-color': color(p.unknownLine), 'line-width': 6 },
    },
    {
      id: 'journey-walk',
      type: 'line',
      source: 'journey',
      filter: ['==', ['get', 'kind'], 'walk'],
      layout: round,
      paint: { 'line-color': p.walk, 'line-width': 4, 'line-dasharray': [0.1, 1.8] },
    },
    {
      id: 'journey-wheels',
      type: 'line',
      source: 'journey',
      filter: ['==', ['get', 'kind'], 'wheels'],
      paint: { 'line-color': p.walk, 'line-width': 4, 'line-dasharray': [2.2, 0.9] },
    },
    {
      id: 'stops',
      type: 'circle',
      source: 'stops',
      paint: {
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          10,
          ['+', 1, ['*', 2.5, ['get', 'importance']]],
          16,
          ['+', 4, ['*', 3, ['get', 'importance']]],
        ],
        'circle-color': p.stop,
        'circle-stroke-color': p.stopRim,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 16, 2],
      },
    },
    {
      id: 'calls',
      type: 'circle',
      source: 'calls',
      paint: {
        'circle-radius': ['case', ['get', 'change'], 6, 3.5],
        'circle-color': p.stop,
        'circle-stroke-color': color(p.walk),
        'circle-stroke-width': ['case', ['get', 'change'], 3, 2],
      },
    },
    {
      id: 'vehicles',
      type: 'circle',
      source: 'vehicles',
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 4, 16, 9],
        'circle-color': color(p.unknownLine),
        'circle-stroke-color': [
          'match',
          ['get', 'mood'],
          'good',
          p.good,
          'late',
          p.late,
          'bad',
          p.bad,
          'quiet',
          p.quiet,
          p.stop,
        ] as unknown as string,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 2, 16, 3.5],
      },
    },
  ]
}

export function styleIn(palette: Palette, base: BaseMap): StyleSpecification {
  const empty = { type: 'FeatureCollection', features: [] } as const
  return {
    version: 8,
    sources: {
      ...base.sources,
      ...Object.fromEntries(SOURCES.map(name => [name, { type: 'geojson', data: empty as never, tolerance: 0.2 }])),
    },
    layers: layersIn(palette, base),
  }
}
