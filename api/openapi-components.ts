// Shapes with a name stand once in the description, under components; everywhere else is a reference to them.

import * as board from './contract/board.ts'
import * as common from './contract/common.ts'
import * as geocode from './contract/geocode.ts'
import * as itinerary from './contract/itinerary.ts'
import * as map from './contract/map.ts'
import * as own from './contract/own.ts'
import * as reach from './contract/reach.ts'
import * as rentals from './contract/rentals.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

// a record is written with additionalProperties in the document, with a pattern in the contract
const signature = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isObject(part) && 'additionalProperties' in part && isObject(part.additionalProperties)
      ? { type: part.type, patternProperties: { '^.*$': part.additionalProperties } }
      : part,
  )

/** Signature of a schema → its name in the contract. */
const names = new Map(
  [board, common, geocode, itinerary, map, own, reach, rentals].flatMap(exported =>
    Object.entries<unknown>(exported).flatMap(([name, schema]) =>
      /^[A-Z][a-z]/.test(name) && isObject(schema) ? [[signature(schema), name] as const] : [],
    ),
  ),
)

/** The same document with `components.schemas`. */
export function withComponents<T extends object>(document: T): T {
  const schemas: Record<string, unknown> = {}
  const walk = (value: unknown, top = false): unknown => {
    if (Array.isArray(value)) return value.map(item => walk(item))
    if (!isObject(value)) return value
    const name = top ? undefined : names.get(signature(value))
    if (name === undefined) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]))
    if (!(name in schemas)) {
      schemas[name] = undefined // so that one inside itself ends
      schemas[name] = walk(JSON.parse(JSON.stringify(value)), true)
    }
    return { $ref: `#/components/schemas/${name}` }
  }
  const described = walk(document, true) as T & { components?: object }
  return { ...described, components: { ...described.components, schemas } }
}
