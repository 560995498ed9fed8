// MMRI, a Dutch set of small timetables that planners are compared with (OpenTripPlanner mmri/), the static ones: changes, wheelchairs, days.
// Ours takes two minutes for a change where nobody says; theirs none, so some are asked with none.

import { describe, expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { DEFAULT_CHANGE_SECONDS, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { mergeTransfers, straightLineWalks } from '#engine/footpaths/transfers.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { dataFile } from '../helpers/data.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { at, type SearchOptions, search } from '../helpers/search.ts'
import { loadFeed } from './feeds.ts'

const MIDNIGHT = 1388530800
const here = dataFile('gtfs-rt/otp/mmri/2b') !== undefined

function stopAt(tt: Timetable, id: string): number {
  for (let s = 0; s < tt.counts.stops; s++) if (textOf(tt, tt.stopId[s]!) === id) return s
  throw new Error(`no stop ${id}`)
}

const withoutChangeTime = (f: Footpaths): Footpaths => ({
  ...f,
  changeSeconds: Array.from(f.changeSeconds as never, (s: number) => (s === DEFAULT_CHANGE_SECONDS ? 0 : s)) as never,
})

interface Asked extends Partial<SearchOptions> {
  readonly changes?: 'free'
}

/** The first journey as `from 0:01 to 0:02, from …`, in minutes after midnight. */
async function journey(feed: string, from: string, to: string, minute: number, { changes, ...more }: Asked = {}) {
  const tt = await loadFeed(`gtfs-rt/otp/mmri/${feed}`)
  const footpaths = mergeTransfers(tt, straightLineWalks(tt))
  const [first] = search(horizonOf(tt, changes ? withoutChangeTime(footpaths) : footpaths), {
    from: at(stopAt(tt, from)),
    to: at(stopAt(tt, to)),
    time: (MIDNIGHT + 60 * minute) as UnixSeconds,
    maxRides: 3,
    maxTravelTime: 3600,
    ...more,
  })
  const minutes = (time: number): number => (time - MIDNIGHT) / 60
  return first?.legs.flatMap(leg => (leg.kind === 'ride' ? [[minutes(leg.departure), minutes(leg.arrival)]] : []))
}
const DAYS = 2 * 1440

describe.skipIf(!here)('MMRI, static', () => {
  test.each([
    ['1g, departing', 2, {}, [[3, 4]]],
    ['1g, arriving', 2, { backwards: true }, [[1, 2]]],
    ['1g, departing two days later', DAYS + 2, {}, [[DAYS + 3, DAYS + 4]]],
    ['1g, arriving two days later', DAYS + 2, { backwards: true }, [[DAYS + 1, DAYS + 2]]],
  ])('%s', async (_name, minute, more, expected) => {
    expect(await journey('1g', '1g1', '1g2', minute, more)).toEqual(expected)
  })

  test('2c: two trains, and not the bus beside them', async () => {
    expect(await journey('2c', '2c1', '2c3', 1, { changes: 'free' })).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  test('2b: in a wheelchair, the second bus', async () => {
    const wishes = { bikes: 'no', wheelchair: 'yes-or-unknown', wheelchairStops: 'yes-or-unknown' } as const
    expect(await journey('2b', '2b1', '2b2', 1)).toEqual([[1, 2]])
    expect(await journey('2b', '2b1', '2b2', 1, { wishes })).toEqual([[3, 4]])
  })

  test.each([
    [
      '2e1: a timed change at the first shared stop',
      '2e1',
      [
        [1, 2],
        [3, 5],
      ],
      {},
    ],
    [
      '2e2: a timed change at the second',
      '2e2',
      [
        [1, 3],
        [4, 5],
      ],
      {},
    ],
    [
      '2e3: no change at the first',
      '2e3',
      [
        [1, 3],
        [4, 5],
      ],
      { changes: 'free' },
    ],
    [
      '2e4: no change at the second',
      '2e4',
      [
        [1, 2],
        [3, 5],
      ],
      { changes: 'free' },
    ],
    [
      '3g1: no change at the first',
      '3g1',
      [
        [1, 3],
        [4, 5],
      ],
      { changes: 'free' },
    ],
    [
      '3g2: no change at the second',
      '3g2',
      [
        [1, 2],
        [3, 5],
      ],
      { changes: 'free' },
    ],
  ] as const)('%s', async (_name, feed, expected, more) => {
    expect(await journey(feed, `${feed}1`, `${feed}6`, 1, more)).toEqual(expected)
  })
})
