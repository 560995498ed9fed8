// A walk between two stops written as bytes: to the letter what JSON.stringify makes of `walkLeg` (walks.ts). Whoever changes there goes the same
// way, so it is looked for, drawn and written once for each network, version, language and kind of traveller; the times are written over.

import type { Leg } from '#api/contract/itinerary.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { Profile } from '#engine/street/profile.ts'
import { isExtraStop } from '#engine/timetable/room.ts'
import type { LegEnd, WalkLeg } from '#engine/transit/journey.ts'
import { type JsonWriter, json } from './json.ts'
import { type Kept, type KeptWalk, keptFor } from './kept.ts'
import type { PlanView } from './plan-view.ts'
import { utc } from './texts.ts'
import { isUsual, walkLeg } from './walks.ts'

/** A walk of one answer that is kept. */
export interface WalkHere {
  readonly walk: WalkLeg
  readonly kept: KeptWalk
}

export class WalkWriter {
  private readonly view: PlanView
  private readonly out: JsonWriter
  private readonly kept: Kept
  private readonly known: Map<string, KeptWalk>
  /** With all elevators working no walk has to be asked what is out of order. */
  private readonly allWorks: boolean

  constructor(view: PlanView, out: JsonWriter) {
    this.view = view
    this.out = out
    this.kept = keptFor(view)
    this.known = this.kept.walksOf(whoWalks(view))
    this.allWorks = view.allWorks?.() === true
  }

  /** To be written, or the leg where it is one of its own: to or from a place, after a stay, round what is out of order. */
  walk(walk: WalkLeg): WalkHere | Leg {
    const { view, known } = this
    const ends = [this.stopAt(walk.from), this.stopAt(walk.to)]
    const isPlain = walk.chargeWh === undefined && walk.stay === undefined
    const isKept = !ends.includes(undefined) && isPlain && (this.allWorks || isUsual(view, walk))
    if (!isKept) return walkLeg(view, walk)
    const key = `${ends[0]} ${ends[1]} ${walk.arrival - walk.departure}`
    const kept = known.get(key)
    if (kept) return { walk, kept }
    const leg = walkLeg(view, walk)
    const made = withTimes(JSON.stringify(leg), walk)
    if (made) this.kept.keepWalk(known, key, made)
    return leg
  }

  write({ walk, kept }: WalkHere): void {
    const { out } = this
    const at = out.length
    out.raw(kept.json)
    for (const offset of kept.departures) out.timeAt(at + offset, walk.departure)
    for (const offset of kept.arrivals) out.timeAt(at + offset, walk.arrival)
  }

  /** What realtime added may be another stop in the next generation. */
  private stopAt(end: LegEnd): StopIdx | undefined {
    if (end.kind !== 'stop' || isExtraStop(this.view.horizon.timetable, end.stop as StopIdx)) return undefined
    return end.stop as StopIdx
  }
}

/** Of where it leaves and of where it comes to: planned and now, and once more of the leg itself. */
const TIMES = 4

/** Undefined where a text looks like one of the times. */
function withTimes(text: string, { departure, arrival }: WalkLeg): KeptWalk | undefined {
  const bytes = json(text)
  const departures = placesOf(bytes, departure)
  const arrivals = utc(departure) === utc(arrival) ? [] : placesOf(bytes, arrival)
  const isWhole = departures.length + arrivals.length === 2 * TIMES && arrivals.length % TIMES === 0
  return isWhole ? { json: bytes, departures, arrivals } : undefined
}

function placesOf(bytes: Uint8Array, time: number): number[] {
  const places: number[] = []
  const [whole, wanted] = [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), `"${utc(time)}"`]
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) places.push(at)
  return places
}

// who travels is the same object from one task to the next as long as nobody asks for another (plan-thread.ts)
const names = new WeakMap<Profile, string>()

/** All that tells two travellers' walks between the same stops apart. */
function whoWalks({ query: { walker, maxMatchingDistance }, detailedTransfers }: PlanView): string {
  const who = names.getOrInsertComputed(walker, JSON.stringify)
  return `${detailedTransfers} ${maxMatchingDistance} ${who}`
}
