// What the builder is told of each row. What is absent is unknown; texts are the builder's.

import type {
  AgencyIdx,
  FeedIdx,
  Idx,
  RouteIdx,
  ServiceIdx,
  ShapeIdx,
  StopIdx,
  StringIdx,
  ZoneIdx,
} from '../core/ids.ts'
import type { TranslatedField } from './translations.ts'

/** A trip as it was added; `finish` sorts them and gives each its TripIdx. */
export type TripRow = Idx<'trip row'>

export interface FeedFields {
  readonly tag: StringIdx
  readonly zone: ZoneIdx
  readonly version?: StringIdx
  readonly publisher?: StringIdx
  readonly lang?: StringIdx
  readonly defaultLang?: StringIdx
}

/** A row of translations.txt, as in the columns translation…; rows of trips are TripRows. */
export interface TranslationFields {
  readonly feed: FeedIdx
  readonly field: TranslatedField
  readonly byRecord: boolean
  readonly key: number
  readonly sub: number
  readonly language: StringIdx
  readonly text: StringIdx
}

export interface AgencyFields {
  readonly feed: FeedIdx
  readonly id: StringIdx
  readonly name: StringIdx
  readonly zone: ZoneIdx
  readonly url?: StringIdx
  readonly fareUrl?: StringIdx
}

export interface StopFields {
  readonly feed: FeedIdx
  readonly id: StringIdx
  readonly name: StringIdx
  readonly zone: ZoneIdx
  /** 1e-7 degrees; both absent when the stop has no usable position. */
  readonly lat?: number | undefined
  readonly lon?: number | undefined
  readonly code?: StringIdx
  readonly desc?: StringIdx
  readonly platform?: StringIdx
  readonly locationType?: number
  readonly wheelchair?: number
  /** As in the column stopAccess. */
  readonly access?: number
  /** As in the column stopLevel. */
  readonly level?: number
}

export interface RouteFields {
  readonly feed: FeedIdx
  readonly id: StringIdx
  readonly agency: AgencyIdx
  readonly type: number
  readonly shortName?: StringIdx
  readonly longName?: StringIdx
  readonly desc?: StringIdx
  readonly url?: StringIdx
  /** 0xRRGGBB or NONE. */
  readonly color?: number
  readonly textColor?: number
  readonly sortOrder?: number
}

export interface TripFields {
  readonly feed: FeedIdx
  readonly id: StringIdx
  readonly route: RouteIdx
  readonly service: ServiceIdx
  readonly headsign?: StringIdx
  readonly shortName?: StringIdx
  readonly block?: StringIdx
  readonly shape?: ShapeIdx
  /** 0, 1, 255 unknown. */
  readonly direction?: number
  /** wheelchair | bikes << 2 | cars << 4 */
  readonly access?: number
}

export interface FrequencyFields {
  readonly start: number
  readonly end: number
  readonly headway: number
  readonly exact: boolean
}

export interface TransferFields {
  readonly fromStop: StopIdx
  readonly toStop: StopIdx
  readonly fromRoute?: RouteIdx
  readonly toRoute?: RouteIdx
  readonly fromTrip?: TripRow
  readonly toTrip?: TripRow
  /** Seconds, −1 when not given. */
  readonly minTime: number
  readonly type: number
}

/** A row of pathways.txt; numbers as in the timetable's columns. */
export interface PathwayFields {
  readonly from: StopIdx
  readonly to: StopIdx
  readonly id: StringIdx
  readonly sign: StringIdx
  readonly backSign: StringIdx
  readonly mode: number
  readonly twoWay: boolean
  readonly seconds: number
  readonly millimetres: number
  readonly widthMm: number
  readonly stairs: number
  readonly slope: number
}
