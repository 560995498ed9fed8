// The rare, slow work that is done again and again: fetch and import a city's timetables and map, look for systems of vehicles for rent, keep
// each day's statistics. Here is how a job is described; what is done for it is in work.ts.
//
//   [{ "name": "dortmund", "everyHours": 24, "preset": "dortmund", "data": "data" },
//    { "name": "bikes", "everyHours": 24, "discover": { "from": ["https://…/systems.csv"], "countries": ["DE"], "area": "7.3,51.4,7.6,51.6", "out": "data/gbfs.json" } },
//    { "name": "statistics", "everyHours": 1, "statistics": { "from": "http://localhost:8080", "out": "data/statistics" } },
//    { "name": "heidelberg", "everyHours": 168, "import": { "gtfs": [{ "tag": "vrn", "from": "https://…" }], "out": "data/heidelberg" } }]

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { ImportJob } from '../import.ts'
import { downloadsOf, nameOfInput } from '../inputs.ts'
import { findPreset, presetJob, presetNames } from '../presets.ts'

const Address = Type.String({ pattern: '^https?://' })
const ScheduledJob = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9-]{1,50}$' }),
    everyHours: Type.Number({ minimum: 0.01, maximum: 24 * 365 }),
    /** After which it is ended, and has failed; see limitMinutes. */
    maxMinutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 7 * 24 * 60 })),
    preset: Type.Optional(Type.String()),
    data: Type.Optional(Type.String()),
    /** Where the network is put besides: an address in an object store. */
    publish: Type.Optional(Address),
    import: Type.Optional(
      Type.Object(
        {
          gtfs: Type.Array(
            Type.Object({ tag: Type.Optional(Type.String()), from: Type.String() }, { additionalProperties: false }),
            { minItems: 1 },
          ),
          osm: Type.Optional(Type.String()),
          area: Type.Optional(Type.String()),
          accidents: Type.Optional(Type.Array(Type.String())),
          carFree: Type.Optional(Type.String()),
          elevation: Type.Optional(Type.String()),
          out: Type.String({ minLength: 1 }),
        },
        { additionalProperties: false },
      ),
    ),
    discover: Type.Optional(
      Type.Object(
        {
          from: Type.Array(Address, { minItems: 1, maxItems: 20 }),
          area: Type.Optional(Type.String()),
          countries: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }))),
          out: Type.String({ pattern: '\\.json$' }),
        },
        { additionalProperties: false },
      ),
    ),
    statistics: Type.Optional(
      Type.Object(
        {
          from: Address,
          out: Type.String({ minLength: 1 }),
          days: Type.Optional(Type.Integer({ minimum: 4, maximum: 4000 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type ScheduledJob = Static<typeof ScheduledJob>
const isSchedule = Compile(Type.Array(ScheduledJob, { maxItems: 1000 }))

const kinds = ['preset', 'import', 'discover', 'statistics'] as const
const kindOf = (job: ScheduledJob) => kinds.find(kind => job[kind] !== undefined)!

/** Throws FILE_MISSING, BAD_REQUEST. */
export function readSchedule(path: string): ScheduledJob[] {
  let list: unknown
  try {
    list = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code === undefined ? 'BAD_REQUEST' : 'FILE_MISSING'
    throw new FreifahrtError(code, path, `is no readable list of jobs: ${(error as Error).message}`)
  }
  if (!isSchedule.Check(list)) {
    const [first] = isSchedule.Errors(list)
    throw new FreifahrtError(
      'BAD_REQUEST',
      `${path}${first?.instancePath ?? ''}`,
      first?.message ?? 'is no list of jobs',
    )
  }
  const jobs = list as ScheduledJob[]
  for (const job of jobs) {
    const bad = (detail: string) => new FreifahrtError('BAD_REQUEST', `${path}: ${job.name}`, detail)
    if (kinds.filter(kind => job[kind] !== undefined).length !== 1) throw bad(`give one of ${kinds.join(', ')}`)
    const { gtfs = [], osm } = job.import ?? {}
    for (const from of [...gtfs.map(feed => feed.from), ...(osm === undefined ? [] : [osm])])
      if (/^https?:/i.test(from) && !URL.canParse(from)) throw bad(`'${from}' is no address`)
    if (job.preset !== undefined && !presetNames.includes(job.preset))
      throw bad(`'${job.preset}' is no city that is known by name; there are ${presetNames.join(', ')}`)
  }
  if (new Set(jobs.map(({ name }) => name)).size < jobs.length)
    throw new FreifahrtError('BAD_REQUEST', path, 'two jobs have one name')
  return jobs
}

/** @throws BAD_REQUEST */
export function jobNamed(schedule: readonly ScheduledJob[], name: string): ScheduledJob {
  const job = schedule.find(one => one.name === name)
  if (!job) {
    const names = schedule.map(one => one.name).join(', ') || 'none'
    throw new FreifahrtError('BAD_REQUEST', 'job', `'${name}' is not scheduled; there are ${names}`)
  }
  return job
}

/** Minutes that a job may take, unless it says so itself: a country's import takes one, what it downloads may take most of an hour. */
const limits = { preset: 120, import: 120, discover: 30, statistics: 30 }
export const limitMinutes = (job: ScheduledJob): number => job.maxMinutes ?? limits[kindOf(job)]

export const isImport = (job: ScheduledJob): boolean => kindOf(job) === 'preset' || kindOf(job) === 'import'

/** Files, folders and addresses that no two jobs may write to at once. */
export function placesOf(job: ScheduledJob): string[] {
  const { discover, statistics, publish } = job
  if (discover || statistics) return [resolve((discover ?? statistics)!.out)]
  const own = importOf(job)
  return [resolve(own.out), ...downloadsOf(own), ...(publish === undefined ? [] : [publish])]
}

/** What a scheduled job imports; left alone when nothing has changed at the sources, so doing it twice does no harm. */
export function importOf({ preset, data = 'data', import: own }: ScheduledJob): ImportJob {
  return preset === undefined ? { ...(own as ImportJob), unlessSame: true } : presetJob(findPreset(preset), data)
}

/** Does it import the feed that a network's manifest names so? */
export const importsFrom = (job: ScheduledJob, from: string): boolean =>
  isImport(job) && importOf(job).gtfs.some(feed => nameOfInput(feed.from) === from)
