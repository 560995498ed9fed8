// A connection to Redis that comes back by itself. Commands fail at once while it is away (nothing piles up in memory), and a server that
// has stopped answering counts as away: every command has a limit of its own.

import { createClient, RESP_TYPES } from 'redis'
import { withoutSecrets } from '#engine/core/address.ts'

/** Milliseconds for a command; one that blocks on purpose is given more. */
const COMMAND_MS = 3000
/** Longest wait before the next attempt to connect. */
const RECONNECT_MS = 1000

export type Redis = ReturnType<typeof connectRedis>

export interface RedisState {
  /** false: has gone, or has not been there yet. */
  onChange(up: boolean, why?: string): void
}

/** Returns at once; the server may come later. Values are bytes. */
export function connectRedis(url: string, { onChange }: RedisState, commandMs = COMMAND_MS) {
  const client = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    // seen by a server that is stopped: its socket stays open and says nothing
    pingInterval: 2000,
    commandOptions: { timeout: commandMs, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    socket: {
      connectTimeout: 2000,
      socketTimeout: commandMs * 2,
      reconnectStrategy: tries => Math.min(RECONNECT_MS, 50 * 2 ** Math.min(tries, 5)),
    },
  })
  let up: boolean | undefined
  const change = (now: boolean, why?: string): void => {
    if (up === now) return
    up = now
    onChange(now, why)
  }
  client.on('ready', () => change(true))
  client.on('error', (error: NodeJS.ErrnoException) =>
    change(false, `${withoutSecrets(url)}: ${error.message || error.code}`),
  )
  client.connect().catch(() => {}) // told by 'error', tried again
  return client
}

/** Ends the connection without waiting for a server that may not answer. */
export function closeRedis(redis: Redis): void {
  if (redis.isOpen) redis.destroy()
}
