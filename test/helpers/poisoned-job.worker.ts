// Stands for workers/jobs/job.worker.ts: what is called poison-… does that, tells-… says it, anything else is done as it is.

import { parentPort, workerData } from 'node:worker_threads'
import type { ImportProgress } from '#workers/import.ts'
import type { FromJob, JobSetup } from '#workers/jobs/process.ts'
import { toErrorMessage } from '#workers/messages.ts'

const deeds: Readonly<Record<string, () => void>> = {
  'poison-throws'() {
    throw new Error('no luck')
  },
  'poison-loops'() {
    // for a test that wants it to hold still for a while
    parentPort!.postMessage({ kind: 'progress', progress: process.pid } satisfies FromJob)
    for (;;);
  },
  // as deaf as one that loops, and the machine is others'
  'poison-hangs': () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  'poison-kills': () => process.kill(process.pid, 'SIGKILL'),
  // as Linux does where memory is short, when an import has begun to write
  'poison-kills-late'() {
    const port = parentPort!
    const post = port.postMessage.bind(port)
    port.postMessage = (message: FromJob) => {
      const progress = message.kind === 'progress' && (message.progress as ImportProgress)
      if (progress && progress.step === 'write') process.kill(process.pid, 'SIGKILL')
      post(message)
    }
  },
  'poison-eats'() {
    // a thread of an import that has no more room ends so
    const error = Object.assign(new Error('Worker terminated due to reaching memory limit'), {
      code: 'ERR_WORKER_OUT_OF_MEMORY',
    })
    parentPort!.postMessage({ kind: 'failed', error: toErrorMessage(error) } satisfies FromJob)
  },
  'tells-environment': () =>
    parentPort!.postMessage({ kind: 'done', result: JSON.stringify(process.env) } satisfies FromJob),
  'poison-exits': () => process.exit(3),
}
deeds[(workerData as JobSetup).job.name]?.()
await import('#workers/jobs/job.worker.ts')
