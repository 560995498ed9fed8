// Collects once, says what changed, and ends; see beside.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { toErrorMessage } from '../messages.ts'
import { giveWay } from '../priority.ts'
import type { CollectSetup, FromCollect } from './beside.ts'
import { collectStatistics } from './collect.ts'

giveWay()
const { job, allowHosts } = workerData as CollectSetup
const answer: FromCollect = await collectStatistics(job, { allowHosts, signal: new AbortController().signal }).then(
  changed => ({ changed }),
  (error: unknown) => ({ error: toErrorMessage(error) }),
)
parentPort!.postMessage(answer)
