// The thresholds of the fleet view. No standard fixes them all, so each can be set; the defaults are the ones most in use.

export interface FleetRules {
  /** A departure is on time from so many seconds before plan to so many after, both included (Swiftly −60/+240, WMATA −120/+420). */
  readonly earlySeconds: number
  readonly lateSeconds: number
  /** From then on a vehicle is very late. */
  readonly veryLateSeconds: number
  /** How far back observed departures count. */
  readonly windowSeconds: number
  /** Headways are judged where the planned one is no longer than this: beyond, riders come by the timetable. */
  readonly longestHeadway: number
  /** Bunched: less than this share of the planned headway, but never more than `bunchedSeconds`. */
  readonly bunchedShare: number
  readonly bunchedSeconds: number
  /** A gap: more than this share of the planned headway. */
  readonly gapShare: number
  /** A headway is kept within this share of the planned one. */
  readonly adherenceShare: number
  /** A position older than this is none; a vehicle silent for longer is silent. */
  readonly noGpsSeconds: number
  readonly silentSeconds: number
  /** A run of which nothing is heard is a ghost after so many seconds under way. */
  readonly ghostSeconds: number
  /** Stopped: not more than so far from one place for longer than so long, and not as near as that to where its run begins or ends. */
  readonly stoppedSeconds: number
  readonly stoppedMetres: number
  readonly terminalMetres: number
  /** Measurements in a row that raise an alarm (off its route, stopped), and that clear it. */
  readonly raiseAfter: number
  readonly clearAfter: number
}

export const fleetDefaults: FleetRules = {
  earlySeconds: 60,
  lateSeconds: 300,
  veryLateSeconds: 600,
  windowSeconds: 3600,
  longestHeadway: 900,
  bunchedShare: 0.25,
  bunchedSeconds: 120,
  gapShare: 1.5,
  adherenceShare: 0.5,
  noGpsSeconds: 90,
  silentSeconds: 360,
  ghostSeconds: 300,
  stoppedSeconds: 300,
  stoppedMetres: 50,
  terminalMetres: 150,
  raiseAfter: 2,
  clearAfter: 3,
}
