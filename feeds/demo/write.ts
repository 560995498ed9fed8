// The demo city as the two files that every city comes as: a GTFS archive and a street map.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeOsmPbf } from '../osm/write.ts'
import { buildCity } from './city.ts'
import { type DemoDates, demoGtfs } from './gtfs.ts'
import { buildStreets } from './streets.ts'
import { zipFiles } from './zip.ts'

export interface DemoFiles {
  readonly gtfs: string
  readonly osm: string
}

/** Writes `gtfs.zip` and `map.osm.pbf` into `dir` (made if missing). The seed decides the streets; the timetable needs none. */
export async function writeDemoCity(dir: string, options: DemoDates & { readonly seed: number }): Promise<DemoFiles> {
  const city = buildCity()
  const files = { gtfs: join(dir, 'gtfs.zip'), osm: join(dir, 'map.osm.pbf') }
  await mkdir(dir, { recursive: true })
  await writeFile(files.gtfs, zipFiles(demoGtfs(options, city)))
  await writeFile(files.osm, writeOsmPbf(buildStreets(city, options.seed)))
  return files
}
