// What the ground is made of, as far as a map shows it besides streets: water, green, buildings, railways, names of places, and the numbers
// of roads, which a router does not need. Layers and their
// values are those of MOTIS' tiles, so that maps made for them draw ours.

export type Shape = 'area' | 'line' | 'point'

export interface GroundKind {
  /** Layer of a tile; its attribute of the same name (of cities: `place`, of roads: `highway`) has the value. */
  readonly layer: string
  readonly value: string
  readonly shape: Shape
  /** Maps that are zoomed out further leave it out. */
  readonly minZoom: number
}

const area = (layer: string, value: string, minZoom: number): GroundKind => ({ layer, value, shape: 'area', minZoom })
const line = (layer: string, value: string, minZoom: number): GroundKind => ({ layer, value, shape: 'line', minZoom })
const road = (value: string, minZoom: number): GroundKind => line('road', value, minZoom)
const place = (value: string, minZoom: number): GroundKind => ({ layer: 'cities', value, shape: 'point', minZoom })

/** In the order in which they are painted. The place in the list is what a table holds: add at the end. */
export const groundKinds = [
  area('landuse', 'residential', 10),
  area('landuse', 'commercial', 11),
  area('landuse', 'industrial', 11),
  area('landuse', 'retail', 12),
  area('landuse', 'nature_light', 10),
  area('landuse', 'nature_heavy', 9),
  area('landuse', 'park', 11),
  area('landuse', 'cemetery', 12),
  area('landuse', 'beach', 12),
  area('landuse', 'complex', 13),
  area('sport', 'pitch', 14),
  area('pedestrian', 'square', 14),
  area('water', 'water', 7),
  line('waterway', 'river', 9),
  line('waterway', 'canal', 10),
  line('waterway', 'stream', 13),
  area('building', 'building', 14),
  line('rail', 'primary', 8),
  line('rail', 'secondary', 11),
  line('rail', 'detail', 14),
  place('city', 5),
  place('town', 8),
  place('suburb', 11),
  place('village', 11),
  place('quarter', 13),
  place('neighbourhood', 14),
  place('hamlet', 13),
  road('motorway', 5),
  road('trunk', 5),
  road('primary', 9),
  road('secondary', 9),
  road('tertiary', 9),
  area('landuse', 'public_transport', 12),
] as const satisfies readonly GroundKind[]

/** Number of a kind; undefined for a layer or value that is none. */
export function groundKind(layer: string, value: string): number | undefined {
  const found = groundKinds.findIndex(kind => kind.layer === layer && kind.value === value)
  return found < 0 ? undefined : found
}
