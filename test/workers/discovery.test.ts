// A catalogue, a manifest and three systems of which one is elsewhere, on loopback.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fetchGbfs } from '#feeds/gbfs/fetch.ts'
import { discoverSystems } from '#workers/discovery.ts'
import { listenHere } from '../helpers/loopback.ts'
import { PATIENCE } from '../helpers/until.ts'

const pages = new Map<string, () => unknown>()
const server = createServer(({ url = '' }, response) => {
  const page = pages.get(url)?.()
  if (page === undefined) response.writeHead(500).end()
  else response.end(typeof page === 'string' ? page : JSON.stringify(page))
})
let base: string
let out: string
beforeAll(async () => {
  base = await listenHere(server)
})
afterAll(() => void server.close())
beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-discovery-'))
  out = join(dir, 'gbfs.json')
  pages.clear()
  pages.set('/systems.csv', () => catalogue('rad', 'fern', 'roller'))
  system('rad', 51.5)
  system('fern', 40)
  system('roller', 51.51)
  system('eigen', 51.52)
  return () => rmSync(dir, { recursive: true })
})

const catalogue = (...ids: string[]): string =>
  [
    'Country Code,Name,Location,System ID,URL,Auto-Discovery URL',
    ...ids.map(id => `DE,"Räder,\n${id}",Dortmund,${id},https://example.org,${base}/${id}/gbfs.json`),
    `FR,Vélo,Paris,velo,https://example.org,${base}/never-asked`,
  ].join('\r\n')

/** A system with one station at this latitude. */
function system(id: string, lat: number): void {
  const document = (data: unknown) => ({ last_updated: 1_767_600_000, ttl: 60, version: '2.3', data })
  const feeds = ['system_information', 'station_information', 'station_status'].map(name => ({
    name,
    url: `${base}/${id}/${name}`,
  }))
  pages.set(`/${id}/gbfs.json`, () => document({ de: { feeds } }))
  pages.set(`/${id}/system_information`, () => document({ system_id: id, name: `Räder ${id}` }))
  pages.set(`/${id}/station_information`, () => document({ stations: [{ station_id: '1', name: 'M', lat, lon: 7.4 }] }))
  pages.set(`/${id}/station_status`, () => document({ stations: [] }))
}

const DAY = 86_400_000
const start = Date.parse('2026-01-05T03:00:00Z')
const discover = (days = 0, from = [`${base}/systems.csv`, `${base}/eigen/gbfs.json`]) =>
  discoverSystems(
    { from, area: '7.3,51.4,7.6,51.6', countries: ['DE'], out },
    { allowHosts: [], signal: AbortSignal.timeout(PATIENCE), now: start + days * DAY },
  )
const follow = async (): Promise<string[]> =>
  (await fetchGbfs(out, { allowHosts: [new URL(base).host] })).map(({ name }) => name)

test('systems of a catalogue, and those named by themselves: whose stations lie in the area', async () => {
  expect(await discover()).toMatch(/3 systems, 3 new, 0 gone, 0 silent/)
  expect(await follow()).toEqual(['eigen', 'rad', 'roller'])
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
    version: '3.0',
    data: {
      datasets: [{ system_id: 'eigen', versions: [{ version: '2.3', url: `${base}/eigen/gbfs.json` }] }, {}, {}],
    },
  })
})

test('systems that say no id are told apart, and a name in several languages is its first', async () => {
  for (const id of ['a', 'b']) {
    system(id, 51.5)
    pages.set(`/${id}/system_information`, () => ({
      version: '3.0',
      data: { name: [{ text: `Räder ${id}`, language: 'de' }] },
    }))
  }
  const from = ['a', 'b'].map(id => `${base}/${id}/gbfs.json`)
  expect(await discover(0, from)).toMatch(/2 systems, 2 new/)
  const { datasets } = JSON.parse(readFileSync(out, 'utf8')).data
  expect(datasets.map((row: { _freifahrt: { name: string } }) => row._freifahrt.name).sort()).toEqual([
    'Räder a',
    'Räder b',
  ])
  for (const { system_id } of datasets) expect(system_id).toMatch(/^127\.0\.0\.1-[0-9a-f]{8}$/)
  expect(await discover(1, from)).toMatch(/2 systems, 0 new, 0 gone/)
})

test('systems come and go; one that is silent is kept for a week', async () => {
  await discover()
  pages.delete('/roller/gbfs.json')
  pages.set('/systems.csv', () => catalogue('fern', 'roller', 'neu'))
  system('neu', 51.55)
  expect(await discover(1)).toMatch(/3 systems, 1 new, 1 gone, 1 silent/)
  expect(JSON.parse(readFileSync(out, 'utf8')).data.datasets.map((d: { system_id: string }) => d.system_id)).toEqual([
    'eigen',
    'neu',
    'roller',
  ])
  expect(await discover(6.9)).toMatch(/3 systems, 0 new, 0 gone, 1 silent/)
  expect(await discover(7.1)).toMatch(/2 systems, 0 new, 1 gone, 1 silent/)
})

test('a catalogue that cannot be read leaves its systems, and when none can be read the file stays', async () => {
  await discover()
  const before = readFileSync(out, 'utf8')
  pages.delete('/systems.csv')
  expect(await discover(1)).toMatch(/3 systems, 0 new, 0 gone/)
  pages.clear()
  const after = readFileSync(out, 'utf8')
  expect(after).not.toBe(before)
  await expect(discover(2, [`${base}/systems.csv`])).rejects.toThrow(/FETCH_FAILED/)
  expect(readFileSync(out, 'utf8')).toBe(after)
  pages.set('/systems.csv', () => '<html>')
  await expect(discover(2, [`${base}/systems.csv`])).rejects.toThrow(/FEED_UNREADABLE/)
})

test('what follows the file keeps the last word of a system that does not answer, and asks no private address by itself', async () => {
  await discover()
  const options = { allowHosts: [new URL(base).host], known: new Map() }
  const names = async (): Promise<string[]> => (await fetchGbfs(out, options)).map(({ name }) => name)
  expect(await names()).toEqual(['eigen', 'rad', 'roller'])
  pages.delete('/rad/station_information')
  expect(await names()).toEqual(['eigen', 'rad', 'roller'])
  expect(await follow()).toEqual(['eigen', 'roller'])
  await expect(fetchGbfs(out, { allowHosts: [] })).rejects.toThrow(/private network/)
  await expect(fetchGbfs(`${out}.none`, options)).rejects.toThrow(/FILE_MISSING/)
})

test('what a manifest no longer names is forgotten with its last word', async () => {
  await discover()
  const gone = { documents: {}, at: performance.now() - 15 * 60_000 }
  const known = new Map([['https://example.org/gone', gone]])
  await fetchGbfs(out, { allowHosts: [new URL(base).host], known })
  expect([...known.keys()]).toEqual(['eigen', 'rad', 'roller'].map(id => `${base}/${id}/gbfs.json`))
})

test('a row that begins with an empty cell has all its cells', async () => {
  pages.set('/systems.csv', () => catalogue('rad').replace('\nDE,"Räder, rad"', '\n,Rad'))
  expect(await discover(0, [`${base}/systems.csv`])).toMatch(/1 systems/)
})

test('a catalogue of the whole world is refused before it is asked', async () => {
  pages.set('/systems.csv', () => catalogue(...Array.from({ length: 501 }, (_, i) => `s${i}`)))
  await expect(discover()).rejects.toThrow(/TOO_LARGE .*countries/)
})

test('of more systems than can be followed fifty are kept, and the job says how many are not', async () => {
  const ids = Array.from({ length: 52 }, (_, i) => `s${i}`)
  for (const id of ids) system(id, 51.5)
  pages.set('/systems.csv', () => catalogue(...ids))
  expect(await discover(0, [`${base}/systems.csv`])).toMatch(/50 systems, 50 new.* 2 left out: at most 50 are kept/)
})
