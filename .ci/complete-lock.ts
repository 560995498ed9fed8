// Completes package-lock.json with optional platform packages that npm left out, so that `npm ci` accepts it on every machine.
// npm drops an optional dependency from the lockfile when its registry does not list that package, and then refuses the lockfile
// ("Missing: … from lock file"). An entry with version and platform, but without address and checksum, is what it wants: such a package
// is never installed where its os and cpu do not fit.
//
//   node .ci/complete-lock.ts            writes what is missing; run it after every `npm install`
//   node .ci/complete-lock.ts --check    only reports; exit code 1 if anything is missing

import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
type Packages = Record<string, Entry>

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** Does the package at `path` find `name`: in its own node_modules, or in that of any folder above? */
function isLocked(packages: Packages, path: string, name: string): boolean {
  for (let base = path; base !== ''; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/'))))
    if (packages[`${base}/node_modules/${name}`]) return true
  return packages[`node_modules/${name}`] !== undefined
}

/** The entry for a platform package, its platform read from its name: `@biomejs/cli-linux-x64-musl`. */
function platformEntry(name: string, range: string, parent: Entry): Entry {
  const words = name.split(/[-/]/).map(word => (word === 'windows' ? 'win32' : word))
  const os = words.filter(word => systems.includes(word)).slice(0, 1)
  const cpu = words.filter(word => processors.includes(word)).slice(0, 1)
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(parent.dev ? { dev: true } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(words.includes('musl') ? { libc: ['musl'] } : {}),
  }
}

function missingEntries(packages: Packages): Packages {
  const missing: Packages = {}
  for (const [path, entry] of Object.entries(packages))
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {}))
      if (!isLocked(packages, path, name)) missing[`node_modules/${name}`] = platformEntry(name, range, entry)
  return missing
}

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Packages }
const missing = missingEntries(lock.packages)
const names = Object.keys(missing).map(path => path.slice('node_modules/'.length))

if (names.length === 0) {
  console.log('package-lock.json is complete')
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${names.join(', ')}: run node .ci/complete-lock.ts`)
  process.exitCode = 1
} else {
  const all = Object.entries({ ...lock.packages, ...missing })
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`package-lock.json: added ${names.join(', ')}`)
}
