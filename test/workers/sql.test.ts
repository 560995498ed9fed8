import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { exportSql } from '#workers/sql.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-test-'))
afterAll(() => rmSync(dir, { recursive: true }))

const feed: Record<string, string> = {
  'agency.txt': 'agency_id,agency_name,agency_url,agency_timezone\na,Agency,https://example.org,Europe/Berlin\n',
  'stops.txt': 'stop_id,stop_name,stop_lat,stop_lon\nA,"Ä, first",51.5,7.4\nB,Second,51.6,7.5\n',
  'routes.txt': 'route_id,agency_id,route_short_name,route_type\nr,a,U1,1\n',
  'trips.txt': 'route_id,service_id,trip_id\nr,s,t\n',
  'calendar.txt':
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ns,1,1,1,1,1,1,1,20260101,20261231\n',
  // the second row's pickup_type is out of range, the third comes twice, the last has a quote and no end
  'stop_times.txt':
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\nt,9:05:00,9:05:00,A,1,0\nt,9:08:00,9:08:00,A,2,9\nt,25:30:00,25:30:00,B,3,0\nt,25:30:00,25:30:00,B,3,0\n"t,9:00:00\n',
}

function writeFeed(name: string, files: Record<string, string>): string {
  const path = join(dir, name)
  mkdirSync(path)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
  return path
}

test('every good row goes in, a bad one alone stays out and is counted', async () => {
  const out = join(dir, 'feed.sqlite')
  const report = await exportSql(writeFeed('dirty', feed), out, () => {})
  expect(report.tables).toEqual({ agency: 1, calendar: 1, routes: 1, stop_times: 2, stops: 2, trips: 1 })
  expect(report.refused.map(({ file, rows, line }) => ({ file, rows, line }))).toEqual([
    { file: 'stop_times.txt', rows: 1, line: 3 },
    { file: 'stop_times.txt', rows: 1, line: 5 },
    { file: 'stop_times.txt', rows: 1, line: 6 },
  ])
  const db = new DatabaseSync(out, { readOnly: true })
  // times sort as text, and are there as seconds too
  expect(db.prepare('SELECT departure_time AS t, departure_timestamp AS s FROM stop_times ORDER BY t').all()).toEqual([
    { t: '09:05:00', s: 32_700 },
    { t: '25:30:00', s: 91_800 },
  ])
  db.close()
  expect(readdirSync(dir).filter(name => name.startsWith('.'))).toEqual([])
})

test('what is no feed leaves no database', async () => {
  await expect(exportSql(join(dir, 'nowhere'), join(dir, 'no.sqlite'), () => {})).rejects.toThrow('FILE_MISSING')
  const empty = writeFeed('empty', { 'stops.txt': 'stop_id\n' })
  await expect(exportSql(empty, join(dir, 'nowhere', 'no.sqlite'), () => {})).rejects.toThrow('no such folder')
  await expect(exportSql(empty, join(dir, 'no.sqlite'), () => {})).rejects.toThrow('FEED_EMPTY')
  expect(readdirSync(dir)).not.toContain('no.sqlite')
})
