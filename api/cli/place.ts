// A place as a person types it → as the API reads it. Ids on the command line are the feed's own; a tag in front is needed only when
// several feeds have the same id. What is no id may be a stop's name.

import { publicStopId, stopName } from '#api/render/texts.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { searchStops } from '#engine/places/stops.ts'
import { findStop } from '#engine/timetable/lookup.ts'
import type { TransitService } from '#workers/service.ts'

const COORDINATE = /^-?\d+(\.\d*)?,-?\d+(\.\d*)?$/

/** @param option which option the text came from, for the error */
export function findPlace({ timetable, lookup }: TransitService, text: string, option: string): string {
  const trimmed = text.replaceAll(' ', '')
  if (COORDINATE.test(trimmed)) return trimmed
  const byId = findStop(lookup, text)
  if (byId !== undefined) return publicStopId(timetable, byId)
  // a name of which only some words are right may be that of another place
  const byName = searchStops(lookup, text, 1).find(({ whole }) => whole)?.stop
  if (byName === undefined) throw new FreifahrtError('UNKNOWN_STOP', option, `no stop has the id or name '${text}'`)
  console.error(`${option}: ${stopName(timetable, byName, [])} (${publicStopId(timetable, byName)})`)
  return publicStopId(timetable, byName)
}
