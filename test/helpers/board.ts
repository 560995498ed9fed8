// A stop board in two tongues, and what a display makes of live messages.

import type { StopTime } from '#api/contract/board.ts'
import type { Delta, Snap } from '#api/live/messages.ts'
import type { Row } from '#api/live/rows/board.ts'

const unix = (time: string): number => Date.parse(time) / 1000

/** What a row of the live board has to say if this is what `stoptimes` says. */
export function rowOf(s: StopTime): Omit<Row, 'id' | 'exp' | 'wheelchair' | 'alerts'> {
  const sched = unix(s.place.scheduledDeparture!)
  const moved = s.place.departure !== s.place.scheduledDeparture
  const pred = !s.cancelled && (s.realTime || moved) ? unix(s.place.departure!) : null
  return {
    trip: s.tripId,
    route: s.routeId,
    line: s.displayName,
    headsign: s.headsign,
    mode: s.mode,
    color: s.routeColor,
    textColor: s.routeTextColor,
    stop: s.place.stopId!,
    platform: s.place.track,
    platformPlanned: s.place.scheduledTrack,
    sched,
    pred,
    delay: pred === null ? null : pred - sched,
    rt: s.timeState!,
    source: s.timeSource!,
    headway: s.headway,
    ofDay: s.ofDay,
    interval: s.interval,
    occupancy: s.occupancy?.status,
    occupancyPercentage: s.occupancy?.percentage,
    uncertainty: s.place.departureUncertainty,
    departureOccupancy: s.place.departureOccupancy,
    pickupArrangement: s.place.pickupArrangement,
    carriages: s.carriages,
    state: s.tripCancelled ? 'cancelled' : s.cancelled ? 'skipped' : s.scheduled === false ? 'new' : 'normal',
  }
}

/** A client's state: what snapshots and deltas leave behind. Throws where the protocol is broken. */
export class Display {
  epoch = ''
  sequence = -1
  rows = new Map<string, { readonly id: string; readonly v?: string }>()
  members: Record<string, unknown> = {}

  take(message: Snap | Delta): void {
    if (message.type === 'snap') {
      const { type: _type, kind: _kind, ch: _ch, e, s, asOf: _asOf, d: _d, rows, feed: _feed, ...members } = message
      this.epoch = e
      this.sequence = s
      this.rows = new Map(rows.map(row => [row.id, row]))
      this.members = members
      return
    }
    const { type: _type, ch: _ch, e, s, p, asOf: _asOf, d: _d, up, rm, ...members } = message
    if (e !== this.epoch) throw new Error(`epoch ${e} after ${this.epoch}`)
    if (p !== this.sequence) throw new Error(`delta after ${p}, but we are at ${this.sequence}`)
    for (const row of up) this.rows.set(row.id, row)
    for (const id of rm) this.rows.delete(id)
    Object.assign(this.members, members)
    this.sequence = s
  }

  /** In an order of its own, so that states can be compared. */
  get state(): Record<string, unknown> & { readonly rows: readonly { readonly id: string; readonly v?: string }[] } {
    return { rows: [...this.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), ...this.members }
  }

  /** The same as a page over HTTP says it: what a row is called, `v`, is the protocol's own. */
  get said(): unknown {
    return { ...this.state, rows: this.state.rows.map(({ v: _v, ...row }) => row) }
  }
}
