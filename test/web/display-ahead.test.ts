// The timetable ahead of a display that runs for months: what its browser's storage does, or how much departs, must not end it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '#api/server.ts'
import { parseDate, type UnixSeconds } from '#engine/core/time.ts'
import { newAhead, PIECE } from '../../web/display/ahead.ts'
import { fetchPlanned } from '../../web/display/planned.ts'
import type { Planned } from '../../web/display/rows.ts'
import { memoryShelf } from '../../web/display/shelf.ts'
import { type Api, ApiError, connectApi } from '../../web/shared/api.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'

const T0 = 1_770_000_000 - (1_770_000_000 % PIECE)
const planned = (from: number): Planned => ({ trip: 't', line: '1', headsign: 'A', mode: 'BUS', sched: from + 60 })

test('goes on in memory when the storage has been closed', async () => {
  const closed = async () => {
    throw new Error('the database connection is closing')
  }
  const ahead = newAhead('do_1', async from => [planned(from)], { ...memoryShelf(), set: closed, remove: closed })
  await ahead.step(T0)
  expect(ahead.knownUntil(T0)).toBe(T0 + PIECE)
  const later = T0 + 2 * PIECE // what was known is over and has to be forgotten
  for (let steps = 0; steps < 2; steps++) expect(await ahead.step(later)).toBeGreaterThan(0)
  expect(ahead.upcoming(later, PIECE, 1)).toEqual([planned(later)])
})

test('of a stop where very much departs fewer hours are kept, but never less than this piece and the next', async () => {
  const hoursOf = async (perSecond: number, now = T0) => {
    const fetch = async (from: number) =>
      Array.from({ length: PIECE * perSecond }, (_, i): Planned => ({ ...planned(from), sched: from + i / perSecond }))
    const ahead = newAhead('do_1', fetch, memoryShelf())
    for (let pieces = 0; pieces < 30; pieces++) await ahead.step(now)
    // a piece later it has gone on by one
    for (let pieces = 0; pieces < 30; pieces++) await ahead.step(now + PIECE)
    return (ahead.knownUntil(now + PIECE) - now - PIECE) / 3600
  }
  expect([await hoursOf(0.01), await hoursOf(0.3), await hoursOf(3)]).toEqual([75, 21, 6])
})

describe('more departs within a piece than the server answers at once', () => {
  const world = timetable(['B1', 'B2'].map(line => `${line}   A 00:00   B 00:10   [every 4s until 24:00]`).join('\n'), {
    range: ['20260109', '20260112'],
  })
  const begin = (parseDate('20260110')! * 86_400) as UnixSeconds
  let server: Server
  let api: Api
  beforeAll(async () => {
    server = await startServer(testService(world, begin), { port: 0 })
    api = connectApi(server.url, 'en')
  })
  afterAll(() => server?.close())

  test('it is asked for in halves: every departure, once and in order', async () => {
    await expect(api.timetable('test_A', begin, PIECE)).rejects.toThrow(/^TOO_LARGE/)
    const ahead = newAhead('test_A', from => fetchPlanned(api, 'test_A', from, PIECE), memoryShelf())
    await ahead.step(begin)
    const rows = ahead.upcoming(begin, PIECE, 1)
    expect(rows.map(({ sched }) => sched)).toEqual(Array.from({ length: 5400 }, (_, i) => begin + 4 * (i >> 1)))
  })

  test('any other refusal is one, and so is the shortest window', async () => {
    let asked = 0
    const refusing = (status: number, text: string) => ({
      timetable: async () => {
        asked++
        throw new ApiError(status, text)
      },
    })
    await expect(fetchPlanned(refusing(0, 'no connection'), 'A', begin, PIECE)).rejects.toThrow('no connection')
    expect(asked).toBe(1)
    await expect(fetchPlanned(refusing(422, 'TOO_LARGE'), 'A', begin, PIECE)).rejects.toThrow('TOO_LARGE')
    expect(asked).toBeLessThan(12)
  })
})
