// What the API can be told, with every default in one place. settings.ts says where a process gets it from.

import { FreifahrtError } from '#engine/core/errors.ts'
import { type FleetRules, fleetDefaults } from '#engine/fleet/rules.ts'
import type { Counts } from '#workers/counts.ts'
import type { Settings } from './settings.ts'

export interface ApiConfig {
  readonly host: string
  readonly port: number
  /** Folder of the built page; undefined serves the API alone. */
  readonly webRoot?: string | undefined
  /** What is written to stderr. */
  readonly log: 'nothing' | 'errors' | 'requests'
  /** There is a proxy in front of us: the client's address is what it says in X-Forwarded-For. */
  readonly trustProxy: boolean
  /** Pages of these origins may ask; `*` for all. */
  readonly origins: readonly string[]
  /** Of one address; 0 for no limit. */
  readonly requestsPerMinute: number
  /** Who counts them, when several processes do it together. */
  readonly counts?: Counts | undefined
  readonly live: LiveLimits
  readonly fleet: FleetRules
  /** Folder of the days that the statistics job keeps; '' for none. */
  readonly statistics: string
}

/** Limits of the live protocol; reached ones answer `err` or close, never grow. */
export interface LiveLimits {
  readonly maxPayload: number
  readonly maxSubscriptions: number
  /** The same for who says an operator's token. */
  readonly operatorSubscriptions: number
  readonly messagesPerSecond: number
  readonly messageBurst: number
  /** Sockets let in, of all addresses together: so many at once, so many a second in the long run. */
  readonly handshakeBurst: number
  readonly handshakesPerSecond: number
  /** Connections of one address; displays at one station share it. */
  readonly connectionsPerAddress: number
  /** Watched channels in all: bounds memory and work. */
  readonly maxChannels: number
  /**
   * Above `slowBytes` waiting a client gets no deltas, above `snapshotBytes` no snapshot it asks for, below `freshBytes` one snapshot instead;
   * above `maxBytes` or for `slowMs` it goes.
   */
  readonly slowBytes: number
  readonly snapshotBytes: number
  readonly freshBytes: number
  readonly maxBytes: number
  readonly slowMs: number
  readonly helloMs: number
  readonly heartbeatMs: number
  readonly socketPingMs: number
  /** Least time between two deltas of one channel. */
  readonly deltaMs: number
  /** The same for what moves on a map. */
  readonly fastDeltaMs: number
  /** What is kept of a channel for those who come back: so many deltas, bytes and milliseconds at most. */
  readonly resumeDeltas: number
  readonly resumeBytes: number
  readonly resumeMs: number
}

export const liveDefaults: LiveLimits = {
  maxPayload: 16 * 1024,
  maxSubscriptions: 64,
  operatorSubscriptions: 512,
  messagesPerSecond: 20,
  messageBurst: 50,
  handshakeBurst: 2000,
  handshakesPerSecond: 1000,
  connectionsPerAddress: 200,
  maxChannels: 20_000,
  slowBytes: 64 * 1024,
  snapshotBytes: 512 * 1024,
  freshBytes: 16 * 1024,
  maxBytes: 1024 * 1024,
  slowMs: 30_000,
  helloMs: 10_000,
  heartbeatMs: 15_000,
  socketPingMs: 30_000,
  deltaMs: 1_000,
  fastDeltaMs: 200,
  resumeDeltas: 64,
  resumeBytes: 32 * 1024,
  resumeMs: 300_000,
}

/** Of one request: the address in characters (an itinerary id alone may have 12,000), and its parameters. */
export const requestLimits = { url: 14_000, parameters: 256 } as const

/** Limits of every HTTP connection, in bytes and milliseconds. */
export const httpLimits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 72_000,
} as const

export const apiDefaults: ApiConfig = {
  host: '127.0.0.1',
  port: 8080,
  log: 'nothing',
  trustProxy: false,
  origins: ['*'],
  requestsPerMinute: 0,
  live: liveDefaults,
  fleet: fleetDefaults,
  statistics: '',
}

/** The API's part of a process' settings. */
export const apiConfigOf = (settings: Settings): ApiConfig => ({
  host: settings.host,
  port: settings.port,
  log: settings.log,
  trustProxy: settings.trustProxy,
  origins: settings.origins,
  requestsPerMinute: settings.requestsPerMinute,
  live: { ...liveDefaults, connectionsPerAddress: settings.liveConnectionsPerAddress },
  fleet: fleetRulesOf(settings.fleet),
  statistics: settings.statistics,
})

/** `lateSeconds=240` … over the defaults. Throws BAD_REQUEST for a threshold that does not exist or is no number. */
export function fleetRulesOf(list: readonly string[]): FleetRules {
  const given = list.map(entry => {
    const [name = '', text = ''] = entry.split('=')
    const value = Number(text)
    if (!Object.hasOwn(fleetDefaults, name) || text === '' || !(value >= 0))
      throw new FreifahrtError(
        'BAD_REQUEST',
        'fleet',
        `'${entry}' is not one of ${Object.keys(fleetDefaults).join(', ')}=NUMBER`,
      )
    return [name, value] as const
  })
  return { ...fleetDefaults, ...Object.fromEntries(given) }
}
