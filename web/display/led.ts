// Rows of letters for LED matrices: line, where to, when, each in its own columns, and nothing else.

import { isTold, sourceOf } from '../shared/source.ts'
import type { Times } from '../shared/times.ts'
import type { Texts } from '../texts/de.ts'
import type { RowView, StopView } from './view.ts'
import { emptyText, newsOf } from './words.ts'

const LINE = 4 // columns
const WHEN = 5

/** `rows` texts of `columns` characters; when there is something to say about the stop, the last row is that, a screenful after the other. */
export function ledRows(
  t: Texts,
  times: Times,
  short: (name: string) => string,
  stop: StopView,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  page: number,
): readonly string[] {
  const news = newsOf(t, times, stop).map(({ text }) => text)
  const departures = stop.rows.slice(0, news.length > 0 ? rows - 1 : rows)
  const lines = departures.map(row => ledRow(t, times, short, row, columns))
  if (departures.length === 0) lines.push(fit(emptyText(t, stop), columns))
  while (lines.length < (news.length > 0 ? rows - 1 : rows)) lines.push(' '.repeat(columns))
  if (news.length > 0) {
    const screens = news.flatMap(text => inScreens(text, columns))
    lines.push(fit(screens[page % screens.length]!, columns))
  }
  return lines
}

function ledRow(t: Texts, times: Times, short: (name: string) => string, row: RowView, columns: number): string {
  const { line, headsign } = row.departure
  const when = row.off
    ? '--'
    : row.minutes === undefined
      ? times.clock(row.time)
      : row.minutes === 0
        ? t.now
        : `${row.minutes}'`
  // a schedule is not dressed up as live: ~ stands for about
  const sure = row.off || isTold(sourceOf(row.departure)) || row.minutes === undefined ? when : `~${when}`
  const last = sure.padStart(WHEN)
  return `${fit(line, LINE)} ${fit(short(headsign).replaceAll('\u200b', ''), columns - LINE - last.length - 2)} ${last}`
}

const fit = (text: string, columns: number): string => [...text].slice(0, columns).join('').padEnd(columns)

/** A text cut at blanks into pieces that fit. */
function inScreens(text: string, columns: number): string[] {
  const screens: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = screens.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) screens[screens.length - 1] = `${last} ${word}`
    else screens.push(word)
  }
  return screens
}
