// Who may operate: a file of names, roles and hashes. The token itself is written down nowhere; it travels in the Authorization header only,
// never in an address or a log.
//
//   [{ "name": "control room", "role": "viewer", "sha256": "…64 hex digits…" }]        printf %s "$TOKEN" | sha256sum
//
// A token is 128 random bits or more, so a plain hash is as good as a slow one; all hashes are compared, each in constant time.

import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { FreifahrtError } from '#engine/core/errors.ts'

/** A viewer sees what operators see; an operator may also act. */
export type Role = 'viewer' | 'operator'

const Entry = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    role: Type.Union([Type.Literal('viewer'), Type.Literal('operator')]),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** ISO time after which the token is void. */
    until: Type.Optional(Type.String({ maxLength: 40 })),
  },
  { additionalProperties: false },
)
type Entry = Static<typeof Entry>
const isList = Compile(Type.Array(Entry, { maxItems: 1000 }))

export interface Operator {
  readonly name: string
  readonly role: Role
}

export interface Operators {
  readonly configured: boolean
  /** Who says this token, if anybody may. */
  find(token: string, nowMs: number): Operator | undefined
}

export const noOperators: Operators = { configured: false, find: () => undefined }

/** Milliseconds between two looks whether the file is another. */
const LOOK_MS = 5000

/**
 * The operators of a file, which is read again when it is another: who is taken out of it has nothing to say any more. One that cannot be read then leaves
 * those before. Throws FILE_MISSING, BAD_REQUEST.
 * @param onTrouble with each version that cannot be read, once
 */
export function readOperators(path: string, onTrouble: (error: unknown) => void): Operators {
  let version = versionOf(path)
  let operators = operatorsOf(readEntries(path))
  let lookedAt = Number.NEGATIVE_INFINITY
  const look = (): void => {
    const now = versionOf(path)
    if (now === version) return
    version = now
    try {
      operators = operatorsOf(readEntries(path))
    } catch (error) {
      onTrouble(error)
    }
  }
  return {
    configured: true,
    find(token, nowMs) {
      if (Math.abs(nowMs - lookedAt) >= LOOK_MS) {
        lookedAt = nowMs
        look()
      }
      return operators.find(token, nowMs)
    },
  }
}

function versionOf(path: string): string {
  const info = statSync(path, { throwIfNoEntry: false })
  return info ? `${info.mtimeMs} ${info.size} ${info.ino}` : 'none'
}

function readEntries(path: string): Entry[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new FreifahrtError('FILE_MISSING', path, 'no such file of operators')
  }
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    throw new FreifahrtError('BAD_REQUEST', path, 'is no JSON')
  }
  if (!isList.Check(list))
    throw new FreifahrtError('BAD_REQUEST', path, 'is no list of {"name", "role": "viewer" or "operator", "sha256"}')
  return list as Entry[]
}

/** Tokens are compared by their hash, and known until their entry ends. */
export function operatorsOf(entries: readonly Entry[]): Operators {
  const known = entries.map(({ name, role, sha256, until }) => ({
    operator: { name, role },
    hash: Buffer.from(sha256, 'hex'),
    until: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
  }))
  return {
    configured: true,
    find(token, nowMs) {
      const hash = createHash('sha256').update(token).digest()
      let found: Operator | undefined
      for (const { operator, hash: own, until } of known)
        if (timingSafeEqual(hash, own) && nowMs < until) found = operator
      return found
    },
  }
}
