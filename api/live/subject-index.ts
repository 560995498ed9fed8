// Where subjects are: which of them may show a stop, or an elevator.

import type { StopIdx } from '#engine/core/ids.ts'
import type { Subject } from './subject.ts'

export class SubjectIndex {
  private readonly byStop = new Map<StopIdx, Set<Subject>>()
  private readonly byElevator = new Map<string, Set<Subject>>()
  private readonly anywhere = new Set<Subject>()

  /** Where its topic is now. */
  add(subject: Subject): void {
    const { stops, elevators } = subject.topic
    subject.indexed = stops
    subject.indexedElevators = elevators
    if (stops === 'any') this.anywhere.add(subject)
    else for (const stop of stops) enter(this.byStop, stop, subject)
    for (const id of elevators ?? []) enter(this.byElevator, id, subject)
  }

  remove(subject: Subject): void {
    const { indexed, indexedElevators } = subject
    this.anywhere.delete(subject)
    if (indexed !== 'any') for (const stop of indexed) leave(this.byStop, stop, subject)
    for (const id of indexedElevators ?? []) leave(this.byElevator, id, subject)
  }

  /** After its topic was read: it may be elsewhere now. */
  follow(subject: Subject): void {
    const { stops, elevators } = subject.topic
    if (stops === subject.indexed && elevators === subject.indexedElevators) return
    this.remove(subject)
    this.add(subject)
  }

  at(stop: StopIdx): Iterable<Subject> {
    return this.byStop.get(stop) ?? []
  }

  byWayOf(elevator: string): Iterable<Subject> {
    return this.byElevator.get(elevator) ?? []
  }

  /** Those that may show any stop. */
  get everywhere(): Iterable<Subject> {
    return this.anywhere
  }
}

function enter<Key>(index: Map<Key, Set<Subject>>, key: Key, subject: Subject): void {
  const there = index.get(key)
  if (there) there.add(subject)
  else index.set(key, new Set([subject]))
}

function leave<Key>(index: Map<Key, Set<Subject>>, key: Key, subject: Subject): void {
  const there = index.get(key)
  there?.delete(subject)
  if (there?.size === 0) index.delete(key)
}
