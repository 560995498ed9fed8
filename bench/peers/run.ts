// Freifahrt and minotor on the same feed and queries, one after the other, each in a process of its own.
//
//   node bench/peers/run.ts FEED.zip QUERIES.csv [RUNS]

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { differences, readAnswers } from '../compare.ts'
import { machine, median, summary } from '../harness.ts'

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

  const [a, b] = [readAnswers(readFileSync(ours, 'utf8')), readAnswers(readFileSync(theirs, 'utf8'))]
  const [ms, theirMs] = [a.map(x => x.ms), b.map(x => x.ms)]
  console.log(`${machine()}
earliest arrival, ms    Freifahrt      ${summary(ms)}
                        minotor 1.0.7  ${summary(theirMs)}
ratio of the medians    1 : ${(median(theirMs) / median(ms)).toFixed(0)}
arrivals that differ    ${differences(a, b, true).length} of ${a.length}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
