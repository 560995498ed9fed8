// What is done for a job of each kind, in the thread that was made for it: only what that kind needs is loaded.

import type { StoreAccess } from '../network-place.ts'
import type { JobContext } from './line.ts'
import { importOf, type ScheduledJob } from './schedule.ts'

/** @returns what came of it, for people */
export async function doJob(job: ScheduledJob, access: StoreAccess, { signal, progress }: JobContext): Promise<string> {
  const { allowHosts = [] } = access
  if (job.discover) {
    const { discoverSystems } = await import('../discovery.ts')
    const onProgress = (done: number, total: number): void => progress({ step: 'discover', done, total })
    return discoverSystems(job.discover, { allowHosts, signal, now: Date.now(), onProgress })
  }
  if (job.statistics) {
    const { collectStatistics } = await import('../statistics/collect.ts')
    const days = await collectStatistics(job.statistics, { allowHosts, signal })
    return `${job.statistics.out}: ${days.length === 0 ? 'nothing new' : days.join(', ')}`
  }
  const { importNetwork } = await import('../import.ts')
  const { out, changed } = await importNetwork({ ...importOf(job), allowHosts }, { onProgress: progress, signal })
  const result = `${out}: ${changed ? 'a new network' : 'nothing has changed'}`
  if (job.publish === undefined) return result
  // what was imported and could not be published is published now
  const { publishNetwork } = await import('../network-store/publish.ts')
  const onProgress = (what: string, done: number, total: number): void =>
    progress({ step: 'publish', what, done, total })
  const published = await publishNetwork(out, { ...access, url: job.publish }, { signal, onProgress })
  return published ? `${result}, published` : result
}
