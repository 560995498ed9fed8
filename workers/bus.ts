// Named messages between the parts of a process: whoever says something does not know who listens. What may be said is a map from name
// to data, so a misspelt name does not compile. A listener that throws does not keep the others from hearing.

export interface Bus<Messages> {
  say<Name extends keyof Messages>(name: Name, data: Messages[Name]): void
  /** Returns how to stop listening. */
  hear<Name extends keyof Messages>(name: Name, listener: (data: Messages[Name]) => void): () => void
}

/** @param onError what a listener threw, with the message's name */
export function createBus<Messages>(onError: (name: keyof Messages, error: unknown) => void): Bus<Messages> {
  const listeners = new Map<keyof Messages, Set<(data: never) => void>>()
  return {
    say(name, data) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(data as never)
        } catch (error) {
          onError(name, error)
        }
      }
    },
    hear(name, listener) {
      const own = (data: never): void => listener(data)
      const all = listeners.get(name) ?? new Set()
      listeners.set(name, all.add(own))
      return () => void all.delete(own)
    },
  }
}
