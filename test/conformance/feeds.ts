// Other projects' test data, made ready for ours.

import { makeRoom } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { dataFile } from '../helpers/data.ts'
import { proto } from '../helpers/realtime.ts'

/** The timetable of a feed below $FREIFAHRT_DATA. */
export const loadFeed = async (path: string): Promise<Timetable> =>
  makeRoom((await loadGtfs([{ tag: 'x', source: await openSource(dataFile(path)!) }])).timetable)

/** A FeedMessage in protobuf's JSON form (either spelling of its names) → bytes. */
export const jsonMessage = (message: unknown): Uint8Array =>
  proto.FeedMessage.encode(proto.FeedMessage.fromObject(camel(message) as Record<string, unknown>)).finish()

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()),
      camel(inner),
    ]),
  )
}
