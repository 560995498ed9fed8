// Versions that are known to be unsafe, and whether package-lock.json has any of them, at whatever depth. The registry's own audit wants an answer of the
// registry; this is the list by hand, for packages that we have or have had. An advisory that is read is written here, then the lockfile is made to hold it.
//
//   node .ci/advisories.ts      exit code 1 if a package is locked below what is safe

import { readFileSync } from 'node:fs'

interface Advisory {
  readonly name: string
  /** First safe version, one for each line that has one; below the first line's everything is unsafe. */
  readonly safe: readonly string[]
  /** First unsafe one; default: all before. */
  readonly since?: string
  readonly ids: string
}

const advisories: readonly Advisory[] = [
  // what requests, sockets and feeds go through
  {
    name: 'ws',
    safe: ['8.21.0'],
    ids: 'memory disclosed by close(), exhausted by tiny fragments (May 2026); CVE-2024-37890',
  },
  {
    name: 'protobufjs',
    safe: ['7.5.6', '8.0.2'],
    ids: 'CVE-2026-44289, CVE-2026-44291, CVE-2026-44292, CVE-2023-36665',
  },
  { name: 'fastify', safe: ['5.8.3'], ids: 'CVE-2026-25223, CVE-2026-25224, CVE-2026-3635, CVE-2025-32442' },
  { name: 'find-my-way', safe: ['8.2.2', '9.0.1'], ids: 'CVE-2024-45813' },
  { name: 'msgpackr', safe: ['1.10.1'], ids: 'CVE-2023-52079' },
  {
    name: 'minimatch',
    safe: ['3.1.4', '5.1.8', '9.0.7', '10.2.3'],
    ids: 'CVE-2026-26996, CVE-2026-27903, CVE-2026-27904',
  },
  { name: 'brace-expansion', safe: ['1.1.12', '2.0.2', '4.0.1'], ids: 'CVE-2025-5889' },
  { name: 'glob', safe: ['10.5.0', '11.1.0'], since: '10.2.0', ids: 'CVE-2025-64756' },
  { name: 'lodash', safe: ['4.17.24'], ids: 'CVE-2026-4800, CVE-2025-13465' },
  { name: 'lodash-es', safe: ['4.17.24'], ids: 'CVE-2026-4800, CVE-2025-13465' },
  { name: 'cookie', safe: ['0.7.0'], ids: 'CVE-2024-47764' },
  { name: 'semver', safe: ['5.7.2', '6.3.1', '7.5.2'], ids: 'CVE-2022-25883' },
  { name: 'ajv', safe: ['6.12.3'], ids: 'CVE-2020-15366' },
  { name: 'underscore', safe: ['1.12.1'], ids: 'CVE-2021-23358' },
  { name: 'tmp', safe: ['0.2.4'], ids: 'CVE-2025-54798' },
  { name: 'marked', safe: ['4.0.10'], ids: 'CVE-2022-21680, CVE-2022-21681' },
  { name: 'markdown-it', safe: ['12.3.2'], ids: 'CVE-2022-21670' },
  { name: 'minimist', safe: ['1.2.6'], ids: 'CVE-2021-44906' },
  // what builds the pages
  { name: 'preact', safe: ['10.26.10', '10.27.3', '10.28.2'], ids: 'CVE-2026-22028' },
  { name: 'vite', safe: ['6.4.1', '7.1.11'], ids: 'CVE-2025-62522, CVE-2025-30208' },
  { name: 'postcss', safe: ['8.4.31'], ids: 'CVE-2023-44270' },
  { name: 'nanoid', safe: ['3.3.8', '5.0.9'], ids: 'CVE-2024-55565' },
  // what only tests and benchmarks load
  { name: 'express', safe: ['4.20.0'], ids: 'CVE-2024-43796' },
  { name: 'send', safe: ['0.19.0'], ids: 'CVE-2024-43799' },
  { name: 'serve-static', safe: ['1.16.0'], ids: 'CVE-2024-43800' },
  { name: 'body-parser', safe: ['1.20.3'], ids: 'CVE-2024-45590' },
  { name: 'path-to-regexp', safe: ['0.1.12'], ids: 'CVE-2024-52798, CVE-2024-45296' },
  { name: 'qs', safe: ['6.14.1'], ids: 'CVE-2025-15284' },
  { name: 'form-data', safe: ['2.5.4', '3.0.4', '4.0.4'], ids: 'CVE-2025-7783' },
  { name: 'on-headers', safe: ['1.1.0'], ids: 'CVE-2025-7339' },
  { name: 'node-fetch', safe: ['2.6.7'], ids: 'CVE-2022-0235' },
  { name: 'sha.js', safe: ['2.4.12'], ids: 'CVE-2025-9288' },
  { name: 'cipher-base', safe: ['1.0.5'], ids: 'CVE-2025-9287' },
  { name: 'hosted-git-info', safe: ['2.8.9', '3.0.8'], ids: 'CVE-2021-23362' },
  { name: 'trim-newlines', safe: ['3.0.1'], ids: 'CVE-2021-33623' },
  { name: '@babel/runtime', safe: ['7.26.10'], ids: 'CVE-2025-27789' },
  { name: 'playwright-core', safe: ['1.55.1'], ids: 'CVE-2025-59288' },
]

type Packages = Readonly<Record<string, { readonly version?: string }>>

const numbers = (version: string): number[] => version.split('-')[0]!.split('.').map(Number)

/** Negative: `a` is the older one. What comes before a release counts as it. */
function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)]
  const at = left.findIndex((part, i) => part !== right[i])
  return at < 0 ? 0 : left[at]! - right[at]!
}

function isSafe(version: string, { safe, since }: Advisory): boolean {
  if (since !== undefined && compare(version, since) < 0) return true
  // the newest line that is not beyond it: of 7.5.6 and 8.0.2 that is 7.5.6 for 7.9, and 8.0.2 for 8.0.1, being its own
  const [major, minor] = numbers(version)
  const own = safe.filter(one => numbers(one)[0] === major)
  const line = own.filter(one => numbers(one)[1]! <= minor!)
  if (own.length > 0) return line.length > 0 && compare(version, line.at(-1)!) >= 0
  return numbers(safe.at(-1)!)[0]! < major!
}

/** A sentence for each locked package that is unsafe. */
export function unsafe(packages: Packages): string[] {
  const found: string[] = []
  for (const [path, { version }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    for (const advisory of advisories)
      if (advisory.name === name && version !== undefined && !isSafe(version, advisory))
        found.push(`${path} is ${version}, safe from ${advisory.safe.join(' or ')} on: ${advisory.ids}`)
  }
  return found
}

/** Packages with an advisory. */
export const advised: readonly string[] = advisories.map(({ name }) => name)

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
  const found = unsafe(lock.packages)
  for (const sentence of found) console.error(sentence)
  if (found.length > 0) process.exitCode = 1
  else console.log(`package-lock.json: none of ${advisories.length} packages with advisories is below what is safe`)
}
