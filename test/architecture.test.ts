import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf, violations } from './helpers/imports.ts'

const root = resolve(import.meta.dirname, '..')
const filesOf = (folder: string): string[] =>
  globSync(`${folder}/**/*.ts`, { cwd: root }).map(p => p.replaceAll('\\', '/'))

describe.each(['engine', 'feeds', 'workers', 'api'])('%s/', folder => {
  test('imports only what it may, and stays as pure as it must', () => {
    const files = filesOf(folder)
    expect(files.length).toBeGreaterThan(0)
    const found = files.flatMap(path =>
      violations(path, readFileSync(resolve(root, path), 'utf8')).map(v => `${path} ${v}`),
    )
    expect(found).toEqual([])
  })
})

describe('the checker', () => {
  const cases: [string, string, string | undefined][] = [
    ['engine/plan/plan.ts', `import { search } from '../transit/raptor.ts'`, undefined],
    ['engine/plan/plan.ts', `import type { StreetGraph } from '#engine/street/graph.ts'`, undefined],
    ['engine/street/snap.ts', `import Flatbush from 'flatbush'`, undefined],
    ['engine/core/time.ts', `// not Date.now(): the clock is the caller's\nconst text = 'process'`, undefined],
    ['engine/core/time.ts', 'export const back = (ms: number) => new Date(ms)', undefined],
    ['feeds/gtfs/zip.ts', `import { inflateRawSync } from 'node:zlib'`, undefined],
    ['api/app.ts', `import type { Horizon } from '#engine/horizon/horizon.ts'`, undefined],
    ['api/cli/serve.ts', `import { ensureWebBuilt } from '../../web/build.ts'`, undefined],
    ['test/x.test.ts', `import '#api/app.ts'`, undefined],

    [
      'engine/transit/raptor.ts',
      `import { reachStops } from '../street/search.ts'`,
      'engine/transit may not know engine/street',
    ],
    ['engine/core/geo.ts', `import type { StopIdx } from '#engine/timetable/timetable.ts'`, 'engine/core may not know'],
    ['engine/horizon/compile.ts', `import { plan } from '../plan/plan.ts'`, 'engine/horizon may not know engine/plan'],
    ['engine/fares/fares.ts', `import { verify } from '../core/errors.ts'`, 'engine/fares is a new folder'],
    ['engine/live/apply.ts', `import { decode } from '#feeds/realtime/decode.ts'`, 'engine/ may not know feeds/'],
    [
      'engine/live/apply.ts',
      `const d = await import('../../feeds/realtime/decode.ts')`,
      'a relative path leaves engine/',
    ],
    ['engine/core/geo.ts', `import { readFileSync } from 'node:fs'`, 'engine/ may only use'],
    ['engine/core/geo.ts', `export { load } from "piscina"`, 'engine/ may only use'],
    ['engine/core/time.ts', 'export const now = () => Date.now()', 'is not pure: Date.now'],
    ['engine/core/time.ts', 'const zone = Temporal.Now.timeZoneId()', 'is not pure: Temporal'],
    ['engine/core/errors.ts', 'if (process.env.DEBUG) console.log(1)', 'is not pure: process'],
    ['feeds/demo/city.ts', `import { startService } from '#workers/start.ts'`, 'feeds/ may not know workers/'],
    [
      'workers/start.ts',
      `new Worker(new URL('../api/plan.worker.ts', import.meta.url))`,
      'a relative path leaves workers/',
    ],
    ['api/app.ts', `import { loadGtfs } from '#feeds/gtfs/load.ts'`, 'api/ may not know feeds/'],
    ['api/app.ts', `import { page } from '../web/planner/app.tsx'`, 'a relative path leaves api/'],
    ['api/render/run.ts', `import type { Row } from '#api/live/rows/board.ts'`, undefined],
    ['api/render/run.ts', `import { planRoutes } from '../motis/plan.ts'`, 'api/render may not know api/motis/plan.ts'],
    ['api/live/rows/board.ts', `import { Channel } from '../channel.ts'`, 'api/rows may not know api/live/channel.ts'],
    ['feeds/gtfs/all.ts', `export * from './zip.ts'`, 're-exports a whole module'],
    ['workers/pool.ts', 'export default class Pool {}', 'has a default export'],
  ]
  test.each(cases)('%s: %s', (path, source, expected) => {
    const found = violations(path, source).join('; ')
    if (expected === undefined) expect(found).toBe('')
    else expect(found).toContain(expected)
  })

  test('sees imports over several lines and ignores those in comments', () => {
    const source = `import {\n  a,\n  b,\n} from './a.ts'\n// import './b.ts'\n/* from './c.ts' */\nimport './d.ts'`
    expect(importsOf(source)).toEqual(['./a.ts', './d.ts'])
  })

  test('takes a text that reads from for no import', () => {
    expect(importsOf(`type Start = Pick<Leg, 'from' | 'departure'>`)).toEqual([])
  })
})
