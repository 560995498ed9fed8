/** Every error a person may see: what kind, where, and a sentence to act on. The code decides the HTTP status at the border. */
export type Code =
  | 'FILE_MISSING'
  | 'FEED_UNREADABLE' // no zip, truncated, wrong checksum, zip slip
  | 'FEED_TOO_LARGE' // beyond a configured limit
  | 'FEED_MISSING_FILE'
  | 'FEED_MISSING_COLUMN'
  | 'FEED_BAD_VALUE'
  | 'FEED_EMPTY' // nothing usable is left after cleaning
  | 'FEED_SHRUNK' // lost more than 20 % against the last accepted version
  | 'OSM_UNREADABLE'
  | 'OSM_EMPTY'
  | 'REALTIME_UNREADABLE'
  | 'NETWORK_UNREADABLE' // missing, truncated, wrong version or checksum
  | 'NETWORK_UNWRITABLE' // no room, no permission, no folder
  | 'FETCH_FAILED'
  | 'UNKNOWN_STOP'
  | 'UNKNOWN_TRIP'
  | 'UNKNOWN_ROUTE'
  | 'UNKNOWN_TAG'
  | 'BAD_REQUEST'
  | 'TIME_OUTSIDE_TIMETABLE'
  | 'TOO_LARGE'
  | 'OVERLOADED'
  | 'TIMEOUT'
  | 'OUT_OF_MEMORY'
  | 'INTERNAL'

export class FreifahrtError extends Error {
  readonly code: Code
  readonly where: string
  constructor(code: Code, where: string, detail: string) {
    super(`${code} at ${where}: ${detail}`)
    this.name = 'FreifahrtError'
    this.code = code
    this.where = where
  }
}

/** A bug, not bad input: throws at once with the numbers in the text. */
export function verify(condition: boolean, text: () => string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${text()}`)
}
