// All channels of a process and what makes their deltas. After a publish only the channels that may show it are read again, each at most
// once in its pace; a tick every second finds what is over. Reading goes in slices.
//
//   publish ─▶ stops changed ─▶ dirty channels ─▶ read topic, diff, encode once ─▶ whoever delivers
//   tick    ─▶ rows over ──────▶      │ read too short a time ago: deferred
//
// Who watches is the hub's. The two know each other by `ChannelSource` only, so the same hub may deliver what another process makes.

import type { LiveLimits } from '#api/config.ts'
import { shownAt } from '#api/motis/stops.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { Published, TransitService } from '#workers/service.ts'
import { Channel, type LiveChannel } from './channel.ts'
import { elevatorNews } from './elevator-news.ts'
import { feedStates } from './feeds.ts'
import { type ChannelName, parseName } from './names.ts'
import type { Scheduler } from './scheduler.ts'
import { Slices } from './slices.ts'
import type { ChannelListener, ChannelSource } from './source.ts'
import { Subject } from './subject.ts'
import { SubjectIndex } from './subject-index.ts'
import { isGone, type Topic } from './topic.ts'

const TICK_MS = 1000
/** No generation's number. */
const NEVER = -1

export class ChannelMaker implements ChannelSource {
  /** Feed states as JSON. */
  feed = '{}'
  /** Topics read since the start: what a publish costs. */
  reads = 0
  private failures = 0
  private service: TransitService
  private readonly limits: LiveLimits
  private readonly scheduler: Scheduler
  private readonly slices: Slices
  private readonly onError: (error: unknown) => void
  private listener: ChannelListener | undefined
  private readonly subjects = new Map<string, Subject>()
  private readonly index = new SubjectIndex()
  private readonly dirty = new Set<Subject>()
  private readonly deferred = new Set<Subject>()
  /** Unwatched, the one that has been so longest first: kept for those who come back, while there is room. */
  private readonly resting = new Set<Subject>()
  /** Their topics threw when they were last read: each is read again with every tick. */
  private readonly failing = new Set<Subject>()
  private refreshing = false
  private cancelDeferred: (() => void) | undefined
  private cancelTick: () => void
  private stopListening: () => void
  private elevatorNews: () => string[]
  /** Feed states as last told. */
  private told = new Map<string, string>()

  constructor(service: TransitService, limits: LiveLimits, scheduler: Scheduler, onError: (error: unknown) => void) {
    this.service = service
    this.limits = limits
    this.scheduler = scheduler
    this.slices = new Slices(scheduler, onError)
    this.onError = onError
    this.elevatorNews = elevatorNews(service)
    this.readFeedStates()
    this.stopListening = service.onPublish(published => this.onPublish(published))
    this.cancelTick = scheduler.after(TICK_MS, () => this.tick())
  }

  get clock(): TransitService['clock'] {
    return this.service.clock
  }

  get channelCount(): number {
    return this.subjects.size
  }

  get trouble(): ChannelSource['trouble'] {
    return { failing: this.failing.size, failures: this.failures }
  }

  isRight(channel: LiveChannel): boolean {
    return !this.failing.has(channel as Subject)
  }

  listen(listener: ChannelListener): void {
    this.listener = listener
  }

  open(name: string): Subject {
    const parsed = parseName(name)
    const known = this.subjects.get(parsed.name)
    if (known && this.renew(known)) return known
    const { resumeDeltas: keepDeltas, resumeBytes: keepBytes, resumeMs: keepMs, maxChannels } = this.limits
    const { service } = this
    const topic = this.topicOf(parsed)
    if (this.subjects.size >= maxChannels) {
      const [oldest] = this.resting
      if (!oldest) {
        topic.close?.()
        throw tooMany()
      }
      this.drop(oldest)
    }
    const channel = new Channel({ name: parsed.name, kind: topic.kind, keepDeltas, keepBytes, keepMs })
    const subject = new Subject(parsed, topic, channel, service)
    this.subjects.set(parsed.name, subject)
    this.index.add(subject)
    this.rest(subject)
    return subject
  }

  watch(channel: LiveChannel): void {
    const subject = channel as Subject
    this.renew(subject)
    // opened, then given up for others before anybody watched
    if (this.subjects.get(subject.name) !== subject) throw tooMany()
    const { horizon, clock } = this.service
    const fresh = subject.channel.asOf === clock.now() && subject.generation === horizon.generation
    if (!fresh && this.mayChange(subject)) this.refresh(subject)
    subject.watched = true
    this.resting.delete(subject)
  }

  rest(channel: LiveChannel): void {
    const subject = channel as Subject
    subject.watched = false
    subject.restingSince = this.scheduler.now()
    this.resting.delete(subject)
    if (this.subjects.get(subject.name) === subject) this.resting.add(subject)
  }

  /**
   * From now on another network answers. Channels, their numbers and who watches them stay; what it does not have is gone. Resolves when nothing
   * here knows the one before any more: a channel is moved when it is next needed, the others one after the other, between answers.
   */
  moveTo(service: TransitService): Promise<void> {
    this.stopListening()
    this.service = service
    this.elevatorNews = elevatorNews(service)
    this.stopListening = service.onPublish(published => this.onPublish(published))
    this.readFeedStates()
    const rest = [...this.subjects.values()].values()
    return new Promise(done =>
      this.slices.add(() => {
        const { value: subject } = rest.next()
        if (subject === undefined) {
          done()
          return false
        }
        if (subject.of !== this.service && this.subjects.get(subject.name) === subject && this.renew(subject)) {
          this.dirty.add(subject)
          this.refreshDirty()
        }
        return true
      }),
    )
  }

  close(): void {
    this.stopListening()
    this.cancelTick()
    this.cancelDeferred?.()
    for (const { topic } of this.subjects.values()) topic.close?.()
  }

  private topicOf(parsed: ChannelName): Topic {
    const touch = (): void => {
      const subject = this.subjects.get(parsed.name)
      if (!subject) return
      subject.stamp = undefined
      this.dirty.add(subject)
      this.refreshDirty()
    }
    return parsed.make(this.service, touch)
  }

  /** Makes its topic that of the network in force. @returns false when that has none: the channel has ended */
  private renew(subject: Subject): boolean {
    if (subject.of === this.service) return true
    subject.topic.close?.()
    this.index.remove(subject)
    try {
      subject.topic = this.topicOf(subject.parsed)
    } catch (error) {
      this.end(subject, error instanceof FreifahrtError ? error.message : 'the network was replaced')
      return false
    }
    subject.of = this.service
    subject.stamp = undefined
    subject.generation = NEVER
    this.index.add(subject)
    return true
  }

  private drop(subject: Subject): void {
    this.subjects.delete(subject.name)
    this.resting.delete(subject)
    this.dirty.delete(subject)
    this.deferred.delete(subject)
    this.failing.delete(subject)
    subject.topic.close?.()
    this.index.remove(subject)
  }

  private end(subject: Subject, reason: string): void {
    this.drop(subject)
    this.listener?.gone(subject, reason)
  }

  private onPublish(published: Published): void {
    const { changedStops, alertsChanged, vehiclesChanged, sourcesChanged, conditionsChanged } = published
    if (sourcesChanged) this.readFeedStates()
    if (changedStops.length > 0) for (const subject of this.index.everywhere) this.dirty.add(subject)
    for (const stop of changedStops as Iterable<StopIdx>)
      for (const at of shownAt(this.service, stop)) for (const subject of this.index.at(at)) this.dirty.add(subject)
    if (alertsChanged || vehiclesChanged || sourcesChanged || conditionsChanged)
      for (const subject of this.subjects.values()) {
        const { alerts, vehicles, sources, conditions } = subject.topic
        const touched = (alerts && alertsChanged) || (vehicles && vehiclesChanged) || (sources && sourcesChanged)
        if (touched || (conditions && conditionsChanged)) this.dirty.add(subject)
      }
    if (alertsChanged || conditionsChanged)
      for (const elevator of this.elevatorNews())
        for (const subject of this.index.byWayOf(elevator)) this.dirty.add(subject)
    this.refreshDirty()
  }

  private tick(): void {
    this.cancelTick = this.scheduler.after(TICK_MS, () => this.tick())
    const now = this.scheduler.now()
    const clock = this.service.clock.now()
    this.readFeedStates()
    for (const subject of this.subjects.values()) {
      subject.channel.forget(now)
      if (subject.watched) {
        // or the clock was set back
        if (subject.due <= clock || subject.channel.asOf > clock || this.failing.has(subject)) {
          subject.stamp = undefined
          this.dirty.add(subject)
        }
      } else if (now - subject.restingSince > this.limits.resumeMs) this.drop(subject)
    }
    this.refreshDirty()
  }

  private readFeedStates(): void {
    const { clock } = this.service
    const states = feedStates(this.service.sources(), clock.now())
    this.feed = JSON.stringify(states)
    for (const [tag, state] of Object.entries(states)) {
      const before = this.told.get(tag)
      this.told.set(tag, state.state)
      if (before !== undefined && before !== state.state) this.listener?.status(tag, state)
    }
  }

  private refreshDirty(): void {
    if (this.refreshing || this.dirty.size === 0) return
    this.slices.add(() => {
      this.refreshing = this.refreshNext()
      return this.refreshing
    })
  }

  private refreshNext(): boolean {
    const [subject] = this.dirty
    if (subject === undefined) return false
    this.dirty.delete(subject)
    // nobody watches: the next subscriber will have it read
    if (!subject.watched || !this.renew(subject)) return true
    if (!this.mayChange(subject)) this.defer(subject)
    else {
      const known = this.failing.has(subject)
      try {
        this.refresh(subject)
      } catch (error) {
        // one topic's fault holds up no other, and is told once
        if (!known && !isGone(error)) this.onError(error)
      }
    }
    return true
  }

  private mayChange(subject: Subject): boolean {
    return !subject.watched || this.restOf(subject) <= 0
  }

  private restOf({ channel, topic }: Subject): number {
    const pace = topic.pace === 'fast' ? this.limits.fastDeltaMs : this.limits.deltaMs
    return channel.changedAt + pace - this.scheduler.now()
  }

  private defer(subject: Subject): void {
    this.deferred.add(subject)
    this.cancelDeferred ??= this.scheduler.after(this.restOf(subject), () => {
      this.cancelDeferred = undefined
      const waiting = [...this.deferred]
      this.deferred.clear()
      for (const one of waiting) this.dirty.add(one)
      this.refreshDirty()
    })
  }

  private refresh(subject: Subject): void {
    try {
      this.readAgain(subject)
      this.failing.delete(subject)
    } catch (error) {
      if (isGone(error)) {
        this.end(subject, error.message)
        throw error
      }
      this.failures++
      this.failing.add(subject)
      throw error
    }
  }

  private readAgain(subject: Subject): void {
    const { service } = this
    const { topic, channel } = subject
    const stamp = topic.stamp?.(service)
    const generation = service.horizon.generation
    subject.generation = generation
    if (stamp !== undefined && stamp === subject.stamp && subject.due > service.clock.now()) return
    const now = service.clock.now()
    subject.stamp = undefined // until it has been read
    const content = topic.read(service)
    this.reads++
    subject.stamp = stamp
    subject.due = content.due
    this.index.follow(subject)
    const delta = channel.update(content, now, this.scheduler.now())
    if (delta) this.listener?.delta(subject, delta)
  }
}

const tooMany = (): FreifahrtError => new FreifahrtError('TOO_LARGE', 'ch', 'too many channels are watched')
