// How a watched journey's walks are made now. While no elevator near one is out of order at its time each is as it was found; else a plan
// thread is asked, as for an itinerary that is read again, and what it said before stands until it answers.

import { elevatorsNow } from '#api/elevators.ts'
import { type FoundItinerary, savedQuery } from '#api/render/itinerary-id.ts'
import { aroundWalk } from '#api/render/walk-again.ts'
import type { ElevatorState } from '#engine/access/elevators.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { timesOf } from '#engine/plan/soonest.ts'
import type { WalkAgain, WalkNow, WalkWhen } from '#engine/plan/walked.ts'
import type { WalkLeg } from '#engine/transit/journey.ts'
import type { TransitService } from '#workers/service.ts'
import { inTurn } from './in-turn.ts'

/** Seconds after which a question that found no thread is asked again. */
const ASK_AGAIN = 5

type Asked = readonly [walk: WalkLeg, when: WalkWhen]

/** A walk and all that matters to how it is made, as text. */
interface Pending {
  readonly key: string
  readonly asked: Asked
}

export class WalksNow {
  /** Ids of those that may make a walk another one. */
  elevators: readonly string[] = []
  /** When to read the journey again for want of an answer. */
  due = Number.POSITIVE_INFINITY
  private readonly found: FoundItinerary
  private readonly touch: () => void
  /** By what was asked: the answers that the last reading made use of, and those that came since. */
  private known = new Map<string, WalkNow>()
  /** By the walk's number. */
  private readonly last = new Map<number, { readonly asked: Asked; readonly now: WalkNow }>()
  private asking: { readonly key: string; readonly abort: AbortController } | undefined

  constructor({ saved, from, to, vias }: FoundItinerary, touch: () => void) {
    this.found = { saved, from, to, vias }
    this.touch = touch
  }

  /** What is known of those that may make a walk another one, as text: another one when a walk may be. */
  stamp(service: TransitService): string {
    const may = new Set(this.elevators)
    return wordsOf(outNow(service).filter(({ elevator }) => may.has(elevator.id)))
  }

  /** The walks of one reading of the journey, in order; what is not known of them is asked when it is over (`end`). */
  begin(service: TransitService): { readonly again: WalkAgain; readonly end: () => void } {
    const view = { horizon: service.horizon, query: savedQuery(this.found) }
    const now = service.clock.now()
    const out = outNow(service)
    const mayUse: ReturnType<typeof aroundWalk>['near'][] = []
    const used = new Map<string, WalkNow>()
    const pending: Pending[] = []
    let number = 0
    const again: WalkAgain = (walk, when) => {
      const n = number++
      const last = this.last.get(n)
      const { concerns, near, inReach, taken } = aroundWalk(view, walk, when)
      const told = (known: WalkNow): WalkNow => {
        this.last.set(n, { asked: [walk, when], now: known })
        return known
      }
      mayUse.push(near)
      // who has made it by now is past it, whatever breaks
      if (last && walk.arrival <= now) return moved(last.now, last.asked[1], when)
      if (!out.some(state => concerns(state.elevator, state.out)))
        return told(timesOf({ waits: 0, seconds: taken }, when))
      mayUse.push(inReach)
      const key = JSON.stringify([walk, when, wordsOf(out.filter(({ elevator }) => inReach(elevator)))])
      const known = this.known.get(key)
      if (known) {
        used.set(key, known)
        return told(known)
      }
      pending.push({ key, asked: [walk, when] })
      return last ? moved(last.now, last.asked[1], when) : walk
    }
    const end = (): void => {
      this.known = used
      this.follow(service, mayUse)
      this.ask(service, pending)
    }
    return { again, end }
  }

  /** No question is under way or will be. */
  close(): void {
    this.asking?.abort.abort()
    this.asking = undefined
  }

  private follow(service: TransitService, mayUse: readonly ReturnType<typeof aroundWalk>['near'][]): void {
    const ids = elevatorsNow(service).flatMap(({ elevator }) =>
      mayUse.some(may => may(elevator)) ? [elevator.id] : [],
    )
    if (ids.join('\n') !== this.elevators.join('\n')) this.elevators = ids
  }

  private ask(service: TransitService, pending: readonly Pending[]): void {
    const key = pending.map(one => one.key).join('\n')
    if (pending.length > 0 && key === this.asking?.key) return
    this.close()
    this.due = Number.POSITIVE_INFINITY
    if (pending.length === 0) return
    const abort = new AbortController()
    this.asking = { key, abort }
    inTurn(service, async () => {
      if (abort.signal.aborted) return
      const question = { kind: 'walks', ...this.found, walks: pending.map(({ asked }) => asked) }
      try {
        const bytes = await service.ask(question, undefined, { signal: abort.signal })
        const answers = JSON.parse(new TextDecoder().decode(bytes)) as WalkNow[]
        if (abort.signal.aborted) return
        pending.forEach((one, i) => {
          this.known.set(one.key, answers[i]!)
        })
        this.touch()
      } catch {
        // overloaded or too slow
        if (!abort.signal.aborted) this.due = service.clock.now() + ASK_AGAIN
      }
      if (!abort.signal.aborted) this.asking = undefined
    })
  }
}

const outNow = (service: TransitService): ElevatorState[] =>
  elevatorsNow(service).filter(({ state }) => state === 'out')

const wordsOf = (states: readonly ElevatorState[]): string =>
  JSON.stringify(states.map(({ elevator, out, name, source }) => [elevator.id, out, name, source]))

/** The same walk when the ride before or after it is at another time. */
const moved = (now: WalkNow, { time }: WalkWhen, when: WalkWhen): WalkNow => ({
  ...now,
  departure: (now.departure + when.time - time) as UnixSeconds,
  arrival: (now.arrival + when.time - time) as UnixSeconds,
})
