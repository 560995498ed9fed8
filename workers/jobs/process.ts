// A job in a process of its own: what loops for ever is ended, what runs out of memory or dies takes nobody with it, and the memory is given back.
//
//   line ──fork, job──▶ child.ts ──▶ thread: job.worker.ts ──▶ work.ts (an import: a thread of its own again)
//        ◀──progress, done, failed──      ◀──
//        ──disconnect──▶ the thread is told to stop and tidies up; what does not is killed, here and there

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type ErrorMessage, fromErrorMessage } from '../messages.ts'
import type { StoreAccess } from '../network-place.ts'
import type { RunJob } from './line.ts'
import { limitMinutes, type ScheduledJob } from './schedule.ts'

/** All that its process is told. */
export interface JobSetup {
  readonly job: ScheduledJob
  readonly access: StoreAccess
  /** Address of the thread's module. */
  readonly worker: string
}
export type FromJob =
  | { readonly kind: 'progress'; readonly progress: unknown }
  | { readonly kind: 'done'; readonly result: string }
  | { readonly kind: 'failed'; readonly error: ErrorMessage }

/** For a process that is to end: more than it gives itself. */
const STUCK_MS = 4000
const CHILD = new URL('./child.ts', import.meta.url)
/**
 * What a job's process is told of our environment: how Node and the C library run and find hosts, whom TLS trusts, the zone, where there is room for what is passing. No
 * secret is among them; what a job needs to know otherwise stands in its setup.
 */
const HANDED_ON = new Set([
  ...['PATH', 'TZ', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'LD_LIBRARY_PATH'],
  ...['NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF', 'RES_OPTIONS', 'LOCALDOMAIN'],
  ...['UV_THREADPOOL_SIZE', 'MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_'],
])
const WORKER = new URL('./job.worker.ts', import.meta.url)

/**
 * Runs jobs, each in a process of its own, for as long as it may take. The run rejects with what the job said, TIMEOUT, OUT_OF_MEMORY, INTERNAL when the
 * process has died otherwise, or the signal's reason; in each case the process is no more.
 * @param worker the module that does them, in a thread
 */
export const inOwnProcess =
  (access: StoreAccess, worker = WORKER): RunJob =>
  async (job, { signal, progress }) => {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => HANDED_ON.has(name.toUpperCase())))
    const child = fork(CHILD, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child.on('message', (message: FromJob) => {
      if (message.kind === 'progress') progress(message.progress)
      else if (message.kind === 'done') resolve(message.result)
      else if (message.error.code === 'OUT_OF_MEMORY')
        reject(noMemory(job, `its ${message.error.where}: ${message.error.detail}`))
      else reject(fromErrorMessage(message.error))
    })
    child.on('error', reject)
    child.on('exit', (code, ended) => reject(died(job, ended ?? code ?? 0)))
    const limit = setTimeout(() => reject(tooLong(job)), limitMinutes(job) * 60_000)
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    // keys of the object store are for those who write there
    const { keys: _, ...open } = access
    const told = job.publish === undefined ? open : access
    child.send({ job, access: told, worker: worker.href } satisfies JobSetup, () => {}) // one that dies at once is told by its exit
    try {
      return await promise
    } finally {
      clearTimeout(limit)
      signal.removeEventListener('abort', stop)
      await end(child)
    }
  }

/** Resolves when the process is no more. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  if (child.connected) child.disconnect()
  const stuck = setTimeout(() => child.kill('SIGKILL'), STUCK_MS)
  await exited
  clearTimeout(stuck)
}

const died = (job: ScheduledJob, how: string | number): FreifahrtError => {
  const detail = `its process ended with ${how}`
  // nobody else does: of our processes Linux is told to take this one first (child.ts)
  if (how === 'SIGKILL') return noMemory(job, `${detail}, as Linux ends what finds no memory`)
  return new FreifahrtError('INTERNAL', `job ${job.name}`, detail)
}

const noMemory = ({ name }: ScheduledJob, detail: string): FreifahrtError =>
  new FreifahrtError(
    'OUT_OF_MEMORY',
    `job ${name}`,
    `${detail}: give the machine or container more, set \`importsAtOnce\` to 1, or import less (\`area\`); what was in force stays`,
  )

const tooLong = (job: ScheduledJob): FreifahrtError =>
  new FreifahrtError(
    'TIMEOUT',
    `job ${job.name}`,
    `was ended after its ${limitMinutes(job)} minutes; \`maxMinutes\` in the file of jobs gives it more`,
  )
