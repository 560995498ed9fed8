// The fleet in numbers, from the vehicles as they are told: all of it, and line by line.

import type { VehicleRow } from '#api/live/rows/vehicle.ts'

export type VehicleState = VehicleRow['state']

export const STATES = [
  'on_time',
  'early',
  'late',
  'very_late',
  'stopped',
  'off_route',
  'unassigned',
  'silent',
  'no_gps',
  'unknown',
] as const satisfies readonly VehicleState[]

export interface FleetSummary {
  readonly vehicles: number
  readonly byState: Readonly<Record<VehicleState, number>>
  /** Seconds; undefined where no delay is known. */
  readonly medianDelay: number | undefined
}

export interface LineSummary extends FleetSummary {
  readonly route: string
  readonly line: string
  readonly color: string | undefined
  readonly textColor: string | undefined
  readonly worstDelay: number | undefined
}

export function summarize(rows: readonly VehicleRow[]): FleetSummary {
  const byState = Object.fromEntries(STATES.map(state => [state, 0])) as Record<VehicleState, number>
  for (const row of rows) byState[row.state]++
  return { vehicles: rows.length, byState, medianDelay: median(delaysOf(rows)) }
}

/** Lines with vehicles on the way, by name as people count: U2 before U10. */
export function byLine(rows: readonly VehicleRow[]): readonly LineSummary[] {
  const routes = new Map<string, VehicleRow[]>()
  for (const row of rows) {
    if (row.route === undefined) continue
    const known = routes.get(row.route)
    if (known) known.push(row)
    else routes.set(row.route, [row])
  }
  return [...routes]
    .map(([route, own]): LineSummary => {
      const [first] = own
      const delays = delaysOf(own)
      return {
        ...summarize(own),
        route,
        line: first!.line ?? route,
        color: first!.color,
        textColor: first!.textColor,
        worstDelay: delays.length > 0 ? Math.max(...delays) : undefined,
      }
    })
    .sort((a, b) => a.line.localeCompare(b.line, undefined, { numeric: true }))
}

const delaysOf = (rows: readonly VehicleRow[]): number[] => rows.flatMap(({ delay }) => (delay === null ? [] : [delay]))

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
