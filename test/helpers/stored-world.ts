// A network of two files on disk, an object store on loopback, and a cache: anew for each test of the file that asks for it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { FeedReport } from '#feeds/gtfs/report.ts'
import type { Store } from '#feeds/store.ts'
import { type Manifest, type NetworkFacts, readNetwork, writeNetwork } from '#workers/network-files.ts'
import { bringNetwork } from '#workers/network-store/bring.ts'
import { type PublishOptions, publishNetwork } from '#workers/network-store/publish.ts'
import { type ObjectStore, startObjectStore } from './object-store.ts'

/** What a manifest says beside its files. */
export const facts: NetworkFacts = {
  createdAt: '2026-01-10T00:00:00Z',
  feeds: [{ tag: 'de', from: 'feed.zip', sha256: 'ab', bytes: 3, report: { tag: 'de' } as FeedReport }],
  bounds: [7.3, 51.4, 7.6, 51.6],
  zones: ['Europe/Berlin'],
  serviceDays: ['20260110', '20260111'],
  attributions: [{ text: 'Stadt', license: 'CC BY 4.0' }],
  counts: { stops: 2 },
}

const bytesOf = (length: number, byteAt: (i: number) => number): SharedArrayBuffer => {
  const buffer = new SharedArrayBuffer(length)
  new Uint8Array(buffer).set(Uint8Array.from({ length }, (_, i) => byteAt(i)))
  return buffer
}

export const isObject = (path: string): boolean => path.startsWith('city/objects/')

class StoredWorld {
  dir = ''
  cache = ''
  server!: ObjectStore
  store!: Store

  get network(): string {
    return join(this.dir, 'network')
  }
  /** A network whose timetable begins with this number and has no two equal stretches; its streets are always the same. */
  write(timetable: number): Manifest {
    return writeNetwork(
      this.network,
      { ...facts, counts: { stops: timetable } },
      new Map([
        ['timetable', bytesOf(100_000, i => (i % 1000 === 0 ? timetable + i / 1000 : timetable))],
        ['streets', bytesOf(200_000, () => 7)],
      ]),
    )
  }
  async publish(timetable: number, options: PublishOptions = {}): Promise<boolean> {
    this.write(timetable)
    return publishNetwork(this.network, this.store, options)
  }
  bring(): Promise<string> {
    return bringNetwork(this.store, this.cache)
  }
  objects(): string[] {
    return [...this.server.objects.keys()].filter(isObject)
  }
}

export const timetableIn = (folder: string): number => new Uint8Array(readNetwork(folder).parts.get('timetable')!)[0]!

export function storedWorld(): StoredWorld {
  const world = new StoredWorld()
  beforeEach(async () => {
    world.dir = mkdtempSync(join(tmpdir(), 'freifahrt-store-'))
    world.cache = join(world.dir, 'cache')
    world.server = await startObjectStore()
    world.store = { url: `${world.server.url}/city`, patience: { attempts: 2, backoffMs: 1 } }
  })
  afterEach(async () => {
    await world.server.close()
    rmSync(world.dir, { recursive: true })
  })
  return world
}
