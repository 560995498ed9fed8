#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144 node
// The `freifahrt` command. Older Nodes cannot run the program (Temporal); the right one lies in node_modules, so it is asked to take over.
// glibc keeps what each thread that has ended had: with two arenas, and large blocks given back at once, a swap of the network leaves nothing behind.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const NEEDED = 26

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  // kept from one start to the next: half of each start, and more than half of each thread that a new network needs. Threads look into the
  // environment only
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../.cache/compiled', import.meta.url))
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  const { run } = await import('./cli/program.ts')
  await run(process.argv)
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (!existsSync(node)) {
    console.error(
      `freifahrt needs Node ${NEEDED}, this is ${process.version}: run \`npm ci\` in its folder, it brings the right one`,
    )
    process.exit(1)
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  // a terminal's Ctrl-C has reached it already; to be told in the other way as well does no harm
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'))
  child.on('exit', code => process.exit(code ?? 1))
}
