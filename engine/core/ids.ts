// Dense integers with a type of their own: a trip can never index a stop. GTFS ids live only at the edges.

declare const kind: unique symbol

/** An index into the columns of one table. At run time a plain number. */
export type Idx<Kind extends string> = number & { readonly [kind]: Kind }

export type FeedIdx = Idx<'feed'>
export type AgencyIdx = Idx<'agency'>
export type ZoneIdx = Idx<'zone'>
export type StopIdx = Idx<'stop'>
export type RouteIdx = Idx<'route'>
export type PatternIdx = Idx<'pattern'>
export type TripIdx = Idx<'trip'>
export type ServiceIdx = Idx<'service'>
export type ShapeIdx = Idx<'shape'>
export type StringIdx = Idx<'string'>
/** A row of the live generation's run table. */
export type LiveRunIdx = Idx<'liveRun'>
export type NodeIdx = Idx<'node'>
export type EdgeIdx = Idx<'edge'>

/** "No such row", for every kind of index. */
export const NONE = 0xffff_ffff
export const NO_SHAPE = NONE as ShapeIdx
export const NO_STRING = 0 as StringIdx
export const NO_LIVE_RUN = NONE as LiveRunIdx

/** A typed array that only `I` may index and that holds `V`. */
export type Column<I extends number, V = number> = { readonly [K in I]: V } & { readonly length: number }
