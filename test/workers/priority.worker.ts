// Says what its priority is at its beginning, and after it has come back.

import { getPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { comeBack } from '#workers/priority.ts'

const first = getPriority()
parentPort!.postMessage({ first, allowed: comeBack(), back: getPriority() })
