// What feeds have runs say of themselves where it is not what is planned: headsigns and short names (H5), and their line on the map (H7), for
// display only. What added and replaced runs bring along is planned (additions.ts).

import { NONE } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { lineText, type ToldLine } from './lines.ts'
import type { Located } from './locate.ts'
import { messageText, STOP_HEADSIGN } from './message.ts'
import type { Reading } from './reading.ts'
import { type RunName, runKey } from './runs.ts'

export interface RunSigns extends RunName {
  readonly headsign?: string
  readonly shortName?: string
  readonly line?: ToldLine
  /** Position in the trip → headsign there. */
  readonly stops?: Readonly<Record<number, string>>
}

/**
 * What update `i` changes of the signs of the run that it was located in; undefined when nothing is other than planned.
 * @param brought the run is the update's own and has the line that it names
 */
export function readSigns(
  reading: Reading,
  i: number,
  run: RunName,
  located: Located,
  brought: boolean,
): RunSigns | undefined {
  const { m, ids } = reading
  const { tt } = ids
  const u = m.updates.columns
  const c = m.stops.columns
  const headsign = messageText(m, u.newHeadsignBegin[i]!, u.newHeadsignEnd[i]!)
  const shortName = messageText(m, u.newShortNameBegin[i]!, u.newShortNameEnd[i]!)
  const stops: Record<number, string> = {}
  for (let at = 0; at < located.stops; at++) {
    const s = located.updateOf[at]! - 1
    if (s < 0 || (c.given[s]! & STOP_HEADSIGN) === 0) continue
    const sign = messageText(m, c.headsignBegin[s]!, c.headsignEnd[s]!)
    if (sign !== '' && sign !== plannedSign(tt, run, at)) stops[at] = sign
  }
  const line = brought ? undefined : readLine(reading, i, run)
  const signs = {
    ...(headsign !== '' && headsign !== textOf(tt, tt.tripHeadsign[run.trip]!) && { headsign }),
    ...(shortName !== '' && shortName !== textOf(tt, tt.tripShortName[run.trip]!) && { shortName }),
    ...(line && { line }),
    ...(Object.keys(stops).length > 0 && { stops }),
  }
  const { trip, day, shift } = run
  return Object.keys(signs).length > 0 ? { trip, day, shift, ...signs } : undefined
}

function readLine({ m, ids: { tt }, lineOf, warnings }: Reading, i: number, { trip }: RunName): ToldLine | undefined {
  const u = m.updates.columns
  const shapeId = messageText(m, u.newShapeBegin[i]!, u.newShapeEnd[i]!)
  const line = shapeId === '' ? undefined : lineOf(shapeId)
  if (line === undefined) {
    if (shapeId !== '') warnings.add('bad_shape')
    return undefined
  }
  if (!('shape' in line)) return { polyline: lineText(line) }
  return line.shape === tt.tripShape[trip] ? undefined : line
}

function plannedSign(tt: Timetable, { trip }: RunName, at: number): string {
  const own = tt.tripHeadsigns[trip]!
  return textOf(tt, own !== NONE && tt.headsigns[own + at] !== 0 ? tt.headsigns[own + at]! : tt.tripHeadsign[trip]!)
}

/** Lines are long, and mostly the same text. */
function areSame(a: RunSigns | undefined, b: RunSigns): boolean {
  if (a === undefined) return false
  const [{ line: one, ...some }, { line: other, ...others }] = [a, b]
  const text = (line: ToldLine | undefined) => line && ('shape' in line ? line.shape : line.polyline)
  return text(one) === text(other) && JSON.stringify(some) === JSON.stringify(others)
}

/** The runs whose signs differ between two lists. */
export function changedSigns(before: readonly RunSigns[], after: readonly RunSigns[]): RunName[] {
  if (before === after) return []
  const known = new Map(before.map(signs => [runKey(signs), signs]))
  const changed: RunName[] = []
  for (const signs of after) {
    const old = known.get(runKey(signs))
    known.delete(runKey(signs))
    if (!areSame(old, signs)) changed.push(signs)
  }
  return [...changed, ...known.values()]
}

/** As they go from thread to thread: a line that many runs take is told once. */
export interface PackedSigns {
  readonly lines: readonly string[]
  readonly runs: readonly (Omit<RunSigns, 'line'> & {
    readonly line?: { readonly shape: number } | { readonly at: number }
  })[]
}

/** Undone by `unpackSigns`. */
export function packSigns(signs: readonly RunSigns[]): PackedSigns {
  const at = new Map<string, number>()
  const runs = signs.map(({ line, ...run }) => {
    if (!line || 'shape' in line) return { ...run, ...(line && { line }) }
    return { ...run, line: { at: at.getOrInsertComputed(line.polyline, () => at.size) } }
  })
  return { lines: [...at.keys()], runs }
}

export const unpackSigns = ({ lines, runs }: PackedSigns): RunSigns[] =>
  runs.map(({ line, ...run }) => ({
    ...run,
    ...(line && { line: 'at' in line ? { polyline: lines[line.at]! } : line }),
  }))
