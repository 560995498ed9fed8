// The rare, slow jobs (download, import): named, with plain data, one after the other, each visible while it waits, runs and after it
// has ended.

export type JobState = 'waiting' | 'running' | 'done' | 'failed'

export interface Job {
  readonly id: number
  readonly name: string
  readonly state: JobState
  /** The handler's newest word. */
  readonly progress: unknown
  readonly error?: string
  /** How often its handler says it has begun; 0 before. */
  readonly attempts: number
}

export interface JobContext {
  readonly signal: AbortSignal
  progress(value: unknown): void
  attempt(number: number): void
}

/** name → [data, result] */
export type Jobs = Record<string, readonly [unknown, unknown]>

export type Handlers<J extends Jobs> = {
  readonly [Name in keyof J]: (data: J[Name][0], context: JobContext) => Promise<J[Name][1]>
}

export interface AddOptions {
  readonly onProgress?: (value: unknown) => void
  /** Takes the job out of the line, or ends it if its handler heeds the signal. */
  readonly signal?: AbortSignal
}

export interface Queue<J extends Jobs> {
  add<Name extends keyof J & string>(name: Name, data: J[Name][0], options?: AddOptions): Promise<J[Name][1]>
  /** The newest last; of those that have ended only the last few. */
  jobs(): readonly Job[]
  /** Aborts the running job and fails those that wait. */
  close(): Promise<void>
}

const ENDED_KEPT = 20

export function createQueue<J extends Jobs>(handlers: Handlers<J>): Queue<J> {
  const jobs: { -readonly [K in keyof Job]: Job[K] }[] = []
  const stop = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  return {
    add(name, data, { onProgress, signal } = {}) {
      const job: (typeof jobs)[number] = { id: ++count, name, state: 'waiting', progress: undefined, attempts: 0 }
      jobs.push(job)
      const ended = signal ? AbortSignal.any([stop.signal, signal]) : stop.signal
      const result = last.then(async () => {
        ended.throwIfAborted()
        job.state = 'running'
        return handlers[name]!(data, {
          signal: ended,
          progress(value) {
            job.progress = value
            onProgress?.(value)
          },
          attempt(number) {
            job.attempts = number
          },
        })
      })
      last = result.then(
        () => {
          job.state = 'done'
        },
        (error: unknown) => {
          job.state = 'failed'
          job.error = error instanceof Error ? error.message : String(error)
        },
      )
      const over = jobs.filter(j => j.state === 'done' || j.state === 'failed')
      for (const old of over.slice(0, Math.max(0, over.length - ENDED_KEPT))) jobs.splice(jobs.indexOf(old), 1)
      return result
    },
    jobs: () => jobs,
    async close() {
      stop.abort(new Error('the queue is closed'))
      await last
    },
  }
}
