// 33: a gateway is killed under ten thousand clients, with no word to anybody. Two gateways and a feed that go by the command, the clients a process of
// their own: all of them at the other one, and what they have is what it has, within thirty seconds.
//
//   CLIENTS=10000

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { publicStopId } from '#api/render/texts.ts'
import { NONE, type StopIdx } from '#engine/core/ids.ts'
import { DAY, type ServiceDay } from '#engine/core/time.ts'
import { countDepartures } from '#engine/timetable/lookup.ts'
import { serveSimulator } from '#feeds/demo/serve.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { NOW } from '../../bench/subjects.ts'
import { runCommand } from '../helpers/command.ts'
import type { CrowdReport, ToCrowd } from '../helpers/live-crowd.ts'
import { until } from '../helpers/until.ts'

const CLIENTS = Number(process.env.CLIENTS ?? 10_000)
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** The demo city as a network on disk. @returns its folder, and the stations where something leaves */
async function importCity(dir: string): Promise<{ network: string; stations: string[] }> {
  const network = join(dir, 'network')
  const days = { from: (Math.floor(NOW / DAY) - 1) as ServiceDay, days: 4 }
  const { gtfs, osm } = await writeDemoCity(join(dir, 'city'), { ...days, seed: 1 })
  await importNetwork({ gtfs: [{ tag: 'demo', from: gtfs }], osm, out: network })
  const { timetable: tt } = openNetwork(network)
  const departures = countDepartures(tt)
  const stations: string[] = []
  for (let s = 0; s < tt.counts.stops; s++)
    if (tt.stopParent[s as StopIdx] === NONE && departures[s]! > 0) stations.push(publicStopId(tt, s as StopIdx))
  return { network, stations }
}

function newCrowd(stops: readonly string[]) {
  const child: ChildProcess = fork(new URL('../helpers/live-crowd.ts', import.meta.url))
  open.push({ close: () => child.disconnect() })
  const tell = (message: ToCrowd): void => void child.send(message)
  return {
    async connect(urls: readonly string[], clients: number): Promise<void> {
      tell({ kind: 'connect', urls, clients, stops })
      await once(child, 'message')
    },
    async report(): Promise<CrowdReport> {
      tell({ kind: 'report' })
      return ((await once(child, 'message')) as [CrowdReport])[0]
    },
  }
}

test(`33: a gateway with ${CLIENTS} clients is killed: all are right again at the other`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-sigkill-'))
  open.push({ close: () => rmSync(dir, { recursive: true }) })
  const { network, stations } = await importCity(dir)
  const began = performance.now()
  const clock = () => NOW + (performance.now() - began) / 1000
  const vehicles = await serveSimulator({ simulator: createSimulator({ seed: 1 }), clock })
  open.push(vehicles)
  const serve = async () => {
    const one = await runCommand(
      [
        ...['serve', '--network', network, '--port', '0', '--gtfs-rt', `${vehicles.url}/gtfs-rt.pb`],
        ...['--now', new Date(clock() * 1000).toISOString()],
      ],
      {
        FREIFAHRT_POLL_SECONDS: '15',
        FREIFAHRT_REQUESTS_PER_MINUTE: '0',
        FREIFAHRT_LIVE_CONNECTIONS_PER_ADDRESS: '20000',
      },
    )
    open.push({ close: () => one.child.kill('SIGKILL') })
    return one
  }
  const [killed, other] = [await serve(), await serve()]
  const clients = newCrowd(stations)
  await clients.connect([killed.url, other.url], CLIENTS)
  const there = await clients.report()
  expect([there.open, there.closed]).toEqual([CLIENTS, 0])

  killed.child.kill('SIGKILL')
  const dead = performance.now()
  const since = (): number => (performance.now() - dead) / 1000
  const isBack = async (): Promise<boolean> => {
    const { resumed, started } = await clients.report()
    return resumed + started === CLIENTS
  }
  await until('everybody to be answered by the other', isBack, 60_000)
  const back = since()
  // who comes fresh is told what the others ought to have
  const witness = newCrowd(stations)
  await witness.connect([other.url], stations.length)
  await until(
    'all of them to have what the gateway has',
    async () => {
      const [ours, fresh] = await Promise.all([clients.report(), witness.report()])
      const wrong = stations.filter(stop => ours.digests[stop]?.join() !== fresh.digests[stop]!.join()).length
      return wrong === 0
    },
    30_000,
  )
  const right = since()
  const { open: connected, resumed, started, refused } = await clients.report()
  const share = resumed / (resumed + started)
  console.log(
    `33: ${CLIENTS} clients of a gateway that was killed: all answered by the other after ${back.toFixed(1)} s, all right (${stations.length} boards compared) after ${right.toFixed(1)} s; ${(100 * share).toFixed(1)} % without a new snapshot, ${refused} refused at the door and let in later`,
  )
  expect(connected).toBe(CLIENTS)
  expect(right).toBeLessThan(30)
})
