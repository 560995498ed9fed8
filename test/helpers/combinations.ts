// Requests drawn from the API's own description: a path, what it needs, and one to six of its other parameters, each with a value that its
// schema allows. What a schema cannot say (which stop, which trip) is drawn from what this network has, and from what it has answered.

import { Ajv, type ValidateFunction } from 'ajv'
import type { Rule } from '#api/plugins/parameters.ts'
import { publicRouteId, publicStopId } from '#api/render/texts.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { type Random, random } from './random.ts'
import type { ToldCity } from './told-city.ts'

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Rule
}
interface Body extends Rule {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Rule>>
  readonly required?: readonly string[]
}
interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Body }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>
}
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Body>> }
}

export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  /** Of POST. */
  readonly body?: object
}
export interface Answered {
  readonly status: number
  readonly body: string
  readonly json: unknown
  readonly ms: number
}
export interface Combinations {
  /** Of a seed always the same, as long as the answers are. */
  draw(seed: number, path?: string): Asked
  ask(asked: Asked): Promise<Answered>
  /** What is wrong with an answer, in a sentence; undefined: nothing. */
  wrong(asked: Asked, answered: Answered): string | undefined
  /** A value for a parameter of this name: `stopId`, `tripId` …; of any other what its schema allows. */
  value(name: string, dice: Random, schema?: Rule): string
  readonly defaults: (path: string) => readonly Parameter[]
}

export const urlOf = ({ path, query }: Asked): string => `${path}?${new URLSearchParams(query.map(([k, v]) => [k, v]))}`

// these change something, or are no answer of the network
const LEFT_OUT = /\/operator\/|glyphs/
const REFUSAL = /^[A-Z][A-Z_]+ at .+: .+/s

export async function combinationsOf({ app, service, added }: ToldCity): Promise<Combinations> {
  const { paths, components } = (await app.inject('/openapi.json')).json() as Described
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      LEFT_OUT.test(path) ? [] : [{ path, method: method.toUpperCase() as Asked['method'], operation }],
    ),
  )
  // a path with many parameters has more to be combined
  const weighted = operations.flatMap(one =>
    Array(1 + Math.ceil((one.operation.parameters?.length ?? 0) / 8)).fill(one),
  )
  const ajv = new Ajv({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'openapi', components })
  const shapes = new Map<object, ValidateFunction>()
  const shapeOf = (schema: object): ValidateFunction =>
    shapes.getOrInsertComputed(schema, () =>
      ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'))),
    )
  const pool = poolOf({ service, added })
  /** What it needs, and one to six of what else it may have. */
  const bodyOf = ({ requestBody }: Operation, dice: Random): object => {
    const { $ref = '', ...own } = requestBody?.content['application/json']?.schema ?? { type: 'object' }
    const { properties = {}, required = [] } = components.schemas[$ref.split('/').at(-1)!] ?? own
    const others = Object.keys(properties).filter(name => !required.includes(name))
    const more = new Set(Array.from({ length: others.length && dice.between(1, 6) }, () => dice.pick(others)))
    return Object.fromEntries(
      [...required, ...more].map(name => [name, said(pool.value(name, properties[name]!, dice), properties[name]!)]),
    )
  }
  return {
    value: (name, dice, schema = { type: 'string' }) => pool.value(name, schema, dice),
    defaults: path =>
      (paths[path]?.get?.parameters ?? []).filter(p => p.schema.default !== undefined && p.schema.type !== 'array'),
    draw(seed, path) {
      const dice = random(seed)
      const among = path === undefined ? weighted : operations.filter(one => one.path === path)
      const { path: template, method, operation } = dice.pick(among) as (typeof operations)[number]
      const parameters = operation.parameters ?? []
      const query = parameters.filter(p => p.in === 'query')
      const needed = query.filter(p => p.required || (NEEDED[p.name] ?? 0) > dice.below(100))
      const others = query.filter(p => !needed.includes(p))
      const more = new Set(Array.from({ length: others.length && dice.between(1, 6) }, () => dice.pick(others)))
      return {
        method,
        path: template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(pool.captured(name, dice))),
        query: [...needed, ...more].map(({ name, schema }) => [name, pool.value(name, schema, dice)] as const),
        ...(method === 'POST' && { body: bodyOf(operation, dice) }),
      }
    },
    async ask(asked) {
      const began = performance.now()
      const { statusCode: status, body } = await app.inject({
        method: asked.method,
        url: urlOf(asked),
        ...(asked.method === 'POST' && { payload: asked.body ?? {} }),
      })
      const ms = performance.now() - began
      const json = body.startsWith('{') || body.startsWith('[') ? JSON.parse(body) : undefined
      if (status === 200) pool.learn(json)
      return { status, body, json, ms }
    },
    wrong({ method, path }, { status, body, json }) {
      if (status >= 500) return `${status} ${body.slice(0, 300)}`
      if (status >= 400) {
        const { error } = json as { error: string }
        return REFUSAL.test(error) ? undefined : `${status} without code and place: ${error}`
      }
      const found = operations.find(one => one.method === method && pathOf(one.path).test(path))!
      const content = found.operation.responses[status]?.content
      if (!content) return `${status} is not described`
      const { schema } = Object.values(content)[0]!
      if (json === undefined) return undefined
      const isRight = shapeOf(schema)
      return isRight(json) ? undefined : JSON.stringify(isRight.errors?.slice(0, 3))
    },
  }
}

/** A parameter's text as a body says it. */
function said(text: string, { type, items }: Rule): unknown {
  if (type === 'array') return text.split(',').map(one => said(one, items!))
  return type === 'integer' || type === 'number' ? Number(text) : type === 'boolean' ? text === 'true' : text
}

const pathOf = (template: string): RegExp => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)

/** What the description calls optional, but little is asked without it; in a hundred requests. */
const NEEDED: Readonly<Record<string, number>> = {
  stopId: 70,
  center: 30,
  point: 40,
  time: 60,
  tripId: 100,
  itineraryId: 100,
  one: 100,
  many: 100,
  min: 70,
  max: 70,
}

// ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────
function poolOf({ service, added }: Pick<ToldCity, 'service' | 'added'>) {
  const { timetable: tt, clock } = service
  const known = tt.counts.stops - tt.counts.roomStops
  const trips: string[] = []
  const itineraries: string[] = []
  const cursors = ['EARLIER|0', `LATER|${clock.now()}`]
  const keep = (list: string[], value: unknown): void => {
    if (typeof value === 'string' && list.length < 200 && !list.includes(value)) list.push(value)
  }
  const stop = (dice: Random): string =>
    dice.chance(0.15) ? dice.pick(added) : publicStopId(tt, dice.below(known) as StopIdx)
  const route = (dice: Random): string => publicRouteId(tt, dice.below(tt.counts.routes) as never)
  const coordinate = (dice: Random): [lat: number, lon: number] => {
    const s = dice.below(known)
    const far = dice.pick([0.0003, 0.002, 0.01, 0.4, 20])
    const off = (): number => (far * (dice.below(2001) - 1000)) / 1000
    return [Math.max(-90, Math.min(90, tt.stopLat[s]! / 1e7 + off())), tt.stopLon[s]! / 1e7 + off()]
  }
  const point = (dice: Random): string => {
    const [lat, lon] = coordinate(dice)
    return `${lat.toFixed(6)},${lon.toFixed(6)}`
  }
  const place = (dice: Random): string => {
    if (dice.chance(0.5)) return stop(dice)
    return dice.chance(0.3) ? `${point(dice)},${dice.pick(['-2', '-1', '0', '0.5', '3'])}` : point(dice)
  }
  const moment = (dice: Random): string => {
    const now = clock.now()
    const day = 86_400
    const at = dice.pick([
      () => now + dice.between(-3600, 7200),
      () => now + dice.between(-3600, 7200),
      () => now + dice.between(0, day), // the night in which clocks are changed, if it is one
      () => now + dice.between(-3 * day, 10 * day),
      () => now + dice.pick([-1, 1]) * dice.between(60, 4000) * day,
    ])()
    return new Date(at * 1000).toISOString().replace('.000Z', dice.pick(['Z', '+02:00', '-11:00']))
  }
  const ids: Readonly<Record<string, (dice: Random) => string>> = {
    stopId: stop,
    via: stop,
    id: stop,
    one: place,
    many: place,
    routeId: route,
    tripId: dice => (trips.length > 0 ? dice.pick(trips) : 'x'),
    itineraryId: dice => (itineraries.length > 0 ? dice.pick(itineraries) : 'x'),
    bannedRoutes: route,
    pageCursor: dice => dice.pick(cursors),
    language: dice => dice.pick(['de', 'en', 'fr', 'tr', 'x']),
    text: dice => dice.pick(['H', 'haupt', 'bahnhof', 'a st', '12', 'markt 3', 'ß', ' ', 'Ersatz']),
    tag: dice => dice.pick([added[0]!.split('_')[0]!, 'none']),
    providers: dice => dice.pick(['drawn', 'gbfs', 'none']),
  }
  const number = ({ type, minimum = 0, maximum = 100, default: usual }: Rule, dice: Random): string => {
    const span = maximum - minimum
    const some = minimum + span ** (dice.below(1000) / 1000) - (span >= 1 ? 1 : 0)
    const value = dice.pick([minimum, maximum, some, some, some, typeof usual === 'number' ? usual : some])
    return type === 'integer' ? `${Math.round(value)}` : `${Number(Math.max(minimum, value).toFixed(3))}`
  }
  const one = (name: string, rule: Rule, dice: Random): string => {
    const id = ids[name] ?? (/providers$/i.test(name) ? ids.providers : undefined)
    if (id && rule.type === 'string' && rule.format !== 'point') return id(dice)
    switch (rule.format ?? rule.type) {
      case 'place':
        return place(dice)
      case 'point':
        return point(dice)
      case 'date-time':
        return moment(dice)
      case 'boolean':
        return `${dice.chance(0.5)}`
      case 'integer':
      case 'number':
        return number(rule, dice)
    }
    return rule.enum
      ? dice.pick(rule.enum)
      : dice.pick(trips.length > 0 ? [stop(dice), dice.pick(trips)] : [stop(dice)])
  }
  return {
    value(name: string, rule: Rule, dice: Random): string {
      if (rule.type !== 'array') return one(name, rule, dice)
      const values = Array.from({ length: dice.between(1, Math.min(3, rule.maxItems ?? 3)) }, () =>
        one(name, rule.items!, dice),
      )
      return rule.items!.format === 'point' ? values.map(v => v.replace(',', ';')).join() : values.join()
    },
    captured(name: string, dice: Random): string {
      const z = dice.between(0, 18)
      if (name === 'z') return `${z}`
      if (name === 'x' || name === 'y') return `${dice.below(2 ** z)}`
      return name === 'route' ? route(dice) : '2026-03-29'
    },
    /** Trips, itineraries and pages that an answer names are asked for later. */
    learn(json: unknown): void {
      const {
        itineraries: found,
        stopTimes,
        nextPageCursor,
        previousPageCursor,
      } = (json ?? {}) as Record<string, unknown>
      for (const { tripId } of (stopTimes ?? []) as { tripId: string }[]) keep(trips, tripId)
      for (const { id, legs } of (found ?? []) as { id: string; legs: { tripId?: string }[] }[]) {
        keep(itineraries, id)
        for (const { tripId } of legs) keep(trips, tripId)
      }
      for (const cursor of [nextPageCursor, previousPageCursor]) if (cursor !== '') keep(cursors, cursor)
    },
  }
}
