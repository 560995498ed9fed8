// Small random cities as drawings: lines that overtake each other, loops, night trips beyond 24 h, closed doors, frequencies, walks, and
// random realtime: delays, cancelled runs, skipped stops, doors opened and closed, other platforms.

import type { StopIdx, TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { formatTime } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { frequencyShifts } from '#engine/timetable/frequencies.ts'
import { runsOn, type Timetable } from '#engine/timetable/timetable.ts'
import { type ChangedCall, type ChangedRun, plannedRun } from './horizon.ts'
import type { Random } from './random.ts'

/** Around the nights in which Europe's clocks change. */
export const SPRING = ['20260328', '20260329', '20260330']
export const AUTUMN = ['20261024', '20261025', '20261026']

export interface CityOptions {
  /** Of the walks between stops, in half minutes. */
  readonly longestWalk?: number
  /** Its three service days. */
  readonly dates?: readonly string[]
  /** Most vehicles are under way at midnight, and go on as other trips. */
  readonly nightly?: boolean
}

export function drawCity(r: Random, { longestWalk = 12, dates = SPRING, nightly = false }: CityOptions = {}): string {
  // in a third of the cities every day is like the next, so that days share their blocks
  const daily = r.chance(0.33)
  const stops = Array.from({ length: r.between(4, 9) }, (_, i) => String.fromCharCode(65 + i))
  const lines: string[] = []
  for (let line = 1; line <= r.between(2, 6); line++) {
    const calls: string[] = []
    for (let n = r.between(2, 6), last = ''; n > 0; n--) {
      const stop = r.pick(stops.filter(s => s !== last))
      calls.push(stop)
      last = stop
    }
    if (calls.length < 2) continue
    const closed = calls.map(() => [r.chance(0.06) ? '-' : '', r.chance(0.06) ? '-' : ''] as const)
    for (let trip = r.between(1, 6); trip > 0; trip--) {
      const isNightly = r.chance(nightly ? 0.9 : 0.15)
      let t = (isNightly ? r.between(22 * 60, 24 * 60) : r.between(0, 26 * 60)) * 60 + (r.chance(0.3) ? r.below(60) : 0)
      const row = calls.map((stop, i) => {
        const arrival = t
        const departure = t + (r.chance(0.3) ? r.between(0, 4) * 45 : 0)
        t = departure + r.between(1, 25) * 60 + (r.chance(0.2) ? r.below(60) : 0)
        return `${closed[i]![0]}${stop}${closed[i]![1]} ${formatTime(arrival)}/${formatTime(departure)}`
      })
      const some = dates.filter(() => r.chance(0.7))
      let days = some.length > 0 && !daily ? some : dates
      const options = [`days=${days.join()}`]
      if (r.chance(0.6)) options.push(`wheelchair=${r.below(3)}`, `bikes=${r.below(3)}`)
      if (r.chance(0.08)) options.push(`every ${r.between(5, 40)}m until 27:00`)
      // a vehicle in four goes on as another trip, or as two; after midnight maybe as one of the next service day
      const isRepeated = options.some(o => o.startsWith('every'))
      const parts = isRepeated || !r.chance(isNightly ? 0.7 : 0.25) ? 0 : r.between(1, 2)
      const rule = parts === 0 ? '' : r.pick(['', '', 'stay', 'leave'])
      const ofVehicle = (part: number): string[] => [
        ...(rule === 'stay' ? [] : [`block=b${line}-${trip}`]),
        ...(rule === '' ? [] : [`id=V${line}x${trip}x${part}`]),
      ]
      if (parts > 0) options.push(...ofVehicle(0))
      lines.push(`L${line} ${row.join(' ')} [${options.join(' ')}]`)
      let from = calls.at(-1)!
      for (let part = 1; part <= parts; part++) {
        t += r.between(-2, 30) * 60
        if (t >= 86_400 && r.chance(0.7)) {
          t -= 86_400
          if (!daily) days = days.map(day => dates[dates.indexOf(day) + 1] ?? r.pick(dates))
        }
        if (rule !== '')
          lines.push(`rule ${from}→${from} ${rule} from=V${line}x${trip}x${part - 1} to=V${line}x${trip}x${part}`)
        const onward = [`${from} ${formatTime(t)}`]
        for (let n = r.between(1, 4); n > 0; n--) {
          from = r.pick(stops.filter(s => s !== from))
          t += r.between(1, 20) * 60
          onward.push(`${from} ${formatTime(t)}`)
        }
        const access = r.chance(0.7) ? options.filter(o => /^(wheelchair|bikes)/.test(o)) : []
        const own = [`days=${[...new Set(days)].join()}`, ...access, ...ofVehicle(part)]
        lines.push(`M${line}${part} ${onward.join(' ')} [${own.join(' ')}]`)
      }
    }
  }
  for (const a of stops) {
    if (r.chance(0.5))
      lines.push(
        `at ${a} ${51.5 + r.below(100) / 10000},${7.4 + r.below(100) / 10000} ${r.pick(['wheelchair=1', 'wheelchair=2', ''])}`.trim(),
      )
    if (r.chance(0.5)) lines.push(`change ${a} ${r.chance(0.1) ? 'never' : `${r.between(0, 5) * 30}s`}`)
    for (const b of stops)
      if (a !== b && r.chance(0.12)) lines.push(`walk ${a}→${b} ${r.between(0, longestWalk) * 30}s`)
  }
  if (r.chance(0.4)) lines.push(...drawRules(r, stops, lines))
  return lines.join('\n')
}

/** Rules of transfers.txt for routes and single trips, strong ones and weak ones for the same changes. */
function drawRules(r: Random, stops: readonly string[], lines: readonly string[]): string[] {
  const names = lines.map(line => /^[LM]\d+/.exec(line)?.[0]).filter(name => name !== undefined)
  const count = (name: string): number => names.filter(other => other === name).length
  const who = (): string => {
    const name = r.pick(names)
    const n = r.between(2, count(name) + 1)
    return n <= count(name) && r.chance(0.6) ? `${name}#${n}` : name
  }
  const rules: string[] = []
  if (names.length === 0) return rules
  for (let n = r.between(5, 40); n > 0; n--) {
    const from = r.pick(stops)
    const to = r.chance(0.85) ? from : r.pick(stops)
    const what = r.pick(['timed', 'never', 'never', 'found', `${r.between(0, 20)}m`])
    const sides = r.pick([[`from=${who()}`], [`to=${who()}`], [`from=${who()}`, `to=${who()}`]])
    rules.push(`rule ${from}→${to} ${what} ${sides.join(' ')}`)
  }
  return rules
}

/** Opens or closes the doors at one call in eight; by its time, so that all else stays as it was drawn. */
function turnDoors(call: ChangedCall): void {
  if (call.departure % 16 === 7) call.pickup = (call.departure >> 4) & 3
  if (call.departure % 16 === 3) call.dropOff = (call.departure >> 4) & 3
}

/**
 * Changes about a third of the runs. Times stay in order along each run.
 * @param early seconds by which one in five of them goes before its time, at most
 */
export function disturb(r: Random, tt: Timetable, early = 180): ChangedRun[] {
  const changed: ChangedRun[] = []
  for (let t = 0; t < tt.counts.trips; t++)
    for (let d = 0; d < tt.counts.days; d++) {
      const trip = t as TripIdx
      const day = (tt.counts.firstDay + d) as ServiceDay
      if (!runsOn(tt, tt.tripService[trip], day)) continue
      const repeated = tt.tripFrequencyBegin[t + 1]! > tt.tripFrequencyBegin[t]!
      for (const shift of repeated ? frequencyShifts(tt, trip) : [0]) {
        if (!r.chance(repeated ? 0.1 : 0.35)) continue
        const run = plannedRun(tt, trip, day, shift)
        if (r.chance(0.15)) {
          changed.push({ ...run, state: r.chance(0.8) ? RunState.cancelled : RunState.deleted })
          continue
        }
        let delay = r.chance(0.2) ? -r.below(early) : r.below(1800)
        let before = Number.NEGATIVE_INFINITY
        for (const call of run.calls) {
          if (r.chance(0.3)) delay += r.between(-300, 300)
          call.arrival = Math.max(before, call.arrival + delay)
          call.departure = Math.max(call.arrival, call.departure + delay)
          before = call.departure
          if (r.chance(0.06)) call.skipped = true
          turnDoors(call)
          if (r.chance(0.06)) call.stop = r.below(tt.counts.stops) as StopIdx
        }
        changed.push(run)
      }
    }
  return changed
}
