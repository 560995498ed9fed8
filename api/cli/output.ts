// What the command line says: results on stdout, progress and errors on stderr.

import { type Code, FreifahrtError } from '#engine/core/errors.ts'

/** What a person can do about it, where the error's own sentence does not say. */
const advice: Partial<Record<Code, string>> = {
  FEED_UNREADABLE: 'is it a whole GTFS zip? fetch it again',
  FEED_TOO_LARGE: 'cut it to your city with --area W,S,E,N',
  FEED_MISSING_FILE: 'ask the publisher for a complete feed',
  FEED_MISSING_COLUMN: 'ask the publisher for a complete feed',
  FEED_SHRUNK: 'published by halves? --force takes it all the same',
  FEED_EMPTY: 'do --area and the feed overlap?',
  OSM_UNREADABLE: 'is it a whole .osm.pbf file? fetch it again',
  OSM_EMPTY: 'do --area and the map overlap?',
  NETWORK_UNWRITABLE: 'is there room, and may you write there? or choose another --out',
  OUT_OF_MEMORY: 'give the machine more, or import less (--area)',
  UNKNOWN_STOP: 'give a stop_id of the feed (tag_stop_id if several feeds have it), a stop name, or LAT,LON',
  TIME_OUTSIDE_TIMETABLE: 'choose a time within the feed’s calendar (--time, or --now for a server)',
  FETCH_FAILED: 'check the address and the connection; a started download goes on where it stopped',
}

/** One error as one line: code, place, what is wrong, what to do. Anything unforeseen keeps its stack. */
export function explain(error: unknown): string {
  if (error instanceof FreifahrtError) {
    const hint = advice[error.code]
    return `freifahrt: ${error.message}${hint === undefined ? '' : ` — ${hint}`}`
  }
  const { code, message, path, stack, syscall } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    const { address, port } = error as { readonly address?: string; readonly port?: number }
    return `freifahrt: port ${port} of ${address} is taken by another program — choose another with --port`
  }
  if (code === 'ENOENT' && path !== undefined)
    return explain(new FreifahrtError('FILE_MISSING', path, 'no such file or folder'))
  // the system's own no: no such folder, no permission, no such address …
  if (syscall !== undefined) return `freifahrt: ${message}`
  return `freifahrt: ${stack ?? String(error)}`
}

/** What commander refuses, as one line like every other. @param help the command that explains the word */
export const refusal = (text: string, help: string): string =>
  `freifahrt: ${text
    .replace(/^error: /, '')
    .trim()
    .replace(/\.$/, '')
    .replaceAll('\n', ' ')} — \`${help}\` explains it`

export const json = (value: unknown): string => JSON.stringify(value, null, 2)

export const grouped = (n: number): string => n.toLocaleString('en')

/** 1536 → `1.5 kB` */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = n
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** Columns padded to their widest cell; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map(row => row.map(cell => (typeof cell === 'number' ? grouped(cell) : cell)))
  const widths = cells.reduce<number[]>((w, row) => row.map((cell, i) => Math.max(w[i] ?? 0, cell.length)), [])
  const line = (row: readonly string[], r: number): string =>
    row
      .map((cell, i) => (typeof rows[r]![i] === 'number' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
  return cells.map((row, r) => `  ${line(row, r).trimEnd()}`).join('\n')
}

export interface ProgressLine {
  /** Replaces the line. */
  say(text: string): void
  /** Takes the line away. */
  end(): void
}

/** One line on stderr that says how far it is; silent during the first second. Without a terminal it becomes a line every five seconds. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr, quietMs = 1000): ProgressLine {
  const every = stream.isTTY ? 100 : 5000
  const started = Date.now()
  let last = 0
  let shown = false
  return {
    say(text) {
      const now = Date.now()
      if (now - started < quietMs || now - last < every) return
      last = now
      shown = true
      stream.write(stream.isTTY ? `\r\x1b[2K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`)
    },
    end() {
      if (shown && stream.isTTY) stream.write('\r\x1b[2K')
    },
  }
}
