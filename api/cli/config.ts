// `freifahrt config`: what is in force, and where each word of it comes from.

import { Command } from 'commander'
import { readSettings, shownSettings } from '../settings.ts'
import { configOption } from './options.ts'
import { json, table } from './output.ts'

export const configWord = (): Command =>
  new Command('config')
    .description('Print the settings in force: defaults, then the file, then the environment. Secrets are not shown.')
    .addOption(configOption())
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      `
Every setting can stand in the file (a JSON object), or in the environment under the name printed beside it; words of the command line
count more than both.

Examples:
  FREIFAHRT_PORT=80 freifahrt config
  freifahrt config --config /etc/freifahrt.json --json`,
    )
    .action(({ config, json: asJson }: { config?: string; json?: true }) => {
      const shown = shownSettings(readSettings({}, process.env, config))
      if (asJson) return console.log(json(Object.fromEntries(shown.map(({ name, value }) => [name, value]))))
      const text = (value: unknown): string => (Array.isArray(value) ? value.join(' ') : String(value)) || '–'
      console.log(table(shown.map(s => [s.name, text(s.value), s.source, s.variable, s.about])))
    })
