// Feeds with one error each, named by the code of the GTFS-Realtime validator (MobilityData) that finds it: transitland-lib testdata/rt/errors.
// Here every error is either refused, counted by reason, or noted with a warning; nothing else is lost.

import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { dataFile } from '../helpers/data.ts'
import { apply, storeOf } from '../helpers/realtime.ts'
import { jsonMessage, loadFeed } from './feeds.ts'

const folder = dataFile('gtfs-rt/transitland-lib/errors')

/** Validator code → our word for it. */
const WORDS: Readonly<Record<string, string | readonly string[]>> = {
  E001: ['bad_timestamp', 'time_in_milliseconds'],
  E002: 'unsorted_stops',
  E003: ['trip_not_found', 'vehicle_without_run'],
  E004: 'route_mismatch',
  E011: ['stop_mismatch', 'vehicle_elsewhere'],
  E020: 'start_time_mismatch',
  E021: 'bad_start_date',
  E022: ['repaired', 'times_run_back'],
  E026: 'bad_position',
  E029: 'off_route',
  E040: 'no_stop_ref',
  E043: 'no_times',
  E044: 'no_times',
}

describe.skipIf(!folder)('one error each (transitland-lib rt/validator_test.go)', () => {
  let tt: Timetable
  beforeAll(async () => {
    tt = await loadFeed('gtfs-rt/transitland-lib/ct.zip')
  })

  function findings(file: string): string[] {
    const bytes = jsonMessage(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
    const { rejected, warnings, refused } = apply(storeOf(tt), bytes, 1699405801).state.sources[0]!
    return [...Object.keys(rejected), ...Object.keys(warnings), ...(refused ? [refused] : [])]
  }

  const within = 'E029.vehicle_position-position.1.json'
  test.each((folder ? readdirSync(folder) : []).filter(file => file !== within))('%s is found', file => {
    const found = findings(file)
    expect(
      found.some(word => [WORDS[file.slice(0, 4)]!].flat().includes(word)),
      `${file}: ${found.join(', ')}`,
    ).toBe(true)
  })
  test(`${within} (deviation 3, I5: 190 m beside the line is still on it)`, () => {
    expect(findings(within)).not.toContain('off_route')
  })
})
