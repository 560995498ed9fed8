// Where subjects are: which of them may show a stop.

import type { StopIdx } from '#engine/core/ids.ts'
import type { Subject } from './subject.ts'

export class SubjectIndex {
  private readonly byStop = new Map<StopIdx, Set<Subject>>()
  private readonly anywhere = new Set<Subject>()

  /** Where its topic is now. */
  add(subject: Subject): void {
    const { stops } = subject.topic
    subject.indexed = stops
    if (stops === 'any') this.anywhere.add(subject)
    else
      for (const stop of stops) {
        const watching = this.byStop.get(stop)
        if (watching) watching.add(subject)
        else this.byStop.set(stop, new Set([subject]))
      }
  }

  remove(subject: Subject): void {
    const { indexed } = subject
    this.anywhere.delete(subject)
    if (indexed === 'any') return
    for (const stop of indexed) {
      const watching = this.byStop.get(stop)
      watching?.delete(subject)
      if (watching?.size === 0) this.byStop.delete(stop)
    }
  }

  /** After its topic was read: it may be elsewhere now. */
  follow(subject: Subject): void {
    if (subject.topic.stops === subject.indexed) return
    this.remove(subject)
    this.add(subject)
  }

  at(stop: StopIdx): Iterable<Subject> {
    return this.byStop.get(stop) ?? []
  }

  /** Those that may show any stop. */
  get everywhere(): Iterable<Subject> {
    return this.anywhere
  }
}
