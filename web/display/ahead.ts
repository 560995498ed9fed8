// The timetable of a stop for the days ahead, fetched while there is a server and kept on the device, so that a display without one still
// knows what is planned. In pieces of three hours: each is small, asked for one by one, and renewed twice a day. Where very much departs, fewer
// hours are kept.

import { departureKey, type Planned } from './rows.ts'
import type { Shelf } from './shelf.ts'

export const PIECE = 3 * 3600 // seconds
const DAYS_AHEAD = 3
const PIECES_AHEAD = (DAYS_AHEAD * 86_400) / PIECE + 1
/** Departures of one stop, some 200 bytes each: no further pieces then, but always this one and the next. */
const MOST_KEPT = 20_000
const LEAST_AHEAD = 2
const RENEW_AFTER = 12 * 3600
const BETWEEN_PIECES = 2 // seconds: the server has others to serve
const BETWEEN_LOOKS = 600
const AFTER_FAILURE = 30

interface Piece {
  /** Unix seconds. */
  readonly fetched: number
  readonly rows: readonly Planned[]
}

export interface Ahead {
  /** Reads what an earlier life of the page has kept. */
  restore(): Promise<void>
  /** Fetches the piece that is most wanted and forgets what is over; never rejects. @returns seconds until it should be called again */
  step(now: number): Promise<number>
  /** By planned time: all of the next `seconds`, and beyond them until there are `least`. */
  upcoming(now: number, seconds: number, least: number): readonly Planned[]
  /** Unix seconds up to which the timetable is known without a gap. */
  knownUntil(now: number): number
}

/** @param fetchPiece what leaves from `from` on, for `PIECE` seconds; rejects when there is no server */
export function newAhead(
  stopId: string,
  fetchPiece: (from: number) => Promise<readonly Planned[]>,
  shelf: Shelf,
): Ahead {
  const prefix = `ahead ${stopId} `
  const pieces = new Map<number, Piece>()
  let rows: readonly Planned[] = []

  const startOf = (time: number): number => Math.floor(time / PIECE) * PIECE

  /** The pieces lie side by side, so their rows are in order. */
  function join(): void {
    const seen = new Set<string>()
    rows = [...pieces]
      .sort(([a], [b]) => a - b)
      .flatMap(([, piece]) => piece.rows)
      .filter(row => {
        const key = departureKey(row)
        return !seen.has(key) && seen.add(key)
      })
  }

  async function forget(before: number): Promise<void> {
    for (const start of pieces.keys()) {
      if (start >= before) continue
      pieces.delete(start)
      await shelf.remove(prefix + start)
    }
  }

  /** The first piece that is missing, else the first that is old. */
  function mostWanted(now: number): number | undefined {
    const full = [...pieces.values()].reduce((sum, piece) => sum + piece.rows.length, 0) >= MOST_KEPT
    const length = full ? LEAST_AHEAD : PIECES_AHEAD
    const starts = Array.from({ length }, (_, i) => startOf(now) + i * PIECE)
    const old = [...pieces].find(([, { fetched }]) => now - fetched > RENEW_AFTER)
    return starts.find(start => !pieces.has(start)) ?? old?.[0]
  }

  return {
    async restore() {
      for (const key of await shelf.keys()) {
        if (!key.startsWith(prefix)) continue
        const piece = await shelf.get<Piece>(key)
        if (piece) pieces.set(Number(key.slice(prefix.length)), piece)
      }
      join()
    },
    async step(now) {
      try {
        await forget(startOf(now))
        const start = mostWanted(now)
        if (start === undefined) return BETWEEN_LOOKS
        const rows = await fetchPiece(start)
        const inside = rows.filter(row => row.sched >= start && row.sched < start + PIECE)
        const piece: Piece = { fetched: now, rows: inside.sort((a, b) => a.sched - b.sched) }
        pieces.set(start, piece)
        join()
        await shelf.set(prefix + start, piece)
        return BETWEEN_PIECES
      } catch {
        return AFTER_FAILURE
      }
    },
    upcoming(now, seconds, least) {
      const begin = firstAt(rows, now)
      const end = Math.max(firstAt(rows, now + seconds), begin + least)
      return rows.slice(begin, end)
    },
    knownUntil(now) {
      let start = startOf(now)
      while (pieces.has(start)) start += PIECE
      return start
    },
  }
}

/** Place of the first row at or after `time`. */
function firstAt(rows: readonly Planned[], time: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.sched < time) low = middle + 1
    else high = middle
  }
  return low
}
