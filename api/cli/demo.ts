// `freifahrt demo`, which is also `npm start`: a whole city out of the box.

import { Command } from 'commander'
import { createClock } from '#workers/clock.ts'
import { startDemo } from '#workers/demo.ts'
import { readSettings } from '../settings.ts'
import { progressText } from './import.ts'
import { configOption, hostOption, nowOption, parseInstant, parseWhole, portOption } from './options.ts'
import { grouped, progressLine } from './output.ts'
import { conditionsOf } from './realtime.ts'
import { checkPort, serveUntilStopped } from './running.ts'
import { presetOptions, type ServeOptions, serve } from './serve.ts'

interface Options extends ServeOptions {
  seed: number
}

export const demoWord = (): Command => {
  const word = new Command('demo')
    .description('Serve the demo city: Dortmund’s Stadtbahn, H-Bahn and S-Bahn with simulated vehicles.')
    .addOption(portOption())
    .addOption(hostOption())
    .addOption(configOption())
    .addOption(nowOption())
    .option('--seed <N>', 'another seed, other delays and streets', parseWhole, 1)
    .addHelpText(
      'after',
      `
Station names, ids and coordinates are Dortmund's own. Timetable, streets, vehicles and trouble are made up: see docs/demo.md.

Examples:
  freifahrt demo
  freifahrt demo --port 9000 --now 2026-12-24T18:00
  npm start -- --preset dortmund            the real city instead, as \`freifahrt serve --preset dortmund\``,
    )
    .action(demo)
  for (const option of presetOptions()) word.addOption(option)
  return word
}

async function demo(options: Options): Promise<void> {
  if (options.preset !== undefined) return serve(options)
  const { settings } = readSettings({ host: options.host, port: options.port }, process.env, options.config)
  await checkPort(settings)
  const started = performance.now()
  const clock = createClock(options.now === undefined ? undefined : parseInstant(options.now, 'Europe/Berlin', '--now'))
  const line = progressLine()
  const city = await startDemo(clock, options.seed, progress => line.say(progressText(progress))).finally(line.end)
  const { counts } = city.network.manifest
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    `demo city: ${grouped(counts.stops ?? 0)} stops, ${grouped(counts.trips ?? 0)} trips, made in ${seconds} s`,
  )
  try {
    const conditions = [city.bikes, ...conditionsOf(settings)]
    await serveUntilStopped(
      { network: city.network, clock, sources: [city.source], conditions, pollSeconds: POLL_SECONDS },
      settings,
    )
  } finally {
    await city.close()
  }
}

// the simulator is on this machine and writes a new message every second
const POLL_SECONDS = 5
