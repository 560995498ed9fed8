// Runs once before all tests: looks for what some of them need beyond npm's packages, installs it where that is
// allowed (root, apt-get), and says plainly what will be skipped. What several of them would make is made here, once.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ensureWebBuilt } from '../../web/build.ts'
import { findChromium } from '../helpers/chromium.ts'
import { dataRoot } from '../helpers/data.ts'
import { findRedis } from '../helpers/redis.ts'

const root = resolve(import.meta.dirname, '../..')

export async function setup(): Promise<void> {
  // threads and processes that tests start are half as long at it, as those of the command are (api/cli.ts)
  process.env.NODE_COMPILE_CACHE ??= resolve(root, '.cache/compiled')
  const missing: string[] = []
  if (!existsSync(dataRoot)) missing.push('real feeds (none under $FREIFAHRT_DATA): their tests are skipped')
  if (!findChromium() && !install('chromium', findChromium))
    missing.push('Chromium (neither $CHROMIUM nor on PATH): page tests are skipped')
  if (!findRedis() && !install('redis-server', findRedis))
    missing.push('redis-server (neither $REDIS_SERVER nor on PATH): tests of several processes are skipped')
  for (const what of missing) console.warn(`\n  SKIPPING for want of ${what}`)
  // a page that cannot be built is told by the tests that open it
  await ensureWebBuilt(root).catch(() => {})
}

function install(name: string, find: () => string | undefined): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  console.log(`\n  installing ${name} for the tests (apt-get) …`)
  aptGet(60_000, 'update')
  aptGet(300_000, 'install', '-y', '--no-install-recommends', name)
  return find() !== undefined
}

/** Another copy of the tests may be at the same on this machine: it is waited for. */
function aptGet(timeout: number, ...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], { env, stdio: 'ignore', timeout })
  } catch (error) {
    console.warn(`  apt-get: ${(error as Error).message}`)
  }
}
