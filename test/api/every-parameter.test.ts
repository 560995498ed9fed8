// Every parameter of every path, as the API's own description lists them: whatever stands in one of them that it cannot mean is refused by
// the parameter's name, with its range where it has one, and nothing that anybody can write there is a fault of ours.

import { afterAll, describe, expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import type { Rule } from '#api/plugins/parameters.ts'
import { get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Rule
}
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>
}

// one for all: none of these requests changes anything
const server = buildApp(testService(city, at('9:00')))
afterAll(() => server.close())
const { paths } = await get<Described>(server, '/openapi.json')

/** What stands in a path, and what a path needs that its description cannot say. */
const captured: Readonly<Record<string, string>> = {
  ...{ route: 'test_S1', date: '2026-01-10', name: 'nothing', z: '12', x: '2132', y: '1361' },
  ...{ fontstack: 'Noto Sans Regular', range: '0-255' },
}
const needed: Readonly<Record<string, string>> = {
  '/api/v6/plan': `time=${iso('9:50')}&toPlace=test_C`,
  '/api/v6/stoptimes': `stopId=test_A&n=3&time=${iso('9:50')}`,
  '/api/v6/trip': 'tripId=20260110_10:00_test_S1',
  '/api/v6/stop': 'stopId=test_A',
  '/api/v6/one-to-all': `time=${iso('9:50')}`,
  '/api/experimental/one-to-all': `time=${iso('9:50')}`,
  '/api/experimental/one-to-many-intermodal': `one=test_A&many=test_C&time=${iso('9:50')}`,
  '/api/debug/transfers': 'id=test_A',
  '/api/freifahrt/v1/elevators': 'stopId=test_A',
  '/api/freifahrt/v1/isochrone': `time=${iso('9:50')}`,
  '/api/experimental/map/routes': 'min=51,7&max=52,8&zoom=12',
  '/api/v6/map/trips': `startTime=${iso('9:50')}&endTime=${iso('10:50')}&zoom=12&min=51,7&max=52,8`,
}

/** Something that is right. */
function good({ type, format, enum: values, minimum, items }: Rule): string {
  if (format === 'place') return 'test_A'
  if (format === 'point') return '51.5;7.4'
  if (format === 'date-time') return iso('9:50')
  if (values) return values[0]!
  if (type === 'array') return good(items!)
  if (type === 'boolean') return 'true'
  return type === 'integer' || type === 'number' ? `${minimum}` : 'x'
}

/** Nothing that a number, a choice, a time or a coordinate could mean. */
const nonsense = [
  'NaN',
  'Infinity',
  '-Infinity',
  'null',
  '0x7',
  '1_0',
  '٣',
  '🚋',
  '\u0000',
  '{"a":1}',
  '1e999',
  '9'.repeat(99),
]

/** What a parameter has to refuse, and what else has to be said besides its name. */
function wrong({
  type,
  format,
  enum: values,
  minimum,
  maximum,
  maxLength,
  maxItems,
  items,
  repeated,
  capped,
}: Rule): [string, string][] {
  if (type === 'array') {
    const many = Array.from({ length: maxItems! + 1 }, () => good(items!)).join()
    // values of a repeated key hold commas
    return [...(repeated ? [] : ([[many, `at most ${maxItems}`]] as [string, string][])), ...wrong(items!)]
  }
  if (type === 'integer' || type === 'number') {
    const range = `${minimum} … ${maximum}`
    return [
      [`${minimum! - 1}`, range],
      ...(capped ? [] : ([[`${maximum! + 1}`, range]] as [string, string][])),
      ...(type === 'integer' ? ([['1.5', range]] as [string, string][]) : []),
      ...nonsense
        .filter(value => !(capped && Number.isFinite(Number(value))))
        .map(value => [value, range] as [string, string]),
    ]
  }
  if (type === 'boolean') return ['1', 'TRUE', 'yes', ...nonsense].map(value => [value, 'true'])
  if (values) return ['NEITHER', ...nonsense].map(value => [value, values.join(', ')])
  if (format === 'date-time')
    return [...nonsense, '2026-13-01T00:00:00Z', '2026-02-29T00:00:00Z', '2026-01-10', '10:00'].map(v => [v, '2026'])
  if (format === 'point') return [...nonsense, '51.5', '51.5,7.4,0,0'].map(value => [value, 'latitude'])
  const tooLong: [string, string][] = [['x'.repeat((maxLength ?? 0) + 1), `at most ${maxLength}`]]
  if (format === 'place') return [...tooLong, ['90.5,7', '-90 … 90'], ['51,180.5', '-180 … 180']]
  return tooLong
}

const questions = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { parameters = [] }]) => {
    const asked = parameters.filter(p => p.in === 'query')
    return asked.length === 0 ? [] : [{ path, method: method.toUpperCase() as 'GET' | 'POST', asked }]
  }),
)

describe.each(questions)('$method $path', ({ path, method, asked }) => {
  const base = new URLSearchParams(needed[path])
  for (const { name, required, schema } of asked) if (required && !base.has(name)) base.set(name, good(schema))
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => captured[name]!)
  const ask = async (name: string, ...values: string[]) => {
    const query = new URLSearchParams(base)
    query.delete(name)
    for (const value of values) query.append(name, value)
    const answer = await server.inject({
      method,
      url: `${address}?${query}`,
      ...(method === 'POST' && { payload: {} }),
    })
    return { status: answer.statusCode, error: (answer.statusCode >= 400 ? answer.json().error : '') as string }
  }
  test('what cannot be meant is refused by name and range', async () => {
    const taken: string[] = []
    for (const { name, schema } of asked)
      for (const [value, said] of wrong(schema)) {
        const { status, error } = await ask(name, value)
        const refused = status === 400 || status === 422
        if (!refused || !error.includes(` at ${name}: `) || !error.includes(said))
          taken.push(`${name}=${value.slice(0, 40)} → ${status} ${error.slice(0, 120)}`)
      }
    expect(taken).toEqual([])
  })

  test('two values where there is one', async () => {
    for (const { name, schema } of asked) {
      if (schema.type === 'array') continue
      const { status, error } = await ask(name, good(schema), 'other')
      expect([status, error], name).toEqual([400, expect.stringContaining(` at ${name}: is given 2 times`)])
    }
  })

  test('empty, endless or broken: never a fault of ours; unknown: as if it were not there', async () => {
    const faults: string[] = []
    for (const { name } of asked)
      for (const value of ['', ' ', ',,', '-0', '%', 'a_b', 'x'.repeat(12_000), '\ud800']) {
        const { status, error } = await ask(name, value)
        if (status >= 500) faults.push(`${name}=${value.slice(0, 40)} → ${status} ${error}`)
      }
    expect(faults).toEqual([])
    const plain = await ask('')
    for (const name of ['nobodyKnows', '__proto__', 'toString']) expect(await ask(name, '1')).toEqual(plain)
  })
})

test('what stands in a path may be anything', async () => {
  for (const path of Object.keys(paths).filter(one => one.includes('{')))
    for (const value of ['-1', '1.5', 'NaN', '__proto__', '🚋', '%00', 'x'.repeat(250), '..%2f', '99999999999']) {
      const { statusCode } = await server.inject(path.replaceAll(/\{\w+\}/g, encodeURI(value)))
      expect(statusCode, `${path} ${value}`).toBeLessThan(500)
    }
})

test('only what has no default must be given', () => {
  const required = Object.entries(paths).flatMap(([path, { get: one }]) =>
    one?.parameters?.some(p => p.required && p.in === 'query' && 'default' in p.schema) ? [path] : [],
  )
  expect(required).toEqual([])
  const names = paths['/api/v6/plan']!.get!.parameters!.filter(p => p.required).map(p => p.name)
  expect(names).toEqual(['fromPlace', 'toPlace'])
})
