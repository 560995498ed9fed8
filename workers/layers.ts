// Files that an import lays over the map's streets.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type AccidentReport, readAccidents } from '#feeds/accidents.ts'
import type { Layers } from '#feeds/layers.ts'
import type { ImportJob } from './import.ts'
import { readArea } from './inputs.ts'

/** A country's accidents of a year are some 30 MB. */
const MAX_ACCIDENT_BYTES = 512 * 1024 * 1024

/** undefined when the job names none; heights are opened when it is known where the map lies. Throws FILE_MISSING, TOO_LARGE, FEED_MISSING_COLUMN, BAD_REQUEST. */
export function readLayers({
  accidents = [],
  carFree,
  elevation,
}: Pick<ImportJob, 'accidents' | 'carFree' | 'elevation'>):
  | { readonly layers: Layers; readonly report: { readonly accidents: readonly AccidentReport[] } }
  | undefined {
  if (accidents.length === 0 && carFree === undefined && elevation === undefined) return undefined
  const read = accidents.map(file => readAccidents(readText(file), basename(file)))
  if (elevation !== undefined && !existsSync(elevation))
    throw new FreifahrtError('FILE_MISSING', elevation, 'no such folder of .hgt tiles')
  return {
    layers: {
      ...(accidents.length > 0 && { accidents: read.flatMap(file => file.accidents) }),
      ...(carFree !== undefined && { carFree: readArea(carFree) }),
    },
    report: { accidents: read.map(file => file.report) },
  }
}

function readText(file: string): string {
  const info = statSync(file, { throwIfNoEntry: false })
  if (!info) throw new FreifahrtError('FILE_MISSING', file, 'no such file')
  if (info.size > MAX_ACCIDENT_BYTES)
    throw new FreifahrtError('TOO_LARGE', file, `${info.size} bytes, at most ${MAX_ACCIDENT_BYTES} are read`)
  return readFileSync(file, 'utf8')
}
