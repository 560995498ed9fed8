// How many walks between stops there are, how many a search needs (engine/footpaths/needed.ts), and whether it finds with them what it finds
// with all: npx node bench/transfers.ts GTFS [MAP.osm.pbf] [YYYY-MM-DD]. Without a map, in straight lines, as long.

import { scheduleHorizon } from '#api/cli/schedule.ts'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import { METRES_PER_DEGREE, metresBetween } from '#engine/core/geo.ts'
import type { Footpaths, Walk } from '#engine/footpaths/footpaths.ts'
import { keepNeeded, neededFootpaths } from '#engine/footpaths/needed.ts'
import { mergeTransfers, straightLineSeconds } from '#engine/footpaths/transfers.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Offset, type Query, queryDefaults } from '#engine/plan/query.ts'
import { daysFor } from '#engine/plan/window.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { buildLookup, findStop } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { cpuMs, machine, median } from './harness.ts'
import { randomQueries } from './queries.ts'

const QUERIES = 500
const [gtfs, ...others] = process.argv.slice(2)
const map = others.find(other => other.endsWith('.pbf'))
const date = others.find(other => /^\d{4}-\d\d-\d\d$/.test(other))
if (!gtfs) throw new Error('GTFS file missing')

const { timetable: tt } = await loadGtfs([{ tag: 'x', source: await openSource(gtfs) }])
const streets = map === undefined ? undefined : (await loadOsm(map)).graph
const ground = createGround(tt, streets && createStreetSearch(streets, buildStopLinks(streets, tt)))
const day = date ? Date.parse(date) / 1000 : (tt.counts.firstDay + (tt.counts.days >> 1)) * 86_400

/** Walks up to so many seconds. */
function walksUpTo(seconds: number): Footpaths {
  return mergeTransfers(
    tt,
    ground.streets ? walksBetweenStops(ground, { walker: Profile.foot, maxSeconds: seconds }) : straight(tt, seconds),
  )
}

function* straight(tt: Timetable, maxSeconds: number): Generator<Walk> {
  const called = [...new Set(Array.from(tt.slots, word => word >>> 2))].filter(s => tt.stopHasPosition[s] === 1)
  const metres = maxSeconds * Profile.foot.speed
  for (const from of called)
    for (const to of called) {
      if (from === to || Math.abs(tt.stopLat[from]! - tt.stopLat[to]!) > (metres / METRES_PER_DEGREE) * 1e7) continue
      if (metresBetween(tt.stopLat[from]!, tt.stopLon[from]!, tt.stopLat[to]!, tt.stopLon[to]!) > metres) continue
      const seconds = straightLineSeconds(tt, from as never, to as never)
      if (seconds <= maxSeconds) yield { from, to, seconds }
    }
}

const { far, near } = walkLimits(tt)
const LONGEST = 3600
let all!: Footpaths
let kept!: Footpaths
const find = cpuMs(() => (all = walksUpTo(far)))
const prune = cpuMs(() => (kept = keepNeeded(tt, all, near)))
const tables = {
  [`all up to ${LONGEST / 60} min`]: walksUpTo(LONGEST),
  [`all up to ${far / 60} min`]: all,
  'those of them needed': kept,
  'all up to 10 min': walksUpTo(600),
}
const [[, longest]] = Object.entries(tables) as [[string, Footpaths]]
console.log(`${machine()}: ${gtfs} ${map ?? ''} ${new Date(day * 1000).toISOString().slice(0, 10)}`)
console.log(
  `found in ${find.toFixed(0)} ms of CPU, pruned in ${prune.toFixed(0)}; ${kept.counts.footpaths} kept to be looked up`,
)

const lookup = buildLookup(tt)
const named = randomQueries(lookup, QUERIES, day)

/** A query with its ways to and from the stops given, so that only the walks in between differ. */
function asked(maxSeconds: number): Query[] {
  const around = (stop: number, reverse: boolean): Offset[] => {
    const offsets = new Map<number, number>([[stop, 0]])
    const [begin, other, seconds] = reverse
      ? [longest.inBegin, longest.inFrom, longest.inSeconds]
      : [longest.outBegin, longest.outTo, longest.outSeconds]
    for (let platform = 0; platform < tt.counts.stops; platform++) {
      if (platform !== stop && tt.stopParent[platform as never] !== stop) continue
      offsets.set(platform, 0)
      for (let i = begin[platform]!; i < begin[platform + 1]!; i++)
        if (seconds[i]! <= maxSeconds)
          offsets.set(other[i]!, Math.min(seconds[i]!, offsets.get(other[i]!) ?? maxSeconds))
    }
    return Array.from(offsets, ([s, seconds]) => ({ stop: s, seconds }) as Offset)
  }
  return named.map(({ from, to, time }) => {
    const [a, b] = [findStop(lookup, from)!, findStop(lookup, to)!]
    return {
      ...queryDefaults,
      from: { kind: 'stop', stop: a },
      to: { kind: 'stop', stop: b },
      fromOffsets: around(a, false),
      toOffsets: around(b, true),
      time,
      window: 3600,
      minJourneys: 0,
      maxDirect: 0,
    }
  })
}

for (const ends of [near, LONGEST]) {
  const queries = asked(ends)
  const days = new Map(queries.flatMap(q => daysFor(tt, q)).map(d => [`${d.zone} ${d.day}`, d]))
  const horizon = scheduleHorizon({ timetable: tt, footpaths: all }, days.values())
  console.log(
    `\nto the first stop and from the last no more than ${ends / 60} min; share of answers equal to those of the rows above`,
  )
  const answers: string[][] = []
  for (const [name, footpaths] of Object.entries(tables)) {
    const planner = createPlanner(tt, footpaths)
    const answer = (q: Query): string =>
      plan(planner, horizon, q)
        .itineraries.map(j => `${j.departure}-${j.arrival}-${j.transfers}`)
        .sort()
        .join()
    const found = queries.map(answer)
    const ms = median(queries.map(q => cpuMs(() => answer(q))))
    const shares = answers.map(
      other => `${((100 * other.filter((text, i) => text === found[i]).length) / QUERIES).toFixed(1)} %`,
    )
    answers.push(found)
    const { footpaths: count } = neededFootpaths(footpaths, 0).counts
    console.log(
      `  ${name.padEnd(22)}${String(count).padStart(9)} walks  ${ms.toFixed(2)} ms of CPU  ${shares.join('  ')}`,
    )
  }
}
