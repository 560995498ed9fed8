// Freifahrt and minotor on the same feed and queries, one after the other, each in a process of its own.
//
//   node bench/peers/run.ts FEED.zip QUERIES.csv [RUNS]

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { differences, readAnswers } from '../compare.ts'
import { machine, median, row, summary } from '../harness.ts'

const [feed, queries, runs = '3'] = process.argv.slice(2)
if (!feed || !queries) throw new Error('usage: node bench/peers/run.ts FEED.zip QUERIES.csv [RUNS]')

const cli = resolve(import.meta.dirname, '../../api/cli.ts')
const dir = mkdtempSync(join(tmpdir(), 'freifahrt-peers-'))
const node = (...args: string[]): void => {
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
try {
  const [network, ours, theirs] = ['network', 'freifahrt.csv', 'minotor.csv'].map(name => join(dir, name)) as [string, string, string]
  node(cli, 'import', '--gtfs', feed, '--out', network)
  node(cli, 'bench', '--network', network, '--queries', queries, '--mode', 'earliest', '--runs', runs, '--out', ours)
  node(resolve(import.meta.dirname, 'minotor.ts'), feed, queries, theirs, runs)

  const [a, b] = [ours, theirs].map(path => readAnswers(readFileSync(path, 'utf8'))) as [ReturnType<typeof readAnswers>, ReturnType<typeof readAnswers>]
  const other = differences(a, b, true).length
  console.log(machine())
  row('earliest arrival, Freifahrt, ms', summary(a.map(x => x.ms)))
  row('earliest arrival, minotor 1.0.7, ms', summary(b.map(x => x.ms)))
  row('ratio of the medians', `1 : ${(median(b.map(x => x.ms)) / median(a.map(x => x.ms))).toFixed(0)}`)
  row('arrivals that differ', `${other} of ${a.length}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
