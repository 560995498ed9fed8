// What a process does beside answering: hears realtime through Redis, asks sources for others, imports, has newer timetables looked for.
// Alone it polls for itself (workers/start.ts). What needs Redis is loaded only where there is one: its packages cost a fifth of a start.

import type { Follower, FollowOptions } from '#workers/follow.ts'
import { lookAgain, type Rechecks } from '#workers/jobs/rechecks.ts'
import type { ApiConfig } from '../config.ts'
import { type Operations, redisState } from '../operations/operations.ts'
import { type TellTrouble, troubleLog } from '../operations/trouble.ts'
import type { Settings } from '../settings.ts'
import { openJobs, openRechecks, watchJobs } from './jobs.ts'
import type { Setup } from './setup.ts'
import type { InForce } from './take-over.ts'

/** Do several processes share a Redis, each with roles of its own? */
export const isShared = ({ redisUrl }: Pick<Settings, 'redisUrl'>): boolean => redisUrl !== ''

export interface Roles {
  readonly follower: Follower | undefined
  /** Requests per address, counted with all other gateways. */
  readonly counts: ApiConfig['counts']
  /** Nobody is asked for newer timetables any more. */
  stopLooking(): void
  close(): Promise<unknown>
}

/** Resolves when the service in force has heard what is known of now. */
export async function startRoles(
  inForce: InForce,
  setup: Pick<Setup, 'sources' | 'conditions'>,
  settings: Settings,
  operations: Operations,
): Promise<Roles> {
  const tell = troubleLog(settings)
  const shared = isShared(settings)
  const does = (role: Settings['roles'][number]): boolean => settings.roles.includes(role)
  const follower = shared ? await follow(setup, settings, operations, tell) : undefined
  await follower?.moveTo(inForce.service)
  const feed = shared && does('feed') ? (await import('./feed.ts')).runFeedRole(setup, settings, operations) : undefined
  const jobs = settings.jobs !== '' && (!shared || does('jobs')) ? await openJobs(settings, { works: true }) : undefined
  if (jobs) watchJobs(operations, jobs)
  const rechecks = await openRechecks(settings, jobs)
  const counts = shared && settings.requestsPerMinute > 0 ? await countTogether(settings) : undefined
  return {
    follower,
    counts,
    stopLooking: rechecks ? watchTimetables(inForce, rechecks, operations, tell) : () => {},
    close: () => Promise.all([follower?.close(), feed?.close(), jobs?.close(), counts?.close()]),
  }
}

async function countTogether({ redisUrl, redisPrefix: prefix }: Settings) {
  const { countInRedis } = await import('#workers/redis/counts.ts')
  return countInRedis({ redisUrl, prefix })
}

/** Realtime through Redis: who applies it can be changed, and Redis being away is told to whoever asks for our health. */
async function follow(
  { sources, conditions = [] }: Pick<Setup, 'sources' | 'conditions'>,
  { redisUrl, redisPrefix: prefix }: Settings,
  operations: Operations,
  tell: TellTrouble,
): Promise<Follower> {
  const { followRealtime } = await import('#workers/follow.ts')
  const onHeard: FollowOptions['onHeard'] = (_source, { at }) => {
    if (at > 0) operations.metrics.stage('redis', Math.max(0, performance.timeOrigin + performance.now() - at) / 1000)
  }
  return followRealtime({
    redisUrl,
    prefix,
    urls: [...sources, ...conditions].map(({ url }) => url),
    onState: redisState(operations, tell),
    onTrouble: tell,
    onHeard,
  })
}

/** Has newer timetables looked for while a source speaks of another than ours. @returns how to stop */
function watchTimetables(inForce: InForce, rechecks: Rechecks, operations: Operations, tell: TellTrouble): () => void {
  operations.rechecks = tag => rechecks.told.get(inForce.service.origins.get(tag) ?? '')
  let trouble = ''
  const look = setInterval(async () => {
    const { clock, origins, sources } = inForce.service
    const asked = await lookAgain({ sources: sources(), origins, now: clock.now() }, rechecks).catch(error => {
      if (String(error) !== trouble) tell('rechecks', error)
      trouble = String(error)
      return []
    })
    for (const tag of asked) {
      operations.metrics.count('rechecks', { tag })
      console.log(`${tag}: its realtime speaks of another timetable; a newer one is asked for`)
    }
  }, LOOK_MS)
  return () => {
    clearInterval(look)
    rechecks.close()
  }
}

const LOOK_MS = 10_000
