// The command as a person runs it, on a network made from a small feed. That a word is a process which ends with its code is seen once for each,
// done and refused; all else is asked for in this one.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { run as runProgram } from '#api/cli/program.ts'
import type { PlanResponse } from '#api/contract/itinerary.ts'
import { createBikeShare } from '#feeds/demo/bikes.ts'
import { buildCity } from '#feeds/demo/city.ts'
import { serveSimulator } from '#feeds/demo/serve.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { smallFeed } from '../../helpers/gtfs.ts'
import { feedMessage, trip, vehicle } from '../../helpers/realtime.ts'

const cli = resolve(import.meta.dirname, '../../../api/cli.ts')
const dir = mkdtempSync(join(tmpdir(), 'freifahrt-test-'))
const feed = join(dir, 'feed')
const network = join(dir, 'network')
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(args)
  let [out, err] = ['', '']
  child.stdout!.on('data', text => (out += text))
  child.stderr!.on('data', text => (err += text))
  const code = await new Promise<number | null>(done => child.on('close', done))
  return { code, out, err }
}

class Ended extends Error {
  readonly code: number
  constructor(code: number) {
    super(`ended with ${code}`)
    this.code = code
  }
}

/** What the word says in this process before it would end it. */
async function runHere(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { log: '', error: '' }
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation(text => {
      said[stream] += `${text}\n`
    })
  vi.spyOn(process, 'exit').mockImplementation(code => {
    throw new Ended(Number(code))
  })
  try {
    await runProgram(['node', 'freifahrt', ...args])
    throw new Ended(0)
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    return { code: error.code, out: said.log, err: said.error }
  } finally {
    vi.restoreAllMocks()
  }
}

/** A busy machine takes longer than the second after which an import says how far it is. */
const withoutProgress = (err: string): string => err.replace(/^(?:timetable|streets|walks|write): .*\n/gm, '')

beforeAll(async () => {
  mkdirSync(feed)
  for (const [file, text] of Object.entries(smallFeed)) writeFileSync(join(feed, file), text)
  const { code, out, err } = await run('import', '--gtfs', `x=${feed}`, '--out', network)
  expect([code, withoutProgress(err)]).toEqual([0, ''])
  expect(out).toMatch(/stop_times\.txt +8 +rows +0 +left out/)
  expect(out).toContain('4 stops, 3 trips, 20260105–20260109')
})

test('--help names every word and its exit codes', async () => {
  const { code, out } = await run('--help')
  expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(code).toBe(0)
  for (const word of ['import', 'serve', 'demo', 'plan', 'bench', 'sql'])
    expect(out).toMatch(new RegExp(`^  ${word} \\[`, 'm'))
})

test('what is mistyped is refused in one line that says where to look', async () => {
  const { code, out, err } = await run('serve', '--prot', '80')
  expect([code, out]).toEqual([1, ''])
  expect(err).toBe("freifahrt: unknown option '--prot' (Did you mean --port?) — `freifahrt serve --help` explains it\n")
})

test('a port that is taken is told before anything is fetched or made', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, out, err } = await runHere('demo', '--port', String(port))
  other.close()
  expect([code, out]).toEqual([1, ''])
  expect(err).toBe(`freifahrt: port ${port} of 127.0.0.1 is taken by another program — choose another with --port\n`)
})

describe('import', () => {
  test('refuses what is no feed with one line, exit code 1, and no folder', async () => {
    const broken = join(dir, 'broken.zip')
    writeFileSync(broken, 'PK\x03\x04 and then nothing')
    const out = join(dir, 'refused')
    const { code, err } = await run('import', '--gtfs', broken, '--out', out)
    expect(code).toBe(1)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).toMatch(/^freifahrt: FEED_UNREADABLE at broken\.zip: .+ — /)
    expect(existsSync(out)).toBe(false)
  })

  test.each([
    [['--gtfs', feed, '--out', ''], 'BAD_REQUEST', 'choose another folder'],
    [['--gtfs', feed, '--out', join(feed, 'stops.txt', 'x')], 'NETWORK_UNWRITABLE', 'choose another --out'],
    [['--gtfs', feed, '--out', join(feed, 'stops.txt', 'x', 'y')], 'NETWORK_UNWRITABLE', 'choose another --out'],
    [['--gtfs', feed, '--osm', 'none.pbf', '--out', join(dir, 'refused')], 'FILE_MISSING', 'none.pbf'],
    [['--gtfs', feed, '--area', 'none.geojson', '--out', join(dir, 'refused')], 'FILE_MISSING', 'none.geojson'],
    [['--gtfs', 'none.zip', '--out', join(dir, 'refused')], 'FILE_MISSING', 'none.zip'],
  ])('%j: %s, and nothing is written', async (args, code, detail) => {
    const before = readdirSync(dir)
    const { code: exit, err } = await runHere('import', ...args)
    expect(withoutProgress(err)).toMatch(new RegExp(`^freifahrt: ${code} at .*${detail}.*\n$`))
    expect(exit).toBe(1)
    expect(readdirSync(dir)).toEqual(before)
  })

  test('--json prints the report', async () => {
    const { out } = await runHere('import', '--gtfs', `x=${feed}`, '--out', join(dir, 'again'), '--json')
    expect(JSON.parse(out)).toMatchObject({ manifest: { feeds: [{ tag: 'x' }], counts: { stops: 4, trips: 3 } } })
  })
})

describe('plan', () => {
  const ask = (...args: string[]) => runHere('plan', '--network', network, ...args)

  test('by the feed’s own ids, in the network’s own time', async () => {
    const words = ['--from', 'A', '--to', 'C', '--time', '2026-01-05T09:55', '--window', '600']
    const { code, out } = await run('plan', '--network', network, ...words)
    expect(code).toBe(0)
    expect(out).toContain('10:00 → 10:20   20 min, direct')
    expect(out).toMatch(/10:00 {2}10:20 {2}U1 .*Anfang → Centrum/)
  })

  test('--json is the API’s answer', async () => {
    const { out } = await ask('--from', 'x_A', '--to', 'Centrum', '--time', '2026-01-05T09:55:00+01:00', '--json')
    const { itineraries } = JSON.parse(out) as PlanResponse
    expect(itineraries[0]).toMatchObject({
      startTime: '2026-01-05T09:00:00Z',
      endTime: '2026-01-05T09:20:00Z',
      transfers: 0,
    })
  })

  test('with realtime from a file, and room for ten minutes', async () => {
    const now = Date.parse('2026-01-05T08:50:00Z') / 1000
    const file = join(dir, 'now.pb')
    const on = (tripId: string) => ({ tripId, startDate: '20260105' })
    writeFileSync(
      file,
      feedMessage(
        { timestamp: now },
        trip('t1', { startDate: '20260105' }).stop('A').delay(90),
        vehicle('1', { trip: on('t1'), occupancyStatus: 5 }),
        vehicle('2', { trip: on('t2'), occupancyStatus: 0, occupancyPercentage: 4 }),
      ),
    )
    const asked = ['--from', 'A', '--to', 'C', '--now', '2026-01-05T09:50', '--time', '2026-01-05T09:55']
    const late = await ask(...asked, '--gtfs-rt', file)
    expect([late.code, late.err]).toEqual([0, ''])
    expect(late.out).toMatch(/10:01 {2}10:21 {2}U1 towards Centrum {2}Anfang → Centrum {2}\+90 s +full\n/)
    expect(late.out).toMatch(/11:00 {2}11:20 {2}U1 .* empty \(4 % full\)/)
    const roomy = await ask(...asked, '--gtfs-rt', file, '--prefer-room', '60')
    expect(roomy.out).not.toContain('10:01')
    expect(roomy.out).toContain('11:00')
  })

  test('with the wishes of the API, read by the API', async () => {
    const words = ['--from', 'A', '--to', 'C', '--time', '2026-01-05T09:55', '--json']
    const asked = async (...wishes: string[]) =>
      (JSON.parse((await ask(...words, ...wishes)).out) as PlanResponse).requestParameters
    expect(await asked('--via', 'Centrum=20', '--via', '50.1,8.2')).toMatchObject({
      via: 'x_C,50.1;8.2',
      viaMinimumStay: '20,0',
    })
    expect(await asked('--wheelchair', '--modes', 'BUS,TRAM', '--wish', 'maxTransfers=1')).toMatchObject({
      pedestrianProfile: 'WHEELCHAIR',
      transitModes: 'BUS,TRAM',
      maxTransfers: '1',
    })
    const { out } = await ask(...words.slice(0, -1), '--modes', 'FERRY')
    expect(out).toMatch(/^09:55 → 10:20 {3}25 min, on foot\n/)
  })

  test.each([
    ['maxTransfer=1', "BAD_REQUEST at --wish: 'maxTransfer' is no parameter of GET /api/v6/plan"],
    ['fromPlace=A', 'BAD_REQUEST at --wish: say fromPlace with --from'],
    ['maxTransfers', "BAD_REQUEST at --wish: 'maxTransfers' is no wish: write maxTransfers=1"],
    ['maxTransfers=many', 'BAD_REQUEST at maxTransfers: '],
  ])('--wish %s: refused', async (wish, sentence) => {
    const { code, err } = await ask('--from', 'A', '--to', 'C', '--time', '2026-01-05T09:55', '--wish', wish)
    expect([code, err.slice(0, 11 + sentence.length)]).toEqual([1, `freifahrt: ${sentence}`])
  })

  test.each([
    ['nowhere', '2026-01-05T09:55', /^freifahrt: UNKNOWN_STOP at --from: /],
    ['Anfang of nowhere', '2026-01-05T09:55', /^freifahrt: UNKNOWN_STOP at --from: /],
    ['A', '2031-01-05T09:55', /^freifahrt: TIME_OUTSIDE_TIMETABLE at time: .* — choose a time/],
    ['A', 'soon', /^freifahrt: BAD_REQUEST at --time: /],
  ])('from %s at %s: refused', async (from, time, expected) => {
    const words = ['--network', network, '--from', from, '--to', 'C', '--time', time]
    const { code, out, err } = await runHere('plan', ...words)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(expected)
  })
})

test('bench writes a row for each query', async () => {
  const queries = join(dir, 'queries.csv')
  const answers = join(dir, 'answers.csv')
  writeFileSync(
    queries,
    'from_stop_id,to_stop_id,departure\nA,C,2026-01-05T09:55:00+01:00\nC,A,2026-01-05T09:55:00+01:00\n',
  )
  const bench = (...args: string[]) =>
    runHere('bench', '--network', network, '--queries', queries, '--out', answers, ...args)
  const rows = (): string[] => readFileSync(answers, 'utf8').trimEnd().split('\n').slice(1)

  expect((await bench('--mode', 'earliest')).code).toBe(0)
  const [there, back] = rows()
  expect(there).toMatch(
    /^A,C,2026-01-05T09:55:00\+01:00,2026-01-05T09:20:00Z,0,1,2026-01-05T08:55:00Z\|2026-01-05T09:20:00Z\|0;,\d+\.\d+$/,
  )
  expect(back).toMatch(/^C,A,2026-01-05T09:55:00\+01:00,,,0,,\d+\.\d+$/)

  // the window is half open: the 11:00 bus leaves at its end
  await bench('--mode', 'range', '--window', '3900')
  expect(rows()[0]).toContain(',1,2026-01-05T09:00:00Z|2026-01-05T09:20:00Z|0;,')
  await bench('--mode', 'range', '--window', '3901')
  expect(rows()[0]).toContain(
    ',2,2026-01-05T09:00:00Z|2026-01-05T09:20:00Z|0;2026-01-05T10:00:00Z|2026-01-05T10:20:00Z|0;,',
  )
})

describe('serve', () => {
  test('answers until it is told to stop, then goes with code 0', async () => {
    const child = start(['serve', '--network', network, '--port', '0', '--now', '2026-01-05T09:55'])
    const url = await addressOf(child)
    const { stopTimes } = (await (await fetch(`${url}/api/v6/stoptimes?stopId=x_A&n=1`)).json()) as {
      stopTimes: object[]
    }
    expect(stopTimes).toMatchObject([{ place: { departure: '2026-01-05T09:00:00Z' } }])
    expect(await (await fetch(url)).text()).toContain('<html')
    child.kill('SIGTERM')
    expect(await new Promise(done => child.on('close', done))).toBe(0)
  })

  test('polls addresses only, and does not print their keys', async () => {
    const serve = (url: string) => ['serve', '--network', network, '--port', '0', '--gtfs-rt', url]
    expect(await runHere(...serve('updates.pb'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^freifahrt: BAD_REQUEST at --gtfs-rt: 'updates\.pb' is no http/),
    })
    const child = start(serve('http://127.0.0.1:9/updates.pb?key=canary'))
    let said = ''
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', text => (said += text))
    await addressOf(child)
    child.kill('SIGTERM')
    await new Promise(done => child.on('close', done))
    expect(said).toContain('realtime from http://127.0.0.1:9/updates.pb\n')
    expect(said).not.toContain('canary')
    // a timetable that is over is said, not shown as boards without departures
    expect(said).toContain('Today is on no service day of this network')
  })

  test('--gbfs: what is for rent is told as soon as the source has answered', async () => {
    const bikes = createBikeShare(buildCity(), 1)
    const source = await serveSimulator({ simulator: createSimulator({ seed: 1 }), bikes, clock: () => 1_767_607_200 })
    const gbfs = `rad=${source.url}/gbfs/gbfs.json`
    const child = start(['serve', '--network', network, '--port', '0', '--now', '2026-01-05T09:55', '--gbfs', gbfs])
    try {
      const url = await addressOf(child)
      const systems = async () => {
        const { providers } = (await (await fetch(`${url}/api/v1/rentals`)).json()) as { providers: { id: string }[] }
        return providers.map(provider => provider.id)
      }
      await expect.poll(systems).toEqual(['rad'])
    } finally {
      child.kill('SIGTERM')
      await new Promise(done => child.on('close', done))
      await source.close()
    }
    expect(await runHere('serve', '--network', network, '--port', '0', '--gbfs', 'rad=gbfs.pb')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^freifahrt: BAD_REQUEST at --gbfs: /m),
    })
  })

  test('needs to be told what', async () => {
    expect(await runHere('serve', '--port', '0')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^freifahrt: BAD_REQUEST at serve: /),
    })
  })
})

interface Feeds {
  realtime: { matched: number; unmatched: number }[]
}

test('demo: a city out of nothing, its realtime matched', async () => {
  const child = start(['demo', '--port', '0'])
  const url = await addressOf(child)
  const feeds = async () => (await (await fetch(`${url}/api/freifahrt/v1/feeds`)).json()) as Feeds
  await expect.poll(async () => (await feeds()).realtime[0]?.matched).toBeGreaterThan(0)
  expect((await feeds()).realtime[0]).toMatchObject({ unmatched: 0 })
  child.kill('SIGINT')
  expect(await new Promise(done => child.on('close', done))).toBe(0)
})

/** Waits for the line that says where the page is. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let text = ''
    const hear = (chunk: unknown): void => {
      text += chunk
      const url = /page +(http:\S+)\//.exec(text)?.[1]
      if (url !== undefined) done(url)
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.on('close', code => fail(new Error(`ended with ${code}: ${text}`)))
  })
}

test('who lists jobs, or starts one, while Redis is away is told so at once', async () => {
  const jobs = join(dir, 'jobs.json')
  const job = { name: 'counts', everyHours: 1, statistics: { from: 'http://localhost', out: join(dir, 'counts') } }
  writeFileSync(jobs, JSON.stringify([job]))
  for (const words of [['list'], ['start', 'counts']]) {
    vi.stubEnv('REDIS_URL', 'redis://127.0.0.1:1')
    const { code, err } = await runHere('jobs', ...words, '--jobs', jobs).finally(() => vi.unstubAllEnvs())
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^freifahrt: FETCH_FAILED at REDIS_URL: connect ECONNREFUSED/),
    ])
  }
})
