// `freifahrt sql`: a feed as an SQLite database.

import { Command } from 'commander'
import { exportSql } from '#workers/sql.ts'
import { grouped, json, progressLine, table } from './output.ts'

export const sqlWord = (): Command =>
  new Command('sql')
    .description('Write a feed as an SQLite database (node-gtfs’ tables), for SQL of your own and for its tools.')
    .requiredOption('--gtfs <FEED.zip>', 'a GTFS zip or folder')
    .requiredOption('--out <FEED.sqlite>', 'the database; replaced if it is there')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Example:
  freifahrt sql --gtfs vrn.zip --out vrn.sqlite
  sqlite3 vrn.sqlite "select stop_name, count(*) n from stop_times join stops using (stop_id) group by 1 order by n desc limit 10"`,
    )
    .action(sql)

async function sql(options: { gtfs: string; out: string; json?: true }): Promise<void> {
  const progress = progressLine()
  const report = await exportSql(options.gtfs, options.out, progress.say).finally(progress.end)
  if (options.json) {
    console.log(json(report))
    return
  }
  console.log(`${options.out}\n${table(Object.entries(report.tables))}`)
  for (const { file, reason, rows, line } of report.refused)
    console.log(`  left out ${grouped(rows)} rows of ${file}: ${reason} (first in line ${line})`)
}
