// Puts the words of the command together. Each word is one file, which says what it takes and hands the work to workers/ or the API.

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { explain, refusal } from './output.ts'

// what a word needs is loaded only when it is asked for: `plan` waits for no database, `sql` for no server
const words: Readonly<Record<string, () => Promise<Command>>> = {
  import: async () => (await import('./import.ts')).importWord(),
  serve: async () => (await import('./serve.ts')).serveWord(),
  demo: async () => (await import('./demo.ts')).demoWord(),
  plan: async () => (await import('./plan.ts')).planWord(),
  live: async () => (await import('./live.ts')).liveWord(),
  bench: async () => (await import('./bench.ts')).benchWord(),
  jobs: async () => (await import('./jobs.ts')).jobsWord(),
  feed: async () => (await import('./feed.ts')).feedWord(),
  config: async () => (await import('./config.ts')).configWord(),
  sql: async () => (await import('./sql.ts')).sqlWord(),
}

const examples = `
Examples:
  freifahrt demo                                                   a whole city with simulated vehicles
  freifahrt import --gtfs vrn.zip --osm heidelberg.osm.pbf --out data/heidelberg
  freifahrt serve --network data/heidelberg --now 2022-07-05T08:00:00+02:00
  freifahrt plan --network data/heidelberg --from 49.4075,8.6750 --to 49.4127,8.7102 --time 2022-07-05T08:00
  freifahrt serve --preset dortmund                                downloads, imports and serves the real city

\`freifahrt <word> --help\` explains each word. Exit code 0: done; 1: refused or failed, with one line on stderr that says why.
`

const version = (): string => JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** Runs the command line; ends the process with code 1 when the word fails. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('freifahrt')
    .description(
      'Real-time transit for cities whose public transport is free to use: timetables, streets and realtime in, journeys and live boards out.',
    )
    .version(version(), '--version', 'print the version')
    .addHelpText('after', examples)
  const asked = Object.entries(words).filter(([name]) => name === argv[2])
  const word = asked.length > 0 ? `${argv[2]} ` : ''
  program.configureOutput({
    outputError: (text, write) => write(`${refusal(text, `freifahrt ${word}--help`)}\n`),
  })
  for (const [, load] of asked.length > 0 ? asked : Object.entries(words))
    program.addCommand((await load()).copyInheritedSettings(program))
  try {
    await program.parseAsync(argv)
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}
