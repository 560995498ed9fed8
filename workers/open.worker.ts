// Reads one network, hands it over and ends; see open.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { toErrorMessage } from './messages.ts'
import { buffersOf, openNetwork } from './network.ts'
import type { FromOpen } from './open.ts'
import { giveWay } from './priority.ts'

giveWay()
parentPort!.postMessage(open(workerData))

function open(dir: string): FromOpen {
  try {
    const { manifest, ...tables } = openNetwork(dir)
    return { manifest, buffers: buffersOf(tables) }
  } catch (error) {
    return { error: toErrorMessage(error) }
  }
}
