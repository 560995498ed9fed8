import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { searchStops } from '#engine/places/stops.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { createClock } from '#workers/clock.ts'
import { type ImportProgress, importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { findPreset, presetJob } from '#workers/presets.ts'
import type { Published } from '#workers/service.ts'
import { startService } from '#workers/start.ts'
import { listenHere } from '../helpers/loopback.ts'
import { proto } from '../helpers/realtime.ts'

// The dortmund preset, end to end, against a server on this machine that stands in for all the others: the demo city plays Dortmund, with
// the rest of the country's realtime around it. The first download breaks off in the middle.

const date = parseDate('20260107') as ServiceDay
// Wednesday, 08:00 in Dortmund
const now = (date * 86_400 + 7 * 3600) as UnixSeconds
const simulator = createSimulator({ seed: 1 })
const files = new Map<string, Buffer>()
const asked: string[] = []
let dir: string
let broken = false

const server = createServer((request, response) => {
  asked.push(`${request.url}${request.headers.range ? ` ${request.headers.range}` : ''}`)
  if (request.url === '/realtime.gtfs.de/realtime-free.pb') return void response.end(countrywide())
  const file = files.get(request.url!)
  if (!file) return void response.writeHead(404).end()
  serveFile(file, request.headers.range, request.headers['if-none-match'], response)
})

function serveFile(file: Buffer, range: string | undefined, known: string | undefined, response: ServerResponse): void {
  const etag = `"${file.length}"`
  if (known === etag) return void response.writeHead(304).end()
  const begin = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  const headers = { etag, 'content-length': String(file.length - begin) }
  if (begin > 0)
    response.writeHead(206, { ...headers, 'content-range': `bytes ${begin}-${file.length - 1}/${file.length}` })
  else response.writeHead(200, headers)
  if (broken) return void response.end(file.subarray(begin))
  broken = true
  response.write(file.subarray(0, file.length >> 1))
  breakOff = () => response.destroy()
}
let breakOff = (): void => {}

/** The city's message with a thousand trips from elsewhere. */
function countrywide(): Uint8Array {
  const message = proto.FeedMessage.decode(simulator.messageAt(now))
  for (let i = 0; i < 1000; i++)
    message.entity.push(
      proto.FeedEntity.create({
        id: `elsewhere-${i}`,
        tripUpdate: { trip: { tripId: `ice-${i}` }, stopTimeUpdate: [{ stopSequence: 1, arrival: { delay: 60 } }] },
      }),
    )
  return proto.FeedMessage.encode(message).finish()
}

let mirror = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'freifahrt-preset-'))
  const city = await writeDemoCity(join(dir, 'city'), { from: (date - 2) as ServiceDay, days: 7, seed: 1 })
  files.set('/download.gtfs.de/germany/nv_free/latest.zip', readFileSync(city.gtfs))
  files.set(
    '/download.geofabrik.de/europe/germany/nordrhein-westfalen/arnsberg-regbez-latest.osm.pbf',
    readFileSync(city.osm),
  )
  mirror = `${await listenHere(server)}/`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise(done => server.close(done))
  rmSync(dir, { recursive: true })
})

test('dortmund: downloaded with a resume, cut to its area, imported, live', async () => {
  const preset = findPreset('dortmund', mirror)
  const steps: ImportProgress[] = []
  const onProgress = (progress: ImportProgress): void => {
    steps.push(progress)
    if (progress.step === 'download') breakOff()
  }
  const report = await importNetwork(presetJob(preset, dir), { onProgress })
  expect(steps.map(s => s.step)).toContain('download')
  expect(asked.filter(url => / bytes=\d+-$/.test(url)).length).toBe(1)
  expect(report.manifest).toMatchObject({ area: preset.area, feeds: [{ tag: 'de' }] })
  expect(report.manifest.attributions.map(a => a.text)).toContain(preset.attributions[0]!.text)

  const again = await importNetwork(presetJob(preset, dir))
  expect(again.changed).toBe(false)

  const clock = createClock()
  clock.set(now, true)
  const service = await startService({
    network: openNetwork(report.out),
    clock,
    sources: preset.realtime,
    planWorker: new URL('../../api/plan.worker.ts', import.meta.url),
    threads: 1,
  })
  try {
    if (service.horizon.live.counts.runs === 0) await new Promise<Published>(done => service.onPublish(done))
    const [source] = service.sources()
    expect(source).toMatchObject({ tag: 'de', applied: 1, outsideArea: 1000, unmatched: 0 })
    expect(source!.matched).toBeGreaterThan(50)
    const stop = (name: string) => ({ kind: 'stop', stop: searchStops(service.lookup, name)[0]!.stop }) as const
    const from = stop('Hombruch')
    const to = stop('Reinoldikirche')
    const bytes = await service.plan(
      { ...queryDefaults, from, to, time: now },
      {
        version: 6,
        language: ['de'],
        extra: { requestParameters: {}, transit: true, annotate: true, detailedLegs: true },
      },
    )
    const answer = JSON.parse(new TextDecoder().decode(bytes)) as { itineraries: { legs: unknown[] }[] }
    expect(answer.itineraries.length).toBeGreaterThan(0)
  } finally {
    await service.close()
  }
})

test('an unknown preset names those there are', () => {
  expect(() => findPreset('atlantis')).toThrow(/there are dortmund/)
})
