// `freifahrt jobs`: imports that are done again and again, by this process or by several that share a Redis.

import { once } from 'node:events'
import { Command } from 'commander'
import { FreifahrtError } from '#engine/core/errors.ts'
import { jobsHere } from '#workers/jobs/here.ts'
import { atOnce, type JobLine } from '#workers/jobs/line.ts'
import { inOwnProcess } from '#workers/jobs/process.ts'
import { type Rechecks, recheckHere, startImports } from '#workers/jobs/rechecks.ts'
import { readSchedule } from '#workers/jobs/schedule.ts'
import { createOperations, type Operations, redisState } from '../operations/operations.ts'
import { startOperationsServer } from '../operations/server.ts'
import { saidBy, type TellTrouble, troubleLog } from '../operations/trouble.ts'
import { readSettings, type Settings } from '../settings.ts'
import { openOperators } from './operators.ts'
import { configOption, hostOption, portOption } from './options.ts'
import { json, table } from './output.ts'
import { storeAccess } from './store.ts'

interface Options {
  jobs?: string
  config?: string
  host?: string
  port?: number
}

export const jobsWord = (): Command =>
  new Command('jobs')
    .description('Fetch and import timetables and maps again and again: run the jobs, list them, start one now.')
    .argument('[what]', 'run, list or start', 'list')
    .argument('[name]', 'the job to start')
    .option('--jobs <FILE>', 'the jobs: a JSON list, see docs/operations.md')
    .addOption(configOption())
    .addOption(portOption())
    .addOption(hostOption())
    .addHelpText(
      'after',
      `
With $REDIS_URL each job is done by one of the processes that run jobs, and list and start speak of all of them. A job that fails is tried three
times, then set aside until somebody starts it again.

Examples:
  freifahrt jobs run --jobs jobs.json
  REDIS_URL=redis://localhost freifahrt jobs start dortmund --jobs jobs.json`,
    )
    .action(jobs)

async function jobs(what: string, name: string | undefined, options: Options): Promise<void> {
  const given = { host: options.host, port: options.port, jobs: options.jobs }
  const { settings } = readSettings(given, process.env, options.config)
  if (what === 'run') return run(settings)
  if (settings.redisUrl === '')
    throw new FreifahrtError(
      'BAD_REQUEST',
      'jobs',
      'set REDIS_URL: a process that is alone is asked over HTTP (/api/freifahrt/v1/operator/jobs)',
    )
  if (what !== 'list' && (what !== 'start' || name === undefined))
    throw new FreifahrtError('BAD_REQUEST', 'jobs', 'say run, list, or start NAME')
  // a process that stays waits for Redis to come; who asks once is told
  const away = Promise.withResolvers<never>()
  const onTrouble = (_: string, error: unknown): void =>
    away.reject(new FreifahrtError('FETCH_FAILED', 'REDIS_URL', saidBy(error)))
  const line = await openJobs(settings, { works: false, onTrouble })
  try {
    await Promise.race([what === 'list' ? textOf(line).then(console.log) : line.start(name!), away.promise])
  } finally {
    await line.close()
  }
}

async function textOf(line: JobLine): Promise<string> {
  const rows = (await line.list()).map(({ id, name, state, attempts, error }) => [
    id,
    name,
    state,
    attempts === 1 ? '1 try' : `${attempts} tries`,
    error ?? '',
  ])
  return rows.length === 0 ? 'no jobs yet' : table(rows)
}

async function run(settings: Settings): Promise<void> {
  const operators = openOperators(settings)
  const operations = createOperations({ operators, roles: ['jobs'] })
  const line = await openJobs(settings, {
    works: true,
    ...(settings.redisUrl !== '' && { onState: redisState(operations) }),
  })
  watchJobs(operations, line)
  const server = await startOperationsServer(operations, settings)
  line.list().then(
    list => console.log(json(list)),
    () => {}, // told by the line, or stopped before Redis came
  )
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  operations.unready.add('stopping')
  await line.close()
  await server.close()
}

interface LineOptions {
  /** Does this process do them, or only look? */
  readonly works: boolean
  /** Redis has come or gone. */
  readonly onState?: (up: boolean) => void
  /** Default: written to the log. */
  readonly onTrouble?: TellTrouble
}

/** The line of the jobs that the settings name. */
export async function openJobs(
  settings: Settings,
  { works, onState, onTrouble = inLog(settings) }: LineOptions,
): Promise<JobLine> {
  const { jobs: path, redisUrl, redisPrefix } = settings
  if (path === '') throw new FreifahrtError('BAD_REQUEST', 'jobs', 'give --jobs FILE or the setting `jobs`')
  const schedule = readSchedule(path)
  const run = inOwnProcess(storeAccess(settings))
  const most = atOnce(settings.importsAtOnce)
  if (redisUrl === '') return jobsHere(schedule, run, { most })
  const { jobsInRedis } = await import('#workers/redis/jobs.ts')
  const prefix = `${redisPrefix}-jobs`
  const line = await jobsInRedis({ redisUrl, prefix, schedule, ...(works && { run }), most, onTrouble, onState })
  if (!works) return line
  const { hearRechecks } = await import('#workers/redis/rechecks.ts')
  const hearing = hearRechecks({ redisUrl, prefix: redisPrefix, line, schedule, onTrouble })
  return {
    ...line,
    async close() {
      await hearing.close()
      await line.close()
    },
  }
}

/** Each connection says the same at each attempt: it is written once. */
function inLog(settings: Settings): TellTrouble {
  const tell = troubleLog(settings)
  let told = ''
  return (where, error) => {
    const text = `${where}: ${error}`
    if (text !== told) tell(where, error)
    told = text
  }
}

/** Who looks for newer timetables when realtime has left ours behind: this process's jobs, or whoever runs them over Redis. */
export async function openRechecks(settings: Settings, line: JobLine | undefined): Promise<Rechecks | undefined> {
  const { jobs: path, redisUrl, redisPrefix: prefix } = settings
  if (redisUrl !== '')
    return (await import('#workers/redis/rechecks.ts')).recheckInRedis({ redisUrl, prefix }, Date.now)
  if (!line) return undefined
  const schedule = readSchedule(path)
  return recheckHere(from => startImports(line, schedule, from), Date.now)
}

/** Shows the line in metrics and to operators. */
export function watchJobs(operations: Operations, line: JobLine): void {
  operations.jobs = line
  const counts: Record<string, number> = { waiting: 0, running: 0, done: 0, failed: 0 }
  const look = setInterval(async () => {
    const list = await line.list().catch(() => [])
    for (const state of Object.keys(counts)) counts[state] = list.filter(job => job.state === state).length
  }, 5000)
  look.unref()
  operations.metrics.read('jobs', () => counts)
}
