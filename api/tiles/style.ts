// How our tiles are drawn, as a MapLibre style. It names no glyphs: MapLibre then draws names with the reader's own fonts, in every script.

interface Palette {
  readonly ground: string
  readonly water: string
  readonly green: string
  readonly wood: string
  readonly built: string
  readonly building: string
  readonly square: string
  readonly street: string
  readonly main: string
  readonly path: string
  readonly rail: string
  readonly line: string
  readonly stop: string
  readonly rim: string
  readonly text: string
  readonly halo: string
}

const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    ground: '#f2f1ed',
    water: '#a9d3e5',
    green: '#d9e9cf',
    wood: '#c3ddb8',
    built: '#ebe8e2',
    building: '#dcd7cf',
    square: '#e8e6e1',
    street: '#ffffff',
    main: '#fff3d6',
    path: '#d2cbbf',
    rail: '#a5a3a0',
    line: '#5b7d8c',
    stop: '#ffffff',
    rim: '#33413a',
    text: '#3a3f3c',
    halo: '#ffffff',
  },
  dark: {
    ground: '#171c1a',
    water: '#17303b',
    green: '#1c2a20',
    wood: '#1a2f20',
    built: '#1c2120',
    building: '#252c2a',
    square: '#20262a',
    street: '#343d3a',
    main: '#4a4b3e',
    path: '#2a322f',
    rail: '#5a5f5d',
    line: '#7fa3b3',
    stop: '#101613',
    rim: '#c9d6cf',
    text: '#c6cfca',
    halo: '#101513',
  },
}

const PATHS = ['footway', 'path', 'track', 'cycleway', 'bridleway', 'steps', 'elevator', 'corridor', 'platform', 'pier']
const MAIN = ['motorway', 'trunk', 'primary', 'secondary', 'tertiary']
const round = { 'line-cap': 'round', 'line-join': 'round' }

/** @param tiles where they are, e.g. `https://transit.example/tiles/{z}/{x}/{y}.mvt` */
export function tileStyle(theme: 'light' | 'dark', tiles: string, attribution: string): object {
  const p = palettes[theme]
  // metres on the ground: twice as wide with each zoom
  const width = (at12: number, at17: number) => ['interpolate', ['exponential', 1.6], ['zoom'], 12, at12, 17, at17]
  const fill = (id: string, layer: string, color: unknown, more: object = {}) => ({
    id,
    type: 'fill',
    source: 'freifahrt',
    'source-layer': layer,
    paint: { 'fill-color': color },
    ...more,
  })
  const line = (id: string, layer: string, color: unknown, lineWidth: unknown, more: object = {}) => ({
    id,
    type: 'line',
    source: 'freifahrt',
    'source-layer': layer,
    layout: round,
    paint: { 'line-color': color, 'line-width': lineWidth },
    ...more,
  })
  const label = (id: string, layer: string, size: unknown, layout: object, more: object = {}) => ({
    id,
    type: 'symbol',
    source: 'freifahrt',
    'source-layer': layer,
    layout: { 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-size': size, ...layout },
    paint: { 'text-color': p.text, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
    ...more,
  })
  const greens = [
    'match',
    ['get', 'landuse'],
    'nature_heavy',
    p.wood,
    ['park', 'nature_light', 'cemetery', 'beach'],
    p.green,
    p.built,
  ]
  const kind = ['get', 'highway']
  // what one walks on under the ground, from end to end, is not seen from above
  const floorAt = (end: string) => ['to-number', ['coalesce', ['get', 'level'], ['get', end], 0]]
  const inSight = ['>=', ['max', floorAt('from_level'), floorAt('to_level')], 0]
  const ownColor = ['case', ['has', 'color'], ['concat', '#', ['get', 'color']], p.line]
  return {
    version: 8,
    name: `Freifahrt ${theme}`,
    sources: {
      freifahrt: { type: 'vector', tiles: [tiles], minzoom: 0, maxzoom: 16, attribution },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': p.ground } },
      fill('landuse', 'landuse', greens),
      fill('sport', 'sport', p.green),
      fill('square', 'pedestrian', p.square),
      fill('water', 'water', p.water),
      line('waterway', 'waterway', p.water, width(1, 6)),
      fill('building', 'building', p.building, { minzoom: 14 }),
      line('paths', 'road', p.path, width(0.5, 2), {
        minzoom: 14,
        filter: ['all', ['in', kind, ['literal', PATHS]], inSight],
      }),
      line('streets', 'road', p.street, width(1, 9), {
        filter: ['!', ['in', kind, ['literal', [...PATHS, ...MAIN]]]],
      }),
      line('main-streets', 'road', p.main, width(2, 14), { filter: ['in', kind, ['literal', MAIN]] }),
      line('ferry', 'ferry', p.rail, 1.2, {
        paint: { 'line-color': p.rail, 'line-width': 1.2, 'line-dasharray': [3, 3] },
      }),
      line('rail', 'rail', p.rail, width(0.6, 2)),
      line('transit-lines', 'transit_lines', ownColor, ['interpolate', ['linear'], ['zoom'], 10, 1.2, 16, 4]),
      {
        id: 'transit-stops',
        type: 'circle',
        source: 'freifahrt',
        'source-layer': 'transit_stops',
        paint: {
          'circle-color': p.stop,
          'circle-stroke-color': p.rim,
          'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 0.8, 16, 2],
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, ['+', 1, ['*', 2, ['get', 'importance']]], 16, 5],
        },
      },
      label('street-names', 'road', 11, { 'symbol-placement': 'line' }, { minzoom: 14 }),
      label('water-names', 'water', 12, {}, { minzoom: 14 }),
      label('park-names', 'landuse', 11, {}, { minzoom: 15, filter: ['==', ['get', 'landuse'], 'park'] }),
      label(
        'stop-names',
        'transit_stops',
        12,
        {
          'text-anchor': 'top',
          'text-offset': [0, 0.6],
          'text-optional': true,
          'symbol-sort-key': ['-', ['get', 'importance']],
        },
        { minzoom: 12 },
      ),
      label('place-names', 'cities', ['match', ['get', 'place'], 'city', 18, ['town', 'suburb'], 14, 12], {}),
    ],
  }
}
