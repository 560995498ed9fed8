// Every parameter that MOTIS' own client can send, by the types it carries, is one that this API reads and describes.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as motis from '@motis-project/motis-client'
import { expect, test } from 'vitest'
import { at, city } from '../api/city.ts'
import { appFor, get } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'

type Parameters = Readonly<Record<string, { readonly parameters?: readonly { readonly name: string }[] }>>
type Call = (options: object) => string

const types = readFileSync(
  fileURLToPath(new URL('./types.gen.d.ts', import.meta.resolve('@motis-project/motis-client'))),
  'utf8',
)
/** Name of a call → the parameters of its query. */
const askedBy = [...types.matchAll(/^type (\w+)Data = \{\n {4}query\??: \{([\s\S]*?)^ {4}\};/gm)].map(
  ([, [first, ...rest] = '', members]) =>
    [
      first!.toLowerCase() + rest.join(''),
      [...members!.matchAll(/^ {8}(\w+)\??: /gm)].map(([, name]) => name!),
    ] as const,
)

test('the client’s types are read', () => {
  expect(askedBy.length).toBeGreaterThanOrEqual(17)
  expect(Object.fromEntries(askedBy).plan).toEqual(expect.arrayContaining(['fromPlace', 'via', 'withFares']))
})

test.each(askedBy)('%s', async (call, names) => {
  const url = (motis as unknown as Readonly<Record<string, Call>>)[call]!({
    client: { get: (asked: { url: string }) => asked.url },
  })
  const { paths } = await get<{ paths: Readonly<Record<string, Parameters>> }>(
    appFor(testService(city, at('9:00'))),
    '/openapi.json',
  )
  const described = paths[url]!.get!.parameters!.map(({ name }) => name)
  expect(names.filter(name => !described.includes(name))).toEqual([])
})
