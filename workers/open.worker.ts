// Brings and reads one network, hands it over and ends; see open.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { toErrorMessage } from './messages.ts'
import { buffersOf, openNetwork } from './network.ts'
import { bring, type NetworkPlace } from './network-place.ts'
import type { FromOpen } from './open.ts'
import { comeBack, giveWay } from './priority.ts'

giveWay()
parentPort!.postMessage(await open(workerData))

async function open(place: NetworkPlace): Promise<FromOpen> {
  try {
    const { manifest, ...tables } = openNetwork(await bring(place))
    return { manifest, buffers: buffersOf(tables), mayComeBack: comeBack() }
  } catch (error) {
    return { error: toErrorMessage(error) }
  }
}
