// GTFS route types, basic and extended, → MOTIS modes.

import type { Mode } from '#api/contract/common.ts'

const single = new Map<number, Mode>([
  [0, 'TRAM'],
  [1, 'SUBWAY'],
  [2, 'REGIONAL_RAIL'],
  [3, 'BUS'],
  [4, 'FERRY'],
  [5, 'FUNICULAR'],
  [6, 'AERIAL_LIFT'],
  [7, 'FUNICULAR'],
  [11, 'BUS'],
  [12, 'OTHER'],
  [101, 'HIGHSPEED_RAIL'],
  [102, 'LONG_DISTANCE'],
  [104, 'LONG_DISTANCE'],
  [105, 'NIGHT_RAIL'],
  [109, 'SUBURBAN'],
  [114, 'LONG_DISTANCE'],
  [116, 'FUNICULAR'],
  [203, 'BUS'],
  [204, 'BUS'],
  [208, 'BUS'],
  [400, 'SUBWAY'],
  [401, 'SUBWAY'],
  [402, 'SUBWAY'],
  [403, 'SUBURBAN'],
  [404, 'SUBURBAN'],
  [405, 'OTHER'],
  [1303, 'OTHER'],
  [1305, 'OTHER'],
  [1551, 'RIDE_SHARING'],
])

const hundreds = new Map<number, Mode>([
  [1, 'REGIONAL_RAIL'],
  [2, 'COACH'],
  [4, 'SUBWAY'],
  [7, 'BUS'],
  [8, 'BUS'], // trolleybus
  [9, 'TRAM'],
  [10, 'FERRY'],
  [11, 'AIRPLANE'],
  [12, 'FERRY'],
  [13, 'AERIAL_LIFT'],
  [14, 'FUNICULAR'],
  [15, 'ODM'],
])

/** The mode of a route type; OTHER for types that nobody defined. */
export const modeOfRouteType = (type: number): Mode =>
  single.get(type) ?? (type >= 100 ? hundreds.get(Math.floor(type / 100)) : undefined) ?? 'OTHER'
