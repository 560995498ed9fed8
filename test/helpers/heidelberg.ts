// Heidelberg with its real timetable and map, imported and served around the tests of a file.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createClock } from '#workers/clock.ts'
import { importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { dataFile } from './data.ts'

export const feed = dataFile('heidelberg/vrn_gtfs_cut.zip')
const map = dataFile('heidelberg/heidelberg.osm.pbf')
export const hasHeidelberg = Boolean(feed && map)

// Fischergasse in the old town → Im Neuenheimer Feld, both some way from any stop; a Tuesday on which the feed has service
export const FROM = '49.41090,8.70640'
export const TO = '49.41720,8.67180'
export const TIME = '2022-06-21T08:00:00+02:00'

export function heidelbergAround() {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-'))
  const city = { out: join(dir, 'heidelberg'), service: undefined as unknown as RunningService }
  beforeAll(async () => {
    await importNetwork({ gtfs: [{ tag: 'vrn', from: feed! }], osm: map!, out: city.out })
    const clock = createClock((Date.parse(TIME) / 1000) as ReturnType<RunningService['clock']['now']>)
    const planWorker = new URL('../../api/plan.worker.ts', import.meta.url)
    city.service = await startService({ network: openNetwork(city.out), clock, planWorker })
  })
  afterAll(async () => {
    await city.service?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return city
}
