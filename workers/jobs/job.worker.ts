// Does one job, says how far it is and what came of it, and ends; see process.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { toErrorMessage } from '../messages.ts'
import { giveWay } from '../priority.ts'
import type { FromJob, JobSetup } from './process.ts'
import { doJob } from './work.ts'

giveWay()
const { job, access } = workerData as Omit<JobSetup, 'worker'>
const port = parentPort!
const say = (message: FromJob): void => port.postMessage(message)
const stop = new AbortController()
port.once('message', () => stop.abort(new Error('it was told to stop')))
await doJob(job, access, { signal: stop.signal, progress: progress => say({ kind: 'progress', progress }) }).then(
  result => say({ kind: 'done', result }),
  (error: unknown) => say({ kind: 'failed', error: toErrorMessage(error) }),
)
port.close()
