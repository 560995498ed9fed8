// The rare, slow work that is done again and again: fetch and import a city's timetables and map, look for systems of vehicles for rent, keep
// each day's statistics. One description of a job, one function that
// does it; who keeps the line is either this process (queue.ts) or Redis (redis/jobs.ts).
//
//   [{ "name": "dortmund", "everyHours": 24, "preset": "dortmund", "data": "data" },
//    { "name": "bikes", "everyHours": 24, "discover": { "from": ["https://…/systems.csv"], "countries": ["DE"], "area": "7.3,51.4,7.6,51.6", "out": "data/gbfs.json" } },
//    { "name": "statistics", "everyHours": 1, "statistics": { "from": "http://localhost:8080", "out": "data/statistics" } },
//    { "name": "heidelberg", "everyHours": 168, "import": { "gtfs": [{ "tag": "vrn", "from": "https://…" }], "out": "data/heidelberg" } }]

import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { FreifahrtError } from '#engine/core/errors.ts'
import { discoverSystems } from './discovery.ts'
import { type ImportJob, importNetwork } from './import.ts'
import { nameOfInput } from './inputs.ts'
import type { StoreAccess } from './network-place.ts'
import { publishNetwork } from './network-store/publish.ts'
import { findPreset, presetJob } from './presets.ts'
import type { JobContext } from './queue.ts'
import { collectBeside } from './statistics/beside.ts'

const Address = Type.String({ pattern: '^https?://' })
const ScheduledJob = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9-]{1,50}$' }),
    everyHours: Type.Number({ minimum: 0.01, maximum: 24 * 365 }),
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
  for (const job of jobs)
    if (kinds.filter(kind => job[kind] !== undefined).length !== 1)
      throw new FreifahrtError('BAD_REQUEST', `${path}: ${job.name}`, `give one of ${kinds.join(', ')}`)
  if (new Set(jobs.map(({ name }) => name)).size < jobs.length)
    throw new FreifahrtError('BAD_REQUEST', path, 'two jobs have one name')
  return jobs
}

/** What a scheduled job imports; left alone when nothing has changed at the sources, so doing it twice does no harm. */
function importOf({ preset, data = 'data', import: own }: ScheduledJob): ImportJob {
  return preset === undefined ? { ...(own as ImportJob), unlessSame: true } : presetJob(findPreset(preset), data)
}

/** Does it import the feed that a network's manifest names so? */
export const importsFrom = (job: ScheduledJob, from: string): boolean =>
  (job.preset ?? job.import) !== undefined && importOf(job).gtfs.some(feed => nameOfInput(feed.from) === from)

/** Longest that a job may take. */
const LONGEST_MS = 3 * 3600_000

/** @returns what came of it, for people */
export async function runJob(job: ScheduledJob, access: StoreAccess, context: JobContext): Promise<string> {
  const { allowHosts = [] } = access
  const { progress } = context
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LONGEST_MS)])
  if (job.discover) {
    const onProgress = (done: number, total: number): void => progress({ step: 'discover', done, total })
    return discoverSystems(job.discover, { allowHosts, signal, now: Date.now(), onProgress })
  }
  if (job.statistics) {
    const days = await collectBeside(job.statistics, { allowHosts, signal })
    return `${job.statistics.out}: ${days.length === 0 ? 'nothing new' : days.join(', ')}`
  }
  const { out, changed } = await importNetwork({ ...importOf(job), allowHosts }, { onProgress: progress, signal })
  // what was imported and could not be published is published now
  const published =
    job.publish !== undefined &&
    (await publishNetwork(
      out,
      { ...access, url: job.publish },
      { signal, onProgress: (what, done, total) => progress({ step: 'publish', what, done, total }) },
    ))
  return `${out}: ${changed ? 'a new network' : 'nothing has changed'}${published ? ', published' : ''}`
}

/** A job as operators see it. */
export interface JobView {
  readonly id: string
  readonly name: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  readonly progress?: unknown
  /** Of the last attempt. */
  readonly error?: string
  readonly attempts: number
}

/** Who keeps the line. */
export interface JobLine {
  /** Now, besides its times. @throws BAD_REQUEST for a name that is not scheduled */
  start(name: string): Promise<void>
  /** The newest last. Failed ones stay until they are started again. */
  list(): Promise<readonly JobView[]>
  close(): Promise<void>
}

export type RunJob = (job: ScheduledJob, context: JobContext) => Promise<string>

export const ATTEMPTS = 3
/** Before the second attempt; doubled for the third. */
export const BACKOFF_MS = 30_000
