// Stops by name for who has nothing but a timetable: the command line, networks without a gazetteer.

import type { StopIdx } from '../core/ids.ts'
import type { StopLookup } from '../timetable/lookup.ts'
import { gatherPlaces } from './gather.ts'
import type { Places } from './places.ts'
import { searchPlaces } from './search.ts'

export interface StopHit {
  readonly stop: StopIdx
  readonly score: number
  /** Its name has every word that was typed, not just some of them. */
  readonly whole: boolean
}

const made = new WeakMap<StopLookup, Places>()

/** A gazetteer of the timetable's stops alone, made once. */
export const stopPlaces = (l: StopLookup): Places =>
  made.get(l) ?? remember(l, gatherPlaces({ timetable: l.tt, departures: l.departures }))

function remember(l: StopLookup, places: Places): Places {
  made.set(l, places)
  return places
}

/** Stations and stops by what people type, best first. */
export function searchStops(l: StopLookup, text: string, limit = 10): StopHit[] {
  const places = stopPlaces(l)
  return searchPlaces(places, { text, limit }).map(({ entry, score, whole }) => ({
    stop: places.entryStop[entry]! as StopIdx,
    score,
    whole,
  }))
}
