// What the map is drawn with: own GeoJSON only, so no tile, glyph or sprite server learns where a rider looks. Names are HTML (labels.ts).

import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'

export interface Palette {
  readonly ground: string
  readonly street: string
  readonly path: string
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

export const light: Palette = {
  ground: '#eef1ec',
  street: '#ffffff',
  path: '#dfe4dc',
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

export const dark: Palette = {
  ground: '#141b18',
  street: '#2b3530',
  path: '#232c28',
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

/** Zoom; further out their number is beyond use. */
export const STREETS_FROM = 11.5

const PATHS = ['footway', 'path', 'steps', 'pedestrian', 'cycleway', 'track', 'bridleway', 'corridor']
const MAIN = ['motorway', 'trunk', 'primary', 'secondary', 'tertiary']
export const SOURCES = ['streets', 'lines', 'stops', 'journey', 'calls', 'vehicles', 'areas'] as const
export type SourceName = (typeof SOURCES)[number]

const round = { 'line-cap': 'round', 'line-join': 'round' } as const

export function layersIn(p: Palette): LayerSpecification[] {
  const kind = ['get', 'kind'] as unknown as string
  const own = (fallback: string) => [
    'to-color',
    ['case', ['has', 'color'], ['concat', '#', ['get', 'color']], fallback],
  ]
  const color = (fallback: string) =>
    ['interpolate', ['linear'], p.lift, 0, own(fallback), 1, '#ffffff'] as unknown as string
  // metres on the ground: twice as wide with each zoom step
  const width = (at12: number, at17: number) =>
    ['interpolate', ['exponential', 1.6], ['zoom'], 12, at12, 17, at17] as unknown as number
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': p.ground } },
    {
      id: 'paths',
      type: 'line',
      source: 'streets',
      minzoom: 13,
      filter: ['in', kind, ['literal', PATHS]],
      layout: round,
      paint: { 'line-color': p.path, 'line-width': width(0.8, 3) },
    },
    {
      id: 'streets',
      type: 'line',
      source: 'streets',
      minzoom: STREETS_FROM,
      filter: ['!', ['in', kind, ['literal', [...PATHS, ...MAIN]]]],
      layout: round,
      paint: { 'line-color': p.street, 'line-width': width(1, 9) },
    },
    {
      id: 'main-streets',
      type: 'line',
      source: 'streets',
      minzoom: STREETS_FROM,
      filter: ['in', kind, ['literal', MAIN]],
      layout: round,
      paint: { 'line-color': p.street, 'line-width': width(2, 14) },
    },
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
      filter: ['==', ['get', 'walk'], false],
      layout: round,
      paint: { 'line-color': color(p.unknownLine), 'line-width': 6 },
    },
    {
      id: 'journey-walk',
      type: 'line',
      source: 'journey',
      filter: ['==', ['get', 'walk'], true],
      layout: round,
      paint: { 'line-color': p.walk, 'line-width': 4, 'line-dasharray': [0.1, 1.8] },
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

export function styleIn(palette: Palette): StyleSpecification {
  const empty = { type: 'FeatureCollection', features: [] } as const
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map(name => [name, { type: 'geojson', data: empty as never, tolerance: 0.2 }])),
    layers: layersIn(palette),
  }
}
