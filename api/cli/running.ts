// A network at work, with or without a port: what plan, serve and demo have in common.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { collectShared } from '#workers/buffers.ts'
import type { SharedClock } from '#workers/clock.ts'
import type { Follower } from '#workers/follow.ts'
import { lookAgain, type Rechecks } from '#workers/jobs/rechecks.ts'
import type { ConditionSource, RealtimeSource } from '#workers/messages.ts'
import type { OpenNetwork } from '#workers/network.ts'
import { type NetworkPlace, type PlaceListener, placeName, watchPlace } from '#workers/network-place.ts'
import { openNetworkBeside } from '#workers/open.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { apiConfigOf } from '../config.ts'
import { createOperations, type Operations } from '../operations/operations.ts'
import { startTracing } from '../operations/tracing.ts'
import { type TellTrouble, troubleLog } from '../operations/trouble.ts'
import { startServer } from '../server.ts'
import type { Settings } from '../settings.ts'
import { warmUp } from '../warm.ts'
import { openJobs, openRechecks, watchJobs } from './jobs.ts'
import { openOperators } from './operators.ts'
import { hearOnce } from './realtime.ts'

/** The project's folder: its own files, and `data/` for what the command fetches and makes. */
export const projectRoot = resolve(import.meta.dirname, '../..')

const planWorker = new URL('../plan.worker.ts', import.meta.url)

export interface Setup {
  readonly network: OpenNetwork
  readonly clock: SharedClock
  readonly sources: readonly RealtimeSource[]
  readonly pollSeconds?: number
  /** Vehicles for rent, elevators, car parks to follow. */
  readonly conditions?: readonly ConditionSource[]
  /** Where the network is from, and the folder it was opened from: a new one there takes over without a pause. */
  readonly from?: { readonly place: NetworkPlace; readonly dir: string }
}

/** A port that is taken is told before a city is fetched or made. Throws what listening there throws. */
export async function checkPort({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<void> {
  const probe = createServer().listen({ host, port })
  await once(probe, 'listening')
  await once(probe.close(), 'close')
}

export const openService = (setup: Setup): Promise<RunningService> => startService({ ...setup, planWorker })

/**
 * Returns after SIGINT or SIGTERM, when the last answer is out: not ready at once, after `drainSeconds` no new connections, and after
 * LONGEST_DRAIN_MS whoever is still there is cut off.
 */
export function serveUntilStopped(setup: Setup, settings: Settings): Promise<void> {
  // whoever waits for its end must not keep the network that it began with
  const { network, ...rest } = setup
  const first = [network]
  return keepServing(() => first.pop()!, rest, settings)
}

async function keepServing(first: () => OpenNetwork, setup: Omit<Setup, 'network'>, settings: Settings): Promise<void> {
  const tell = troubleLog(settings)
  const tracing = settings.otlpEndpoint === '' ? undefined : await startTracing(settings.otlpEndpoint)
  const operators = openOperators(settings)
  const shared = settings.redisUrl !== ''
  const operations = createOperations({
    operators,
    tracing,
    roles: shared ? settings.roles : ['serve', 'feed', 'jobs'],
  })
  const open = (network: OpenNetwork, behind = false): Promise<RunningService> =>
    startService({
      ...setup,
      network,
      behind,
      planWorker,
      pollSeconds: setup.pollSeconds ?? settings.pollSeconds,
      maxWaiting: settings.planWaiting,
      planTimeoutMs: settings.planTimeoutMs,
      ...(settings.planThreads > 0 && { threads: settings.planThreads }),
      polled: !shared,
      allowHosts: settings.allowHosts,
      onStage: operations.metrics.stage,
      onTrouble: tell,
    })
  let [service, webRoot] = await Promise.all([open(first()), ensureWebBuilt(projectRoot)])
  const follower = shared ? await follow(setup, settings, operations) : undefined
  await follower?.moveTo(service)
  const feed =
    shared && settings.roles.includes('feed')
      ? (await import('./feed.ts')).runFeedRole(setup, settings, operations)
      : undefined
  const jobs =
    settings.jobs !== '' && (!shared || settings.roles.includes('jobs'))
      ? await openJobs(settings, { works: true })
      : undefined
  if (jobs) watchJobs(operations, jobs)
  const rechecks = await openRechecks(settings, jobs)
  const stopLooking = rechecks && watchTimetables(() => service, rechecks, operations, tell)
  const counts =
    shared && settings.requestsPerMinute > 0
      ? (await import('#workers/redis/counts.ts')).countInRedis({
          redisUrl: settings.redisUrl,
          prefix: settings.redisPrefix,
        })
      : undefined
  const server = await startServer(service, { ...apiConfigOf(settings), webRoot, counts }, operations).catch(
    async error => {
      await service.close()
      throw error
    },
  )
  // where readiness is looked at, riders come when the first of them need not wait: seconds in a country
  operations.unready.add('warming')
  void warmUp(service)
    .catch(error => tell('warming up', error))
    .finally(() => operations.unready.delete('warming'))
  console.log(`
  page       ${server.url}/
  API        ${server.url}/api/v6/plan  (MOTIS 2)
  live       ${server.url.replace('http', 'ws')}/live

Ctrl-C stops it.`)

  // one change after the other; what cannot be opened leaves the network in force alone
  let turn: Promise<unknown> = Promise.resolve()
  for (const name of ['networks_taken_over', 'networks_refused']) operations.metrics.count(name, {}, 0)
  const staysInForce = (place: NetworkPlace, error: unknown): void =>
    tell(`${placeName(place)}: the network in force stays`, error)
  const takeOver = async (place: NetworkPlace): Promise<boolean> => {
    let next: RunningService | undefined
    try {
      const { network, mayComeBack } = await openNetworkBeside(place)
      next = await open(network, mayComeBack)
      await warmUp(next)
      // what is known of now must not be lost for the length of a poll
      if (follower) await follower.moveTo(next)
      else await Promise.race([hearOnce(next, setup.sources), sleep(FIRST_POLL_MS)])
      next.makeEqual()
      await server.swap(next)
      const before = service
      service = next
      next = undefined
      await before.close()
      setTimeout(collectShared, SETTLED_MS).unref()
      operations.metrics.count('networks_taken_over')
      operations.degraded.delete('network')
      console.log(`${placeName(place)}: a new network has taken over`)
      return true
    } catch (error) {
      operations.metrics.count('networks_refused')
      operations.degraded.add('network')
      staysInForce(place, error)
      // whatever goes wrong on the way back, the next network gets its turn
      const refused = next
      await Promise.resolve(refused && follower?.moveTo(service))
        .finally(() => refused?.close())
        .catch(trouble => staysInForce(place, trouble))
      return false
    }
  }
  const { from } = setup
  const listener = (place: NetworkPlace): PlaceListener => ({
    onChange() {
      const done = turn.then(() => takeOver(place))
      turn = done
      return done
    },
    onSame: () => void operations.degraded.delete('network'),
    onTrouble: error => staysInForce(place, error),
  })
  const stopWatching = from ? watchPlace(from.place, from.dir, listener(from.place), settings.networkSeconds) : () => {}
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  operations.unready.add('stopping')
  await sleep(settings.drainSeconds * 1000)
  const lastWord = setTimeout(() => server.cutOff(), LONGEST_DRAIN_MS - settings.drainSeconds * 1000)
  stopWatching()
  stopLooking?.()
  await turn
  await server.close()
  await Promise.all([follower?.close(), feed?.close(), jobs?.close(), counts?.close()])
  await service.close()
  await tracing?.close().catch(() => {})
  clearTimeout(lastWord)
}

/** Realtime through Redis: who applies it can be changed, and Redis being away is told to whoever asks for our health. */
const follow = async (
  { sources, conditions = [] }: Omit<Setup, 'network'>,
  settings: Settings,
  operations: Operations,
): Promise<Follower> => {
  const { redisUrl, redisPrefix: prefix } = settings
  const tell = troubleLog(settings)
  // the client's packages cost a fifth of a start: only who shares a Redis loads them
  const { followRealtime } = await import('#workers/follow.ts')
  operations.degraded.add('redis')
  return followRealtime({
    redisUrl,
    prefix,
    urls: [...sources, ...conditions].map(({ url }) => url),
    onState(up, why) {
      if (up) operations.degraded.delete('redis')
      else operations.degraded.add('redis')
      if (!up && why) tell('redis', why)
    },
    onTrouble: tell,
    onHeard(_source, { at }) {
      if (at > 0) operations.metrics.stage('redis', Math.max(0, performance.timeOrigin + performance.now() - at) / 1000)
    },
  })
}

/** Has newer timetables looked for while a source speaks of another than ours. @returns how to stop */
function watchTimetables(
  service: () => RunningService,
  rechecks: Rechecks,
  operations: Operations,
  tell: TellTrouble,
): () => void {
  operations.rechecks = tag => rechecks.told.get(service().origins.get(tag) ?? '')
  let trouble = ''
  const look = setInterval(async () => {
    const { clock, origins, sources } = service()
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

const FIRST_POLL_MS = 5000

// live channels are read again meanwhile: one after the other
const SETTLED_MS = 1000

// an orchestrator waits fifteen seconds or more before it kills
const LONGEST_DRAIN_MS = 14_000
