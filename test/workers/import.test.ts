import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { parseDate, type ServiceDay } from '#engine/core/time.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { type ImportJob, type ImportProgress, type ImportReport, importNetwork } from '#workers/import.ts'
import { chooseTags, fileNameOf } from '#workers/inputs.ts'
import { buffersOf, openNetwork } from '#workers/network.ts'
import { readNetwork } from '#workers/network-files.ts'
import { openNetworkBeside } from '#workers/open.ts'

let city: { gtfs: string; osm: string }
let cityDir: string
let dir: string
/** All of it, with its streets, and the steps to it. */
let whole: ImportReport
const seen: ImportProgress[] = []
beforeAll(async () => {
  cityDir = mkdtempSync(join(tmpdir(), 'freifahrt-city-'))
  city = await writeDemoCity(cityDir, { from: parseDate('20260105') as ServiceDay, days: 7, seed: 1 })
  whole = await importNetwork(
    { gtfs: [{ tag: 'demo', from: city.gtfs }], osm: city.osm, out: join(cityDir, 'whole') },
    { onProgress: p => seen.push(p) },
  )
})
afterAll(() => rmSync(cityDir, { recursive: true }))
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'freifahrt-import-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const job = (more: Partial<ImportJob> = {}): ImportJob => ({
  gtfs: [{ tag: 'demo', from: city.gtfs }],
  osm: city.osm,
  out: join(dir, 'city'),
  ...more,
})
/** Around Hombruch, in the south-west: half the work where any network will do. */
const HOMBRUCH = '7.40,51.46,7.46,51.49'
const part = (more: Partial<ImportJob> = {}): ImportJob => job({ area: HOMBRUCH, ...more })
const left = (): string[] => readdirSync(dir).sort()

test('a city with its streets: imported, opened, described', async () => {
  const network = openNetwork(whole.out)
  expect(network.timetable.counts.trips).toBeGreaterThan(1000)
  expect(network.footpaths.counts.footpaths).toBeGreaterThan(100)
  expect(network.streets!.counts.edges).toBeGreaterThan(1000)
  const { network: beside } = await openNetworkBeside({ kind: 'folder', dir: whole.out })
  expect(beside.manifest).toEqual(network.manifest)
  expect(buffersOf(beside)).toEqual(buffersOf(network))
  await expect(openNetworkBeside({ kind: 'folder', dir: join(dir, 'nowhere') })).rejects.toMatchObject({
    code: 'NETWORK_UNREADABLE',
  })
  // the timetable opens with room for stops that realtime adds
  expect(network.links!.counts.stops).toBe(network.timetable.counts.stops - network.timetable.counts.roomStops)
  const { feeds, map, zones, serviceDays, bounds, attributions, counts } = network.manifest
  expect(feeds).toMatchObject([{ tag: 'demo', from: 'gtfs.zip', bytes: readFileSync(city.gtfs).length }])
  expect(map).toMatchObject({ from: 'map.osm.pbf' })
  expect(zones).toEqual(['Europe/Berlin'])
  expect(serviceDays[1]).toBe('20260111')
  // Dortmund lies around 51.5 N, 7.5 E
  expect(bounds.map(Math.round)).toEqual([7, 51, 8, 52])
  expect(attributions.map(a => a.text)).toContain('© OpenStreetMap contributors')
  expect(counts.trips).toBe(network.timetable.counts.trips)
  expect(new Set(seen.map(p => p.step))).toEqual(new Set(['timetable', 'streets', 'landscape', 'walks', 'write']))
  expect(whole.cpuSeconds).toBeGreaterThan(0)
  expect(readdirSync(cityDir).sort()).toEqual([city.gtfs, city.osm, whole.out].map(path => basename(path)).sort())
})

test('without a map people walk in straight lines', async () => {
  const { out } = await importNetwork({ gtfs: [{ from: city.gtfs }], out: join(dir, 'city') })
  const network = openNetwork(out)
  expect(network.streets).toBeUndefined()
  expect(network.footpaths.counts.footpaths).toBeGreaterThan(0)
})

test('an area keeps what calls inside', async () => {
  const { counts: all } = whole.manifest
  const { area, counts } = (await importNetwork(part({ out: join(dir, 'part') }))).manifest
  expect(area).toBe(HOMBRUCH)
  expect(counts.trips).toBeGreaterThan(0)
  expect(counts.trips).toBeLessThan(all.trips!)
  expect(counts.streetEdges).toBeLessThan(all.streetEdges!)
})

test('a feed that is refused leaves no network and no trace', async () => {
  const bad = join(dir, 'bad.zip')
  writeFileSync(bad, readFileSync(city.gtfs).subarray(0, 5000))
  await expect(importNetwork(job({ gtfs: [{ from: bad }] }))).rejects.toMatchObject({ code: 'FEED_UNREADABLE' })
  expect(left()).toEqual(['bad.zip'])
  await expect(importNetwork(job({ gtfs: [{ from: join(dir, 'none.zip') }] }))).rejects.toMatchObject({
    code: 'FILE_MISSING',
  })
  writeFileSync(join(dir, 'bad.pbf'), readFileSync(city.osm).subarray(0, 5000))
  await expect(importNetwork(job({ osm: join(dir, 'bad.pbf') }))).rejects.toMatchObject({ code: 'OSM_UNREADABLE' })
  expect(left()).toEqual(['bad.pbf', 'bad.zip'])
})

test('a refused feed leaves the old network as it was', async () => {
  await importNetwork(part())
  const before = readNetwork(join(dir, 'city')).manifest
  await expect(importNetwork(job({ area: '0,0,1,1' }))).rejects.toMatchObject({ name: 'FreifahrtError' })
  expect(readNetwork(join(dir, 'city')).manifest).toEqual(before)
})

test('the same files again: the same network, or none if not wanted', async () => {
  const first = await importNetwork(part())
  const second = await importNetwork(part())
  expect(second.changed).toBe(true)
  expect(second.manifest.files).toEqual(first.manifest.files)
  const third = await importNetwork(part({ unlessSame: true }))
  expect(third).toMatchObject({ changed: false, manifest: { createdAt: second.manifest.createdAt } })
  const other = await importNetwork(part({ unlessSame: true, area: '7.40,51.46,7.46,51.48' }))
  expect(other.changed).toBe(true)
})

test('can be cancelled', async () => {
  const stop = new AbortController()
  const running = importNetwork(job(), {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error('changed my mind')),
  })
  await expect(running).rejects.toThrow('changed my mind')
  expect(left()).toEqual([])
})

// FAILURE 19
// six processes that import a city, one after the other
test('killed at any moment it leaves the old network or none, and the next import clears up', async () => {
  const lines: string[] = []
  const run = async (killAt: number): Promise<void> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'import-child.ts'), JSON.stringify(part())], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    let said = 0
    for await (const line of createInterface(child.stdout)) {
      if (killAt === Number.POSITIVE_INFINITY) lines.push(line)
      if (++said === killAt) child.kill('SIGKILL')
    }
    await ended
  }
  await run(1)
  expect(existsSync(join(dir, 'city'))).toBe(false)
  await run(Number.POSITIVE_INFINITY)
  const good = readNetwork(join(dir, 'city')).manifest
  expect(lines.at(-1)).toBe('done')
  // the last step said is the write: killed right then it is a matter of luck which network stands, but one does
  const moments = [2, Math.floor(lines.length / 2), lines.length - 1]
  for (const moment of moments) {
    await run(moment)
    expect(readNetwork(join(dir, 'city')).manifest.files, `killed after line ${moment}`).toEqual(good.files)
  }
  await importNetwork(part())
  expect(left()).toEqual(['city'])
})

test.each([
  ['feeds/vrn_gtfs_cut.zip', 'vrn-gtfs-cut'],
  ['https://download.gtfs.de/germany/nv_free/latest.zip', 'nv-free'],
  ['https://gtfs.openvrr.de/google_transit.zip?key=1', 'feed'],
  ['tokyo.gtfs.zip', 'tokyo'],
  ['Verkehrsverbund Rhein-Ruhr.zip', 'verkehrsverbund-rhein-ruhr'],
])('the tag of %s is %s', (from, tag) => {
  expect(chooseTags([{ from }])).toEqual([tag])
})

test('tags differ, and have no underscore', () => {
  expect(chooseTags([{ from: 'a/city.zip' }, { from: 'b/city.zip' }])).toEqual(['city', 'city-2'])
  expect(() => chooseTags([{ tag: 'a_b', from: 'x.zip' }])).toThrow('BAD_REQUEST')
  expect(() =>
    chooseTags([
      { tag: 'a', from: 'x.zip' },
      { tag: 'a', from: 'y.zip' },
    ]),
  ).toThrow('given twice')
})

test('every address has a file of its own, which does not tell its key', () => {
  const urls = [
    'https://x.org/gtfs?file=a&key=geheim',
    'https://x.org/gtfs?file=b',
    'https://x.org/gtfs',
    'https://y.org/gtfs',
  ]
  const names = urls.map(fileNameOf)
  expect(new Set(names).size).toBe(urls.length)
  expect(names.join()).not.toContain('geheim')
  expect(fileNameOf('https://x.org/a/b/latest.zip')).toBe('x.org_a_b_latest.zip')
  expect(fileNameOf('https://x.org/100%/feed.zip')).toBe('x.org_100_feed.zip')
})

test('a folder of somebody else is not touched', async () => {
  mkdirSync(join(dir, 'city'))
  writeFileSync(join(dir, 'city', 'diary.txt'), 'mine')
  await expect(importNetwork(job())).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(readdirSync(join(dir, 'city'))).toEqual(['diary.txt'])
})
