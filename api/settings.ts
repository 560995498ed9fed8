// How a process is set up: defaults, then a file, then the environment, then the command line; the later word counts. Every setting is one
// row of `rows`; nothing else reads the environment.
//
//   freifahrt.json { "port": 80 }  ◀  FREIFAHRT_PORT=8081  ◀  --port 9000

import { readFileSync } from 'node:fs'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'

export interface Settings {
  /** A folder, or an address in an object store. */
  readonly network: string
  readonly cache: string
  readonly networkSeconds: number
  readonly storeKeyId: string
  readonly storeSecret: string
  readonly storeSession: string
  readonly storeRegion: string
  /** `TAG=URL`, or only the address when the network has one feed. */
  readonly realtime: readonly string[]
  readonly gbfs: readonly string[]
  readonly elevators: readonly string[]
  readonly parking: readonly string[]
  readonly host: string
  readonly port: number
  readonly log: 'nothing' | 'errors' | 'requests'
  readonly trustProxy: boolean
  readonly origins: readonly string[]
  readonly planThreads: number
  readonly planWaiting: number
  readonly planTimeoutMs: number
  readonly pollSeconds: number
  readonly requestsPerMinute: number
  readonly liveConnectionsPerAddress: number
  /** Thresholds of the fleet view, `NAME=NUMBER`. */
  readonly fleet: readonly string[]
  readonly drainSeconds: number
  readonly allowHosts: readonly string[]
  readonly roles: readonly string[]
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly operators: string
  readonly jobs: string
  readonly importsAtOnce: number
  readonly statistics: string
  readonly otlpEndpoint: string
}

type Value = string | number | boolean | readonly string[]

interface Row {
  readonly default: Value
  /** For people: what it is, and its unit. */
  readonly about: string
  /** The variable, when it is one that other programs know as well. */
  readonly env?: string
  readonly least?: number
  readonly most?: number
  readonly oneOf?: readonly string[]
  /** Of an address: what it may begin with. */
  readonly schemes?: readonly string[]
  /** How it is shown: a secret never is. */
  readonly shown?: 'url' | 'urls' | 'not'
}

const rows: { readonly [Name in keyof Settings]: Row & { readonly default: Settings[Name] } } = {
  network: {
    default: '',
    about: 'the network that is served: its folder, or its address in an object store',
    shown: 'url',
  },
  cache: { default: 'data/networks', about: 'folder in which networks of an object store are kept' },
  networkSeconds: {
    default: 30,
    about: 'between two looks for a new network in an object store',
    least: 1,
    most: 86_400,
  },
  storeKeyId: {
    default: '',
    about: 'key of the object store; empty: requests are not signed',
    env: 'AWS_ACCESS_KEY_ID',
    shown: 'not',
  },
  storeSecret: { default: '', about: "the key's secret", env: 'AWS_SECRET_ACCESS_KEY', shown: 'not' },
  storeSession: { default: '', about: 'of a key that is lent for a while', env: 'AWS_SESSION_TOKEN', shown: 'not' },
  storeRegion: { default: 'us-east-1', about: 'region that requests are signed for', env: 'AWS_REGION' },
  realtime: { default: [], about: 'GTFS-Realtime sources, [TAG=]URL', shown: 'urls' },
  gbfs: { default: [], about: 'vehicles for rent, GBFS or a manifest of them, TAG=URL', shown: 'urls' },
  elevators: { default: [], about: "elevators out of order, JSON as DB's FaSta has it, TAG=URL", shown: 'urls' },
  parking: { default: [], about: 'free spaces of car parks, JSON as ParkAPI has it, TAG=URL', shown: 'urls' },
  host: { default: '127.0.0.1', about: 'address to listen on' },
  port: { default: 8080, about: 'port to listen on; 0 takes a free one', least: 0, most: 65_535 },
  log: { default: 'errors', about: 'what is written to stderr, as JSON', oneOf: ['nothing', 'errors', 'requests'] },
  trustProxy: { default: false, about: 'a proxy stands in front: the caller is the last of X-Forwarded-For' },
  origins: { default: ['*'], about: 'web pages of these origins may ask; * for all' },
  planThreads: { default: 0, about: 'threads that plan; 0: one less than there are cores', least: 0, most: 256 },
  planWaiting: { default: 64, about: 'plans in line before 503', least: 0, most: 100_000 },
  planTimeoutMs: { default: 10_000, about: 'longest time for a plan, ms', least: 100, most: 120_000 },
  pollSeconds: { default: 15, about: 'between two polls of a realtime source', least: 1, most: 3600 },
  requestsPerMinute: { default: 1200, about: 'requests of one address; 0 for no limit', least: 0, most: 10_000_000 },
  liveConnectionsPerAddress: { default: 200, about: 'live connections of one address', least: 1, most: 1_000_000 },
  fleet: { default: [], about: 'thresholds of the fleet view, NAME=NUMBER (lateSeconds=240)' },
  drainSeconds: {
    default: 0,
    about: 'after SIGTERM: not ready, but still answering, so that a load balancer notices',
    least: 0,
    most: 10,
  },
  allowHosts: { default: [], about: 'hosts of feeds that may lie in a private network: NAME or NAME:PORT' },
  roles: {
    default: ['serve'],
    about: 'with Redis, what `serve` does besides serving: feed, jobs; alone it does all',
    oneOf: ['serve', 'feed', 'jobs'],
  },
  redisUrl: {
    default: '',
    about: 'Redis that several processes share; empty: this process is alone',
    env: 'REDIS_URL',
    schemes: ['redis:', 'rediss:'],
    shown: 'url',
  },
  redisPrefix: { default: 'freifahrt', about: 'in front of every key in Redis' },
  operators: { default: '', about: 'file of operators and the hashes of their tokens' },
  jobs: { default: '', about: 'file of what is done again and again: imports, discovery, statistics' },
  importsAtOnce: {
    default: 0,
    about:
      'imports that a process does at once; 0: one per 2 GiB of memory that it does not hold itself, at most three',
    least: 0,
    most: 64,
  },
  statistics: { default: '', about: 'folder of the days that the statistics job keeps, to be served' },
  otlpEndpoint: {
    default: '',
    about: 'where traces go (OTLP over HTTP)',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schemes: ['http:', 'https:'],
    shown: 'url',
  },
}

export type Source = 'default' | 'file' | 'environment' | 'command line'
const names = Object.keys(rows) as (keyof Settings)[]

const defaultSettings: Settings = Object.fromEntries(
  names.map(name => [name, rows[name].default]),
) as unknown as Settings

/** `planTimeoutMs` → `FREIFAHRT_PLAN_TIMEOUT_MS` */
const variableOf = (name: keyof Settings): string =>
  rows[name].env ?? `FREIFAHRT_${name.replaceAll(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`

export interface Configured {
  readonly settings: Settings
  readonly sources: Readonly<Record<keyof Settings, Source>>
}

/**
 * What is in force. Unknown names and values out of range are BAD_REQUEST, with the place they stand at.
 * @param given by the command line; undefined says nothing
 * @param file a JSON object; `$FREIFAHRT_CONFIG` when not given
 */
export function readSettings(
  given: { readonly [Name in keyof Settings]?: Settings[Name] | undefined } = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
  file: string | undefined = env.FREIFAHRT_CONFIG,
): Configured {
  const settings: Record<string, Value> = { ...defaultSettings }
  const sources = Object.fromEntries(names.map(name => [name, 'default'])) as Record<keyof Settings, Source>
  const put = (name: keyof Settings, value: Value, source: Source): void => {
    settings[name] = value
    sources[name] = source
  }
  for (const [name, value] of Object.entries(file === undefined ? {} : readFile(file))) {
    if (!Object.hasOwn(rows, name))
      throw bad(`${file}: ${name}`, `there is no such setting; there are ${names.join(', ')}`)
    put(name as keyof Settings, checked(name as keyof Settings, value, `${file}: ${name}`), 'file')
  }
  for (const name of names) {
    const text = env[variableOf(name)]
    if (text !== undefined && text !== '') put(name, fromText(name, text), 'environment')
  }
  const known = new Set([...names.map(variableOf), 'FREIFAHRT_CONFIG', 'FREIFAHRT_DATA'])
  for (const name of Object.keys(env))
    if (name.startsWith('FREIFAHRT_') && !known.has(name))
      throw bad(name, 'is no setting: `freifahrt config` lists them')
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) put(name as keyof Settings, checked(name as keyof Settings, value, name), 'command line')
  return { settings: settings as unknown as Settings, sources }
}

function readFile(path: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new FreifahrtError('FILE_MISSING', path, 'no such settings file')
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // said below
  }
  throw bad(path, 'is no JSON object')
}

/** Blanks, and a comma before a blank or the next address: any other comma is part of an address. */
const BETWEEN_ADDRESSES = /,?\s+|,(?=(?:[A-Za-z0-9.-]{1,32}=)?https?:\/\/)/i

function fromText(name: keyof Settings, text: string): Value {
  const { default: like } = rows[name]
  const value =
    typeof like === 'number'
      ? Number(text)
      : typeof like === 'boolean'
        ? ({ true: true, '1': true, false: false, '0': false } as Record<string, unknown>)[text]
        : Array.isArray(like)
          ? text.split(rows[name].shown === 'urls' ? BETWEEN_ADDRESSES : /[\s,]+/).filter(part => part !== '')
          : text
  return checked(name, value, variableOf(name))
}

function checked(name: keyof Settings, value: unknown, where: string): Value {
  const row: Row = rows[name]
  const like = row.default
  if (Array.isArray(like)) {
    if (!Array.isArray(value) || value.some(v => typeof v !== 'string')) throw bad(where, 'is a list of texts')
    const odd = value.find(v => row.oneOf && !row.oneOf.includes(v))
    if (odd !== undefined) throw bad(where, `'${odd}' is none of ${row.oneOf!.join(', ')}`)
    return value
  }
  if (typeof value !== typeof like) throw bad(where, `is a ${typeof like}`)
  // it may hold a password: it is not repeated
  if (row.schemes && value !== '' && !row.schemes.includes(URL.parse(value as string)?.protocol ?? ''))
    throw bad(where, `is no address that begins with ${row.schemes.map(scheme => `${scheme}//`).join(' or ')}`)
  if (row.oneOf && !row.oneOf.includes(value as string)) throw bad(where, `is one of ${row.oneOf.join(', ')}`)
  if (typeof value === 'number') {
    const { least = 0, most = Number.MAX_SAFE_INTEGER } = row
    if (!Number.isInteger(value) || value < least || value > most)
      throw bad(where, `is a whole number from ${least} to ${most}`)
  }
  return value as Value
}

export interface ShownSetting {
  readonly name: string
  readonly value: Value
  readonly source: Source
  readonly variable: string
  readonly about: string
}

/** What is in force, fit to be shown: addresses without user, password and query, no secrets. */
export const shownSettings = ({ settings, sources }: Configured): ShownSetting[] =>
  names.map(name => {
    const { about, shown } = rows[name]
    const value = settings[name]
    const safe =
      shown === 'not' && value !== ''
        ? '(not shown)'
        : shown === 'url' && value !== ''
          ? withoutSecrets(value as string)
          : shown === 'urls'
            ? (value as readonly string[]).map(tagged =>
                tagged.replace(/^([A-Za-z0-9.-]{1,32}=)?(.+)$/s, (_, tag = '', url) => `${tag}${withoutSecrets(url)}`),
              )
            : value
    return { name, value: safe, source: sources[name], variable: variableOf(name), about }
  })

const bad = (where: string, detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', where, detail)
