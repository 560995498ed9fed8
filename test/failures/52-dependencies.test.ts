// 52: the lockfile is above what is known to be unsafe, each package has a digest, and nothing of it runs when it is installed.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { advised, unsafe } from '../../.ci/advisories.ts'

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
}
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
const names = new Set(Object.keys(packages).map(path => path.slice(path.lastIndexOf('node_modules/') + 13)))

test('52: no locked package is below what is known to be safe', () => {
  expect(unsafe(packages)).toEqual([])
  // an advisory for a package that we no longer have would hide that nobody looks
  expect(advised.filter(name => !names.has(name))).toEqual([])
})

test.each([
  ['ws', '8.20.1', '8.21.0'],
  ['protobufjs', '7.5.5', '7.5.6'],
  ['protobufjs', '8.0.1', '8.0.2'],
  ['protobufjs', '6.11.4', '9.0.0'],
  ['fastify', '4.29.1', '5.8.3'],
  ['minimatch', '5.1.7', '5.2.0'],
  ['minimatch', '4.2.9', '11.0.0'],
  ['glob', '10.4.5', '8.1.0'],
  ['preact', '10.27.2', '10.27.3'],
])('52: %s %s is told, %s is not', (name, before, after) => {
  const nested = `node_modules/any/node_modules/${name}`
  expect(unsafe({ [nested]: { version: before } })).toEqual([expect.stringContaining(`${nested} is ${before}`)])
  expect(unsafe({ [nested]: { version: after } })).toEqual([])
})

test('52: every package that is fetched has a digest, and no install script runs', () => {
  const without = Object.entries(packages).filter(([, { resolved, integrity }]) => resolved && !integrity)
  expect(without.map(([path]) => path)).toEqual([])
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  expect(read('Dockerfile')).toMatch(/npm ci .*--ignore-scripts/)
})
