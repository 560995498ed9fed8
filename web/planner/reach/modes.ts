export const REACH_MODES = ['TRANSIT', 'WALK', 'BIKE'] as const
export type ReachMode = (typeof REACH_MODES)[number]
/** Minutes of the rings on the map. */
export const RINGS = [10, 20, 30] as const
