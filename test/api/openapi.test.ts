import { expect, test } from 'vitest'
import {
  ElevatorsResponse,
  FeedsResponse,
  HealthResponse,
  JobsResponse,
  LinesResponse,
  LiveResponse,
  ReadyResponse,
  TilesResponse,
} from '#api/contract/own.ts'
import { appFor, expectShape, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city } from './city.ts'

const app = () => appFor(testService(city, at('9:00')))

interface Described {
  readonly openapi: string
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            summary: string
            parameters?: { name: string; in: string; required?: boolean; schema: { default?: unknown } }[]
            responses: Record<string, { content?: Record<string, { schema: { $ref: string } }> }>
          }
        >
      >
    >
  >
}

test('every path is described, in its newest version, with the parameters that are read', async () => {
  const { openapi, paths } = await get<Described>(app(), '/openapi.json')
  expect(openapi).toBe('3.1.0')
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v6/plan', '/api/v6/stoptimes', '/api/v1/geocode', '/tiles/{z}/{x}/{y}']),
  )
  expect(Object.keys(paths).filter(path => /v[1-5]\/(plan|stoptimes|trip)$/.test(path))).toEqual([])
  const { get: plan, post } = paths['/api/v6/plan']!
  expect(post).toBeDefined()
  const parameters = new Map(plan!.parameters!.map(p => [p.name, p]))
  expect(parameters.get('fromPlace')).toMatchObject({ in: 'query', required: true })
  expect(parameters.get('numItineraries')!.schema.default).toBe(5)
  expect(plan!.responses['200']!.content!['application/json']!.schema).toEqual({
    $ref: '#/components/schemas/PlanResponse',
  })
  for (const [path, methods] of Object.entries(paths))
    for (const one of Object.values(methods)) {
      expect(one.summary, path).not.toBe('')
      const errors = Object.keys(one.responses)
        .filter(status => !status.startsWith('2'))
        .map(s => s.toLowerCase())
      expect(errors.sort(), path).toEqual(path === '/health/ready' ? ['4xx', '503'].sort() : ['4xx', '5xx'])
      const captured = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
      expect(
        (one.parameters ?? [])
          .filter(p => p.in === 'path')
          .map(p => p.name)
          .sort(),
        path,
      ).toEqual(captured.sort())
    }
})

test('every answer has a shape, and what is our own keeps to it', async () => {
  const own = app()
  const { paths } = await get<Described>(own, '/openapi.json')
  for (const [path, methods] of Object.entries(paths))
    for (const { responses } of Object.values(methods)) {
      const [good] = Object.entries(responses).filter(([status]) => status.startsWith('2'))
      const shapes = Object.values(good?.[1].content ?? {}).map(({ schema }) => Object.keys(schema))
      expect(
        shapes.flat().some(key => /^(\$ref|type)$/.test(key)),
        path,
      ).toBe(true)
    }
  const v1 = '/api/freifahrt/v1'
  for (const [url, shape] of [
    ['/api/v1/health', HealthResponse],
    [`${v1}/feeds`, FeedsResponse],
    [`${v1}/elevators?stopId=test_A`, ElevatorsResponse],
    [`${v1}/map/lines?min=51,7&max=52,8`, LinesResponse],
    [`${v1}/operator/jobs`, JobsResponse],
    ['/health/live', LiveResponse],
    ['/health/ready', ReadyResponse],
    ['/tiles/tiles.json', TilesResponse],
  ] as const)
    expectShape(shape, await get(own, url))
})

test('shapes with a name stand once, and every reference finds one', async () => {
  const text = (await app().inject('/openapi.json')).body
  const { components, paths } = JSON.parse(text) as Described & { components: { schemas: Record<string, object> } }
  const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!))
  expect([...refs].sort()).toEqual(Object.keys(components.schemas).sort())
  expect(components.schemas.StopTime).toMatchObject({ properties: { place: { $ref: '#/components/schemas/Place' } } })
  for (const path of ['/api/v1/rentals', '/api/v1/map/rentals'])
    expect(paths[path]!.get!.responses['200']!.content!['application/json']!.schema.$ref).toMatch(/RentalsResponse$/)
  const old = paths['/api/experimental/one-to-all']!.get as { deprecated?: boolean; description?: string }
  expect([old.deprecated, old.description]).toEqual([true, expect.stringContaining('newest version')])
  expect(paths['/api/v6/one-to-all']!.get).not.toHaveProperty('deprecated')
})

test('the docs ask nobody else for anything, and run under the policy that they come with', async () => {
  const page = await app().inject('/docs/')
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('<title>Freifahrt API</title>')
  expect((await app().inject('/docs/static/theme/own.css')).body).toContain('.topbar { display: none }')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  const [scripts, others] = [/<script[^>]*>/g, /(?:src|href)="([^"]*)"/g].map(p => [...page.body.matchAll(p)])
  expect(scripts!.every(([tag]) => tag.includes('src='))).toBe(true)
  expect(others!.map(([, url]) => url!).filter(url => /^(https?:)?\/\//.test(url))).toEqual([])
})

test('an answer that has not changed is not sent again', async () => {
  const service = appFor(testService(city, at('9:00')))
  for (const url of ['/api/v1/map/initial', '/api/v6/map/stops?min=51,7&max=52,8', '/openapi.json']) {
    const first = await service.inject(url)
    const etag = first.headers.etag as string
    expect(etag, url).toMatch(/^W\/"/)
    const again = await service.inject({ url, headers: { 'if-none-match': etag, 'accept-encoding': 'gzip' } })
    expect([again.statusCode, again.body], url).toEqual([304, ''])
    const packed = await service.inject({ url, headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers.etag, url).toBe(etag)
  }
})
