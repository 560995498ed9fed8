// A feed as an SQLite database with node-gtfs' tables, for operators' own SQL and for its tools. node-gtfs imports a file whole or, at its
// first bad row, not at all; files that it gives up are filled in here row by row, and the rows that the tables refuse are counted.

import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import { closeDb, importGtfs, openDb } from 'gtfs'
import { FreifahrtError } from '#engine/core/errors.ts'
import { CsvReader } from '#feeds/gtfs/csv.ts'
import { type GtfsSource, openSource } from '#feeds/gtfs/source.ts'

export interface Refused {
  readonly file: string
  /** The constraint, in SQLite's words, or that the row has no end. */
  readonly reason: string
  readonly rows: number
  /** Line of the first of them. */
  readonly line: number
}

export interface SqlReport {
  /** Rows of each table that has any. */
  readonly tables: Readonly<Record<string, number>>
  readonly refused: readonly Refused[]
}

/** Writes `out` anew. Throws FILE_MISSING, FEED_UNREADABLE, FEED_EMPTY. */
export async function exportSql(feed: string, out: string, onProgress: (text: string) => void): Promise<SqlReport> {
  if (!existsSync(dirname(resolve(out)))) throw new FreifahrtError('FILE_MISSING', dirname(out), 'no such folder')
  const source = await openSource(feed)
  const folder = await mkdtemp(join(tmpdir(), 'freifahrt-sql-'))
  const aside = join(dirname(resolve(out)), `.${basename(out)}.${process.pid}`)
  try {
    await unpack(source, folder, onProgress)
    onProgress('importing')
    const refused: Refused[] = []
    for (const file of await importWithNodeGtfs(folder, aside)) {
      onProgress(`${file}: row by row`)
      refused.push(...(await fillRowByRow(aside, source, file)))
    }
    const tables = countRows(aside)
    if (tables.stops === undefined) throw new FreifahrtError('FEED_EMPTY', feed, 'not one row of stops.txt can be used')
    await rename(aside, out)
    return { tables, refused }
  } finally {
    await source.close()
    for (const path of [folder, aside, `${aside}-wal`, `${aside}-shm`]) await rm(path, { recursive: true, force: true })
  }
}

async function unpack(source: GtfsSource, folder: string, onProgress: (text: string) => void): Promise<void> {
  for (const file of source.files.keys()) {
    onProgress(`unpacking ${file}`)
    await pipeline(source.read(file), createWriteStream(join(folder, basename(file))))
  }
}

/** Returns the files that it gave up. */
async function importWithNodeGtfs(folder: string, path: string): Promise<Set<string>> {
  const db = openDb({ sqlitePath: path })
  try {
    const { errors } = await importGtfs({
      agencies: [{ path: folder }],
      db,
      ignoreErrors: true,
      includeImportReport: true,
      logLevel: 'silent',
    })
    return new Set(errors.flatMap(({ details }) => (typeof details?.file === 'string' ? [details.file] : [])))
  } finally {
    closeDb(db)
  }
}

async function fillRowByRow(path: string, source: GtfsSource, file: string): Promise<Refused[]> {
  const db = new DatabaseSync(path)
  const refused = new Map<string, { rows: number; line: number }>()
  try {
    const table = basename(file, '.txt')
    const columns = storedColumns(db, table)
    const names = columns.map(c => `"${c.name}"`).join(', ')
    const insert = db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
    const refuse = (reason: string, line: number): void => {
      refused.getOrInsertComputed(reason, () => ({ rows: 0, line })).rows++
    }
    const reader = new CsvReader(
      file,
      columns.map(c => c.name),
      {
        onHeader() {},
        onTrouble(trouble, line) {
          if (trouble === 'unclosed_quote') refuse('a quote is never closed', line)
        },
        onRow(row) {
          try {
            insert.run(...columns.map((c, i) => (row.isEmpty(i) ? null : asStored(c.type, row.text(i)))))
          } catch (error) {
            refuse((error as Error).message, row.line)
          }
        },
      },
    )
    // what node-gtfs had put in before it gave up would be there twice
    db.exec(`BEGIN; DELETE FROM "${table}"`)
    for await (const chunk of source.read(file)) reader.push(chunk)
    reader.finish()
    db.exec('COMMIT')
  } finally {
    db.close()
  }
  return Array.from(refused, ([reason, { rows, line }]) => ({ file, reason, rows, line }))
}

/** Columns that are not computed from others. */
function storedColumns(db: DatabaseSync, table: string): { name: string; type: string }[] {
  const columns = db.prepare('SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0').all(table)
  return columns.map(({ name, type }) => ({ name: String(name), type: String(type) }))
}

/** node-gtfs writes 9:05:00 as 09:05:00, so that times sort. */
const asStored = (type: string, text: string): string => (type === 'time' ? text.padStart(8, '0') : text)

function countRows(path: string): Record<string, number> {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const names = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .all()
    const counts = names.map(({ name }) => {
      const { n } = db.prepare(`SELECT count(*) AS n FROM "${name}"`).get() as { n: number }
      return [String(name), n] as const
    })
    return Object.fromEntries(counts.filter(([, n]) => n > 0))
  } finally {
    db.close()
  }
}
