// The process of one job: its first thread only listens, so that it hears in any case that it is to end, or that whoever began it is no more.

import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { toErrorMessage } from '../messages.ts'
import type { FromJob, JobSetup } from './process.ts'

/** For a job that is told to stop, to tidy up what it has begun. */
const TIDY_MS = 1000

// where memory is short, Linux ends this process before the one that serves
try {
  writeFileSync('/proc/self/oom_score_adj', '1000')
} catch {
  // elsewhere, or not allowed
}

let thread: Worker | undefined

const say = (message: FromJob): void => {
  // whoever began it may be gone, or about to hang up
  if (process.connected) process.send!(message, () => {})
}
process.once('message', ({ job, access, worker }: JobSetup) => {
  thread = new Worker(new URL(worker), { name: 'job', workerData: { job, access } })
  thread.on('message', say)
  thread.on('error', error => say({ kind: 'failed', error: toErrorMessage(error) }))
  thread.on('exit', code => say({ kind: 'failed', error: toErrorMessage(new Error(`its thread ended with ${code}`)) }))
})
process.once('disconnect', () => {
  if (!thread || thread.threadId === -1) process.exit()
  thread.once('exit', () => process.exit())
  thread.postMessage('stop')
  // nothing in a process that hangs can be relied on
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), TIDY_MS)
})
// a terminal's Ctrl-C, and systemd's stop, reach every process: the first one decides
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
