import { beforeAll, expect, test } from 'vitest'
import { type PageStyle, planPage } from '#api/plan-page.ts'
import { JsonWriter, json } from '#api/render/json.ts'
import { utc } from '#api/render/texts.ts'
import { pageStyle } from '#api/warm.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { type DemoBench, NOW, openDemo } from '../../bench/subjects.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { planObjects } from '../helpers/plan-objects.ts'
import { random } from '../helpers/random.ts'
import { apply, storeOf } from '../helpers/realtime.ts'

let demo: DemoBench
beforeAll(async () => {
  demo = await openDemo()
})

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test('the demo city, its realtime and its streets: bytes are those of the slow twin, in every version and however it is asked for', () => {
  const { network, messageAt } = demo
  const { timetable: tt, footpaths, streets, links } = network
  const store = storeOf(tt)
  for (let t = NOW - 90; t <= NOW; t += 30) apply(store, messageAt(t), t)
  const horizon = horizonOf(tt, footpaths, store.state)
  const planner = createPlanner(tt, footpaths, streets && links && { graph: streets, links })
  const r = random(0x717)
  const flag = (): boolean => r.below(2) === 0
  const ends = () => {
    const stop = r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx
    return flag() || !tt.stopHasPosition[stop]
      ? ({ kind: 'stop', stop } as const)
      : ({ kind: 'coordinate', lat: tt.stopLat[stop]! + 3000, lon: tt.stopLon[stop]! - 2000 } as const)
  }
  let rides = 0
  const told = new Set<string>()
  for (let i = 0; i < 60; i++) {
    const query: Query = {
      ...queryDefaults,
      ...{ from: ends(), to: ends(), arriveBy: flag(), realtime: flag() },
      time: (NOW + r.between(-3600, 3600)) as UnixSeconds,
      window: r.below(3) * 900,
      minJourneys: r.below(6),
      ...(r.below(5) === 0 && { approaches: { ...onFoot, access: ['BIKE'], direct: ['BIKE'] } }),
    }
    const style: PageStyle = {
      version: 1 + r.below(6),
      language: flag() ? [] : ['de', 'en'],
      extra: {
        ...pageStyle.extra,
        ...{ annotate: r.below(4) > 0, detailedLegs: flag(), detailedTransfers: flag(), joinInterlinedLegs: flag() },
        ...{ withFares: flag(), scheduledSkipped: flag(), numLegAlternatives: r.below(4) === 0 ? 2 : 0 },
        requestParameters: { 'ä\u2028"': '\ud800' },
      },
    }
    const asked = [planner, horizon, query, style, NOW] as const
    const objects = planObjects(...asked)
    // the second time from what the first has left: stops, calls, walks
    for (const time of ['first', 'second'])
      expect(text(planPage(...asked)), `question ${i}, ${time} time`).toBe(JSON.stringify(objects))
    for (const { legs } of objects.itineraries)
      for (const leg of legs) {
        if (leg.tripId !== undefined) rides++
        for (const name of Object.keys(leg)) told.add(name)
        if (leg.realTime) told.add('live')
      }
  }
  expect(rides).toBeGreaterThan(100)
  for (const name of ['live', 'alternatives', 'fareTransferIndex', 'occupancy', 'alerts', 'steps', 'co2'])
    expect(told, name).toContain(name)
})

test('values, times and whole numbers are written as JSON.stringify and Date have them', () => {
  const out = new JsonWriter()
  const r = random(0x718)
  const parts: string[] = []
  const say = (write: () => void, as: string): void => {
    write()
    out.comma()
    parts.push(as)
  }
  for (let i = 0; i < 20_000; i++) {
    const t = r.between(-1e10, 3e11) / 7
    const near = 1_780_000_000 + r.between(-200_000, 200_000)
    const whole = Math.round(r.between(-1e15, 1e15) / 10 ** r.below(15))
    say(() => out.time(t), JSON.stringify(utc(t)))
    say(() => out.time(near), JSON.stringify(utc(near)))
    say(() => out.whole(whole), JSON.stringify(whole))
  }
  for (const n of [0, -1, 9, 10, 99, 100, 999_999, 1_000_000]) say(() => out.whole(n), String(n))
  const value = { a: 'Gehölz „Süd“ \ud83d\ude8b', b: [1.5, null], c: '\ud800', d: 'x'.repeat(300_000) }
  say(() => out.value(value), JSON.stringify(value))
  const begin = out.length
  say(() => out.raw(json('"ü"')), '"ü"')
  say(() => out.again(begin, out.length - 1), '"ü"')
  expect(text(out.take())).toBe(`${parts.join(',')},`)
  out.clear()
  out.open({ a: 1, b: undefined })
  out.members({ b: undefined })
  out.members({ c: 2, d: undefined })
  out.raw(json('}'))
  expect(text(out.take())).toBe('{"a":1,"c":2}')
})
