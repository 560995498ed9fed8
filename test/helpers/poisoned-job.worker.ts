// Stands for workers/jobs/job.worker.ts: what is called poison-… does that, anything else is done as it is.

import { parentPort, workerData } from 'node:worker_threads'
import type { FromJob, JobSetup } from '#workers/jobs/process.ts'

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
  'poison-exits': () => process.exit(3),
}
deeds[(workerData as JobSetup).job.name]?.()
await import('#workers/jobs/job.worker.ts')
