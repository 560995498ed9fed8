// Where the network that a process serves comes from: a folder, or an object store that is copied into a folder first. Either way there may be
// a new one at any time, and what cannot be brought leaves the one in force alone.

import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withoutSecrets } from '#engine/core/address.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import type { Store } from '#feeds/store.ts'
import { bringNetwork, lastBrought } from './network-store/bring.ts'
import { readPointer, type StoreProgress } from './network-store/pointer.ts'
import { watchFolder } from './watch.ts'

/** Plain data: threads are given it. */
export type NetworkPlace =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'store'; readonly store: Store; readonly cache: string }

/** What an object store wants to know of us. */
export type StoreAccess = Omit<Store, 'url'>

/** @param text a folder, or an address */
export const placeOf = (text: string, cache: string, access: StoreAccess): NetworkPlace =>
  /^https?:\/\//i.test(text) ? { kind: 'store', store: { ...access, url: text }, cache } : { kind: 'folder', dir: text }

export const placeName = (place: NetworkPlace): string =>
  place.kind === 'folder' ? place.dir : withoutSecrets(place.store.url)

/** The folder in which the newest network lies, fetched if it has to be. @throws FETCH_FAILED and its kin */
export const bring = async (place: NetworkPlace, progress?: StoreProgress): Promise<string> =>
  place.kind === 'folder' ? place.dir : bringNetwork(place.store, place.cache, progress)

/** The folder of the network that was brought last, whoever can be reached now. */
export const broughtBefore = (place: NetworkPlace): string | undefined =>
  place.kind === 'folder' ? place.dir : lastBrought(place.store, place.cache)

export interface PlaceListener {
  /** A new network is there; resolves with whether it was taken over. One in a store that was not is tried again, less and less often. */
  onChange(): Promise<boolean>
  /** What lies there is the one in force again: who had put another there has taken it back. */
  onSame(): void
  /** With the first failure in a row to ask the store. */
  onTrouble(error: unknown): void
}

/** @param dir what `bring` gave for the network in force @returns stops it */
export function watchPlace(
  place: NetworkPlace,
  dir: string,
  listener: PlaceListener,
  everySeconds: number,
): () => void {
  if (place.kind === 'folder') return watchFolder(place.dir, () => void listener.onChange())
  const stop = new AbortController()
  void watchStore(place.store, basename(dir), listener, everySeconds * 1000, stop.signal)
  return () => stop.abort()
}

async function watchStore(
  store: Store,
  inForce: string,
  { onChange, onSame, onTrouble }: PlaceListener,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  let version = inForce
  let etag: string | undefined
  let failures = 0
  for (;;) {
    await sleep(nextPollMs(everyMs, failures, Math.random()), undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return
    try {
      const found = await readPointer(store, etag)
      if (signal.aborted) return
      if (found === 'unchanged' || found === undefined) failures = 0
      else if (found.version === version || (await onChange())) {
        if (found.version === version) onSame()
        failures = 0
        version = found.version
        etag = found.etag
      } else failures++
    } catch (error) {
      if (failures++ === 0) onTrouble(error)
    }
  }
}
