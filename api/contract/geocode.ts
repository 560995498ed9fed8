// What a typed name may mean.

import { type Static, Type } from 'typebox'
import { Mode } from './common.ts'
import { maybe, oneOf } from './values.ts'

export const Match = Type.Object({
  type: oneOf('ADDRESS', 'PLACE', 'STOP'),
  tokens: Type.Array(Type.Array(Type.Integer())),
  name: Type.String(),
  id: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  areas: Type.Array(
    Type.Object({
      name: Type.String(),
      adminLevel: Type.Number(),
      matched: Type.Boolean(),
      unique: maybe(Type.Boolean()),
      default: maybe(Type.Boolean()),
    }),
  ),
  score: Type.Number(),
  category: maybe(Type.String()),
  level: maybe(Type.Number()),
  street: maybe(Type.String()),
  houseNumber: maybe(Type.String()),
  zip: maybe(Type.String()),
  tz: maybe(Type.String()),
  modes: maybe(Type.Array(Mode)),
  importance: maybe(Type.Number()),
})
export type Match = Static<typeof Match>
