// No parameter is silently ignored: of each that the API's description names, some value changes some answer, or is refused. What changes nothing
// here is listed with the reason, and the description says so where it is never heeded.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHANGES_NOTHING } from '#api/motis/unheeded.ts'
import type { Rule } from '#api/plugins/parameters.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import {
  type Answered,
  type Asked,
  type Combinations,
  combinationsOf,
  type Parameter,
  urlOf,
} from '../helpers/combinations.ts'
import { random } from '../helpers/random.ts'
import { openDemo, type ToldCity } from '../helpers/told-city.ts'

// the morning rush of a Friday: trams take no bicycles
const NOW = (Date.parse('2026-03-27T06:30:00Z') / 1000) as UnixSeconds
type Pairs = readonly (readonly [string, string])[]

let city: ToldCity
let requests: Combinations
let parametersOf: Readonly<Record<string, readonly Parameter[]>>
beforeAll(async () => {
  city = await openDemo(NOW)
  requests = await combinationsOf(city)
  const { paths } = (await city.app.inject('/openapi.json')).json() as {
    paths: Record<string, { get?: { parameters?: readonly Parameter[] } }>
  }
  parametersOf = Object.fromEntries(Object.entries(paths).map(([path, { get }]) => [path, get?.parameters ?? []]))
  for (let seed = 1; seed <= 20; seed++)
    await requests.ask(requests.draw(seed, `/api/v6/${seed % 2 ? 'plan' : 'stoptimes'}`))
})
afterAll(() => city?.close())

/** Everything but what repeats the question and what counts the work. */
const said = (json: unknown): string =>
  JSON.stringify(json, (key, value) => (/^(requestParameters|debugOutput)$/.test(key) ? undefined : value))

// ── questions that have answers ───────────────────────────────────────────────────────────────────────────────────────
/** Beside some stop, up to 200 m off, and so many degrees farther north. */
const point = (seed: number, sign: ',' | ';' = ',', north = 0): string => {
  const { timetable: tt } = city.service
  const dice = random(seed)
  const stop = dice.below(tt.counts.stops - tt.counts.roomStops) as StopIdx
  const off = (): number => (dice.below(401) - 200) / 1e5
  return [tt.stopLat[stop]! / 1e7 + off() + north, tt.stopLon[stop]! / 1e7 + off()].map(v => v.toFixed(6)).join(sign)
}
const stopId = (seed: number): string => requests.value('via', random(seed))
const time = new Date(NOW * 1000).toISOString()
const many = (n: number): string => [1, 2, 3, 4, 5, 6].map(m => point(n + m, ';')).join()
/** Every second pair is near. */
const other = (n: number): string => (n % 2 ? point(n + 50) : point(n, ',', 0.015))
const bases: Readonly<Record<string, (seed: number) => Pairs>> = {
  '/api/v6/plan': n => [
    ['fromPlace', point(n)],
    ['toPlace', other(n)],
    ['time', time],
  ],
  '/api/v6/one-to-all': n => [
    ['one', point(n)],
    ['maxTravelTime', '40'],
    ['time', time],
  ],
  '/api/v1/one-to-many': n => [
    ['one', point(n, ';')],
    ['many', many(n)],
    ['max', '7200'],
  ],
  '/api/experimental/one-to-many-intermodal': n => [
    ['one', point(n, ';')],
    ['many', many(n)],
    ['time', time],
    ['maxDirectTime', '7200'],
  ],
  '/api/freifahrt/v1/isochrone': n => [
    ['one', point(n)],
    ['minutes', '40'],
    ['time', time],
  ],
  '/api/freifahrt/v1/street': n => [
    ['from', point(n)],
    ['to', other(n)],
  ],
}

/** What a parameter speaks of has to be there. */
const companions: readonly (readonly [path: RegExp, name: RegExp, given: Pairs])[] = [
  [
    /isochrone/,
    /ransit|ransfer|^require|^banned|^unknown[RS]|realtimeMode|bikeParking|^time|^arriveBy/,
    [['mode', 'TRANSIT']],
  ],
  [/plan$/, /^cycling|elevationCosts/, [['directModes', 'BIKE']]],
  [/plan$/, /^battery/, [['directModes', 'BIKE']]],
  [/street/, /^battery/, [['mode', 'BIKE']]],
  [/plan$|street/, /^battery/, [['cyclingProfile', 'E_BIKE']]],
  [/./, /batteryReserve|batteryCharging/, [['batteryRange', '3000']]],
  [/one-to-many$|isochrone|street/, /^cycling|elevationCosts/, [['mode', 'BIKE']]],
  [/one-to-many$/, /^arriveBy/, [['mode', 'CAR']]],
  [/intermodal/, /^cycling|elevationCosts/, [['directMode', 'BIKE']]],
  [/one-to-all/, /^cycling|elevationCosts/, [['preTransitModes', 'BIKE']]],
  [/./, /bikeParking/, [['preTransitModes', 'BIKE']]],
  [/./, /[pP]reTransitRental/, [['preTransitModes', 'RENTAL']]],
  [/./, /[pP]ostTransitRental/, [['postTransitModes', 'RENTAL']]],
  [/./, /[dD]irectRental/, [['directModes', 'RENTAL']]],
  // the way to the one is the last one only then
  [/one-to-all|isochrone/, /ostTransit/, [['arriveBy', 'true']]],
  [/plan$/, /fastestSlowDirectFactor/, [['slowDirect', 'true']]],
  [/./, /viaMinimumStay/, [['via', 'STOP']]],
  [/./, /unknownRides/, [['requireCarTransport', 'true']]],
  [/./, /unknownStops/, [['pedestrianProfile', 'WHEELCHAIR']]],
]

function valuesOf({ name, schema }: Parameter): string[] {
  const rule: Rule = schema.items ?? schema
  if (rule.enum)
    return rule.enum.filter(value => value !== schema.default && value !== (schema.default as string[])?.[0])
  if (rule.type === 'boolean') return ['true', 'false']
  if (rule.type === 'integer' || rule.type === 'number') {
    const { minimum = 0, maximum = 0 } = rule
    return [...new Set([minimum, maximum, (minimum + maximum) / 2, Math.min(maximum, minimum + 1)])].map(
      value => `${rule.type === 'integer' ? Math.round(value) : value}`,
    )
  }
  return [1, 2, 3, 4, 5, 6].map(seed => requests.value(name, random(seed), schema))
}

const TRIES = 20
/** What is answered without the parameter: to many of them the same. */
const asUsual = new Map<string, Promise<Answered>>()
/** Does some value change an answer, or is one refused by name? */
async function isHeeded(path: string, parameter: Parameter): Promise<boolean> {
  const all = parametersOf[path]!
  const with_ = companions.flatMap(([at, name, pairs]) => (at.test(path) && name.test(parameter.name) ? pairs : []))
  for (let seed = 1; seed <= TRIES; seed++) {
    const asked = bases[path]!(seed)
    const given = with_.map(([key, value]) => [key, value === 'STOP' ? stopId(seed) : value] as const)
    const query = [...asked, ...given].filter(([key]) => key !== parameter.name && all.some(p => p.name === key))
    const without: Asked = { method: 'GET', path, query }
    const usual = await asUsual.getOrInsertComputed(urlOf(without), () => requests.ask(without))
    if (usual.status !== 200) continue
    for (const value of valuesOf(parameter)) {
      const { status, json, body } = await requests.ask({
        method: 'GET',
        path,
        query: [...query, [parameter.name, value]],
      })
      if (
        status === 200
          ? said(json) !== said(usual.json) || (json === undefined && body !== usual.body)
          : body.includes(` at ${parameter.name}: `)
      )
        return true
    }
  }
  return false
}

/** What cannot change anything in this city, and why. What nobody heeds anywhere is described as such. */
const unheard: readonly (readonly [why: string, path: RegExp, names: RegExp])[] = [
  ['nothing takes so long', /./, /^timeout$/],
  [
    'the map has no heights, widths, kerbs or accidents',
    /./,
    /^(maxSlope|maxKerb|minWidth|worstSmoothness|unknownWays|pedestrianSafety|elevationCosts)$/,
  ],
  ['the map has no streets with one direction', /one-to-many$/, /^arriveBy$/],
  ['the lamps are the same all over', /plan$|one-to-all/, /^preferLit$/],
  ['nothing to charge at', /./, /^batteryCharging$/],
  ['elevators are asked for elsewhere', /street/, /^time$/],
  ['names are translated nowhere', /one-to-all/, /^language$/],
  ['few stops are closed', /plan$/, /^withScheduledSkippedStops$/],
  ['no seat is kept in another trip', /plan$/, /^joinInterlinedLegs$/],
]

test.each(Object.keys(bases))('%s: every parameter changes something', async path => {
  const unheeded: string[] = []
  for (const parameter of parametersOf[path]!) {
    const { name, required } = parameter
    if (parameter.description?.startsWith(CHANGES_NOTHING)) continue
    if (parameter.in !== 'query' || required || unheard.some(([, at, names]) => at.test(path) && names.test(name)))
      continue
    if (!(await isHeeded(path, parameter))) unheeded.push(name)
  }
  expect(unheeded).toEqual([])
})
