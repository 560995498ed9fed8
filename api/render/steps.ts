// Turn-by-turn steps of a way on streets.

import type { Step } from '#api/contract/itinerary.ts'
import { Crossing, type KindName } from '#engine/street/graph.ts'
import type { StreetPath } from '#engine/street/path.ts'
import { polyline } from './geometry.ts'

const crossings = {
  [Crossing.unmarked]: 'UNMARKED',
  [Crossing.marked]: 'MARKED',
  [Crossing.signals]: 'SIGNALS',
} as const

const roads = [
  'motorway',
  'trunk',
  'primary',
  'secondary',
  'tertiary',
  'unclassified',
  'residential',
  'living_street',
  'service',
] as const
const paths = ['footway', 'path', 'sidewalk', 'pedestrian', 'corridor', 'pier', 'bridleway'] as const
const wayKinds: Readonly<Partial<Record<KindName, Step['wayKind']>>> = {
  ...Object.fromEntries([...roads.map(kind => [kind, 'ROAD']), ...paths.map(kind => [kind, 'FOOTPATH'])]),
  ...{ cycleway: 'CYCLEWAY', steps: 'STEPS', crossing: 'CROSSING', platform: 'PLATFORM', track: 'TRACK' },
}

export const stepsOf = (path: StreetPath, precision: number): Step[] =>
  path.steps.map(step => ({
    relativeDirection: step.relativeDirection,
    distance: Math.round(step.metres * 10) / 10,
    fromLevel: step.fromLevel,
    toLevel: step.toLevel,
    polyline: polyline(step.points, precision),
    streetName: step.streetName,
    exit: step.exit > 0 ? String(step.exit) : '',
    stayOn: false,
    area: false,
    osmWay: step.osmWay,
    ...(step.streetName === '' && wayKinds[step.kind] && { wayKind: wayKinds[step.kind] }),
    ...(step.crossing && {
      crossing: crossings[step.crossing.kind as keyof typeof crossings],
      crossingIsland: step.crossing.island,
    }),
    ...(step.pushed && { pushed: true }),
    ...(step.stairs && { stairs: step.stairs === 'up' ? ('UP' as const) : ('DOWN' as const) }),
    entrance: step.entrance,
  }))
