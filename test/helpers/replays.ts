// Recorded messages as they came, oldest first.

import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dataFile } from './data.ts'
import { proto } from './realtime.ts'
import { tarEntries } from './tar.ts'

export interface Recorded {
  /** Unix seconds. */
  readonly made: number
  readonly bytes: Uint8Array
}

/** 193 of Kingston, Ontario. */
export const kingstonMessages = (): Recorded[] =>
  tarEntries(gunzipSync(readFileSync(dataFile('kingston/tripupdates.tar.gz')!)))
    .filter(({ name }) => name.endsWith('.pb'))
    .map(({ name, bytes }) => ({ made: Number(/tu_(\d+)/.exec(name)![1]), bytes }))
    .sort((a, b) => a.made - b.made)

const WEEKS = 14 * 7 * 86_400

/**
 * 80 of New York's lines A, C and E. Their trip_ids are those of another timetable than the one that came with them, so each trip is told as
 * a NEW one, and moved by 14 weeks into that timetable's days.
 */
export const newYorkMessages = (): Recorded[] => {
  const folder = dataFile('gtfs-rt/onebusaway/nyct_multi_trips')!
  return readdirSync(folder)
    .filter(name => /^\d+\.ace\.pb$/.test(name))
    .sort()
    .map(name => {
      const message = proto.FeedMessage.decode(readFileSync(`${folder}/${name}`))
      const move = (time: unknown): number => Number(time) - WEEKS
      message.header.timestamp = move(message.header.timestamp)
      for (const { tripUpdate, vehicle } of message.entity) {
        for (const event of tripUpdate?.stopTimeUpdate?.flatMap(s => [s.arrival, s.departure]) ?? [])
          if (event?.time) event.time = move(event.time)
        if (tripUpdate) tripUpdate.trip.scheduleRelationship = proto.TripDescriptor.ScheduleRelationship.NEW
        for (const descriptor of [tripUpdate?.trip, vehicle?.trip]) if (descriptor) delete descriptor.startDate
        if (vehicle?.timestamp) vehicle.timestamp = move(vehicle.timestamp)
      }
      return { made: Number(message.header.timestamp), bytes: proto.FeedMessage.encode(message).finish() }
    })
}
