// A stop board in two tongues, and what a display makes of live messages.

import type { StopTime } from '#api/contract.ts'
import type { Delta, Row, Snap } from '#api/live/messages.ts'

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
    state: s.tripCancelled ? 'cancelled' : s.cancelled ? 'skipped' : 'normal',
  }
}

/** A display's state: what snapshots and deltas leave behind. Throws where the protocol is broken. */
export class Display {
  epoch = ''
  sequence = -1
  rows = new Map<string, Row>()
  alerts: Snap['alerts'] = []
  stopAlerts: string[] = []

  take(message: Snap | Delta): void {
    if (message.type === 'snap') {
      this.epoch = message.e
      this.rows = new Map(message.rows.map(row => [row.id, row]))
      this.alerts = message.alerts
      this.stopAlerts = message.stopAlerts
    } else {
      if (message.e !== this.epoch) throw new Error(`epoch ${message.e} after ${this.epoch}`)
      if (message.p !== this.sequence) throw new Error(`delta after ${message.p}, but we are at ${this.sequence}`)
      for (const row of message.up) this.rows.set(row.id, row)
      for (const id of message.rm) this.rows.delete(id)
      this.alerts = message.alerts ?? this.alerts
      this.stopAlerts = message.stopAlerts ?? this.stopAlerts
    }
    this.sequence = message.s
  }

  /** In an order of its own, so that states can be compared. */
  get state(): unknown {
    return {
      rows: [...this.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      alerts: this.alerts,
      stopAlerts: this.stopAlerts,
    }
  }
}
