// Query strings become what a route's schema says: the schema is read, not repeated. Arrays come with commas or as repeated keys, unknown
// parameters are ignored (MOTIS clients send newer ones), and whatever is out of range is a 400 that names the parameter and the range; a
// size above the server's limit, or too long a list, is a 422.

import type { FastifyInstance } from 'fastify'
import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type Box, toE7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'

/** A coordinate in degrees. */
export interface Point {
  readonly lat: number
  readonly lon: number
}
/** A place as clients write it: `lat,lon[,level]`, or the id of a stop. */
export type PlaceText =
  | ({ readonly kind: 'coordinate'; readonly level?: number } & Point)
  | { readonly kind: 'stop'; readonly id: string }

// ── what a parameter can be ───────────────────────────────────────────────────────────────────────────────────────────
export const integer = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
/** A whole number that says how much work is asked for: above the server's limit it is not wrong but too large (422, as MOTIS has it). */
export const size = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum, size: true })
/** A number that counts as `maximum` when it is greater. */
export const capped = (minimum: number, maximum: number) =>
  Type.Number({ minimum, maximum, capped: true, description: `What is greater counts as ${maximum}.` })
export const number = (minimum: number, maximum: number) => Type.Number({ minimum, maximum })
export const text = (maxLength: number) => Type.String({ maxLength })
export const choice = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values })
export const list = <T extends TSchema>(items: T, maxItems = 64) => Type.Array(items, { maxItems })
/** A list whose values count by their places: none may be missing between them. */
export const inOrder = <T extends TSchema>(items: T, maxItems: number) =>
  Type.Array(items, { maxItems, positional: true })
/** A list whose values hold commas: repeated keys only. */
export const repeated = <T extends TSchema>(items: T, maxItems = 64) => Type.Array(items, { maxItems, repeated: true })
export const time = () => Type.Unsafe<UnixSeconds>({ type: 'string', format: 'date-time' })
export const place = () => Type.Unsafe<PlaceText>({ type: 'string', format: 'place', maxLength: 200 })
export const point = () => Type.Unsafe<Point>({ type: 'string', format: 'point', maxLength: 100 })

/** A parameter that may be missing. */
export const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Unsafe<Static<T> | undefined>(schema))
/** A parameter that has this value when missing. */
export const or = <T extends TSchema>(schema: T, value: Static<T>) =>
  Type.Unsafe<Static<T>>({ ...schema, default: value })

/** A parameter with what its name does not say. */
export const about = <T extends TSchema>(description: string, schema: T): T => {
  const described = { ...schema, description }
  return Type.IsOptional(schema) ? Type.Optional(described) : described
}

// ── reading them ──────────────────────────────────────────────────────────────────────────────────────────────────────
/** What the description of an API says of a parameter's value. */
export interface Rule {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly size?: boolean
  readonly capped?: boolean
  readonly maxLength?: number
  readonly maxItems?: number
  readonly repeated?: boolean
  readonly positional?: boolean
  readonly items?: Rule
  readonly default?: unknown
}
interface ObjectRule {
  readonly properties: Readonly<Record<string, Rule>>
  readonly required?: readonly string[]
}

const bad = (name: string, detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', name, detail)
const quote = (value: string): string => `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`

interface Rules {
  readonly of: ReadonlyMap<string, Rule>
  readonly required: readonly string[]
  /** What stands where nothing is given. */
  readonly defaults: Readonly<Record<string, unknown>>
}
const known = new WeakMap<ObjectRule, Rules>()

function rulesOf({ properties, required = [] }: ObjectRule): Rules {
  const rules = Object.entries(properties)
  const given = rules.filter(([, rule]) => rule.default !== undefined)
  return {
    of: new Map(rules),
    required: required.filter(name => properties[name]!.default === undefined),
    // what JSON.parse makes is copied several times as fast as what is put together member by member
    defaults: JSON.parse(JSON.stringify(Object.fromEntries(given.map(([name, rule]) => [name, rule.default])))),
  }
}

/** The parameters a schema asks for, out of a query string's strings. Throws BAD_REQUEST, TOO_LARGE. */
export function readParameters(schema: ObjectRule, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { of, required, defaults } = known.getOrInsertComputed(schema, rulesOf)
  const values = { ...defaults }
  for (const name in raw) {
    const given = raw[name]
    const rule = of.get(name)
    // an empty value is what a form sends for "not chosen"; only texts and lists can be empty
    if (
      !rule ||
      given === undefined ||
      given === null ||
      (given === '' && rule.type !== 'array' && rule.maxLength === undefined)
    )
      continue
    if (rule.type === 'array') values[name] = readList(name, rule, [given].flat().map(String))
    else values[name] = readOne(name, rule, Array.isArray(given) ? onlyOne(name, given.map(String)) : String(given))
  }
  for (const name of required) if (values[name] === undefined) throw bad(name, 'is required')
  return values
}

function onlyOne(name: string, texts: readonly string[]): string {
  if (texts.some(other => other !== texts[0])) throw bad(name, `is given ${texts.length} times, with different values`)
  return texts[0]!
}

function readList(name: string, rule: Rule, texts: readonly string[]): unknown[] {
  // among places a coordinate is one, with its comma
  const isPlaces = rule.positional && rule.items!.type === 'string'
  const all = texts.flatMap(t => (rule.repeated || (isPlaces && readsAsCoordinate(t)) ? [t] : t.split(',')))
  const parts = all.filter(t => t !== '')
  if (rule.positional && parts.length > 0 && parts.length < all.length)
    throw bad(name, `value ${all.indexOf('') + 1} of ${all.length} is empty`)
  if (parts.length > rule.maxItems!)
    throw new FreifahrtError('TOO_LARGE', name, `${parts.length} values, at most ${rule.maxItems} are allowed`)
  return parts.map(t => readOne(name, rule.items!, t.trim()))
}

function readOne(name: string, rule: Rule, given: string): unknown {
  if (rule.maxLength !== undefined && given.length > rule.maxLength)
    throw bad(name, `${given.length} characters, at most ${rule.maxLength} are allowed`)
  switch (rule.format ?? rule.type) {
    case 'integer':
    case 'number':
      return readNumber(name, rule, given)
    case 'boolean':
      if (given !== 'true' && given !== 'false') throw bad(name, `${quote(given)} is neither true nor false`)
      return given === 'true'
    case 'date-time':
      return readTime(name, given)
    case 'place':
      return readPlace(name, given)
    case 'point':
      return readPoint(name, given)
  }
  if (rule.enum && !rule.enum.includes(given)) throw bad(name, `${quote(given)} is none of ${rule.enum.join(', ')}`)
  return given
}

// the second digits only after a dot: else a long number with a slip at its end is tried at every place it could be cut
const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i

function readNumber(name: string, rule: Rule, given: string): number {
  const value = DECIMAL.test(given) ? Number(given) : Number.NaN
  const kind = rule.type === 'integer' ? 'a whole number' : 'a number'
  if (!Number.isFinite(value) || (rule.type === 'integer' && !Number.isInteger(value)))
    throw bad(name, `${quote(given)} is not ${kind} within ${rule.minimum} … ${rule.maximum}`)
  if (rule.capped && value > rule.maximum!) return rule.maximum!
  if (value < rule.minimum! || value > rule.maximum!) {
    const code = rule.size && value > rule.maximum! ? 'TOO_LARGE' : 'BAD_REQUEST'
    throw new FreifahrtError(code, name, `${value} is not within ${rule.minimum} … ${rule.maximum}`)
  }
  return value
}

// a '+' that was not escaped arrives as a space: `10:00:00 01:00` is meant as an offset
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+\- ]\d\d:?\d\d)$/

function readTime(name: string, given: string): UnixSeconds {
  const ms = RFC_3339.test(given) ? Date.parse(given.replace(' ', '+').toUpperCase()) : Number.NaN
  if (Number.isNaN(ms) || !isDate(given)) throw bad(name, `${quote(given)} is no time as in 2026-01-10T08:00:00Z`)
  return Math.floor(ms / 1000) as UnixSeconds
}

/** Date.parse takes 30 February for 2 March. */
const isDate = (given: string): boolean =>
  Number(given.slice(8, 10)) <= new Date(Date.UTC(Number(given.slice(0, 4)), Number(given.slice(5, 7)), 0)).getUTCDate()

const COORDINATE = /^(-?\d+(?:\.\d*)?),(-?\d+(?:\.\d*)?)(?:,(-?\d+(?:\.\d*)?))?$/

const readsAsCoordinate = (given: string): boolean => COORDINATE.test(given.replaceAll(' ', ''))

/** Values of a list of places: a coordinate that was taken apart at its comma is one again, and `lat;lon` is as good. */
export function placesIn(values: readonly string[]): string[] {
  const places: string[] = []
  for (let i = 0; i < values.length; i++)
    if (isNumber(values[i]!) && isNumber(values[i + 1] ?? '')) places.push(`${values[i]},${values[++i]}`)
    else places.push(values[i]!.replaceAll(';', ','))
  return places
}

const isNumber = (given: string): boolean => /^-?\d+(\.\d+)?$/.test(given)

/** A box of which one corner is given says nothing. Throws BAD_REQUEST. */
export function boxGiven({
  min,
  max,
}: {
  readonly min?: Point | undefined
  readonly max?: Point | undefined
}): Box | undefined {
  if (min && max) return boxOf(min, max)
  if (min || max) throw bad(min ? 'max' : 'min', `is required with ${min ? 'min' : 'max'}`)
  return undefined
}

function readCoordinate(name: string, given: string): (Point & { level?: number }) | undefined {
  const m = COORDINATE.exec(given.replaceAll(' ', ''))
  if (!m) return undefined
  const [lat, lon] = [Number(m[1]), Number(m[2])]
  if (Math.abs(lat) > 90) throw bad(name, `latitude ${lat} is not within -90 … 90`)
  if (Math.abs(lon) > 180) throw bad(name, `longitude ${lon} is not within -180 … 180`)
  return m[3] === undefined ? { lat, lon } : { lat, lon, level: Number(m[3]) }
}

function readPoint(name: string, given: string): Point {
  // one-to-many writes `lat;lon`, because its lists have commas
  const found = readCoordinate(name, given.replace(';', ','))
  if (!found) throw bad(name, `${quote(given)} is no latitude,longitude`)
  return found
}

/** Throws BAD_REQUEST. */
export function readPlace(name: string, given: string): PlaceText {
  if (given === '') throw bad(name, 'is empty')
  const found = readCoordinate(name, given)
  return found ? { kind: 'coordinate', ...found } : { kind: 'stop', id: given }
}

/** From any two opposite corners. */
export const boxOf = (a: Point, b: Point): Box => ({
  south: toE7(Math.min(a.lat, b.lat)),
  west: toE7(Math.min(a.lon, b.lon)),
  north: toE7(Math.max(a.lat, b.lat)),
  east: toE7(Math.max(a.lon, b.lon)),
})

const GIVEN = Symbol('given')

/** What a request's values were read from, as the client wrote it; of repeated keys the values behind commas, as in the other way to write a list. */
export function givenOf(values: object): Record<string, string> {
  const given = (values as { readonly [GIVEN]?: Readonly<Record<string, unknown>> })[GIVEN]
  const texts: Record<string, string> = {}
  for (const name in given) texts[name] = String(given[name])
  return texts
}

/** Parameters that were read from a query string, and those that a body says beside them, which go first. Throws as `readParameters` does. */
export const readAlso = <T extends TObject>(schema: T, query: Static<T>, body: object): Static<T> =>
  readParameters(schema as unknown as ObjectRule, { ...givenOf(query as object), ...body }) as Static<T>

/** Lets `app` read query strings by the schemas of its routes. */
export function installParameters(app: FastifyInstance): void {
  app.setValidatorCompiler<ObjectRule>(({ schema }) => data => {
    try {
      // a body that is not there has no parameters
      const given = data ?? {}
      const value: Record<string | symbol, unknown> = readParameters(schema, given)
      value[GIVEN] = given
      return { value }
    } catch (error) {
      return { error: error as Error }
    }
  })
}
