#!/usr/bin/env node
// The `freifahrt` command. Older Nodes cannot run the program (Temporal); the right one lies in node_modules, so it is asked to take over.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const NEEDED = 26

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  // kept from one start to the next: half of each start, and of each thread that a new network needs
  module.enableCompileCache(fileURLToPath(new URL('../.cache/compiled', import.meta.url)))
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
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(status ?? 1)
}
