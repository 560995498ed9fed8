// What a tile has, as TileJSON tells it.

const text = 'String'

export const tileLayers = [
  { id: 'landuse', fields: { landuse: text, name: text } },
  { id: 'sport', fields: { sport: text, name: text } },
  { id: 'pedestrian', fields: { pedestrian: text, name: text } },
  { id: 'water', fields: { water: text, name: text } },
  { id: 'waterway', fields: { waterway: text, name: text } },
  { id: 'building', fields: { building: text, name: text } },
  { id: 'rail', fields: { rail: text, name: text } },
  { id: 'cities', fields: { place: text, name: text } },
  {
    id: 'road',
    fields: { highway: text, name: text, ref: text, level: 'Number', from_level: 'Number', to_level: 'Number' },
  },
  { id: 'ferry', fields: { name: text } },
  { id: 'transit_lines', fields: { routeId: text, name: text, mode: text, color: text, textColor: text } },
  { id: 'transit_stops', fields: { stopId: text, name: text, mode: text, importance: 'Number' } },
] as const
