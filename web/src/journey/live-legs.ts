// Keeps an opened journey true while it is looked at: asks for its rides again and puts their newest times and platforms into it.

import { useEffect, useState } from 'preact/hooks'
import type { Api, Itinerary, Leg, Place } from '../../shared/api.ts'
import { useSetting } from '../setting.ts'

const EVERY = 15 // seconds

export function useLiveLegs(itinerary: Itinerary, watched: boolean): Itinerary {
  const { api } = useSetting()
  const [live, setLive] = useState(itinerary)
  useEffect(() => {
    setLive(itinerary)
    if (!watched) return
    let over = false
    const timer = setInterval(async () => {
      if (document.hidden) return
      const newest = await refreshed(api, itinerary).catch(() => undefined)
      if (newest && !over) setLive(newest)
    }, EVERY * 1000)
    return () => {
      over = true
      clearInterval(timer)
    }
  }, [api, itinerary, watched])
  return live
}

async function refreshed(api: Api, itinerary: Itinerary): Promise<Itinerary> {
  const legs = await Promise.all(
    itinerary.legs.map(async leg => {
      const run = leg.tripId === undefined ? undefined : (await api.trip(leg.tripId)).legs[0]
      return run ? withRun(leg, run) : leg
    }),
  )
  return { ...itinerary, legs: legs.map((leg, i) => (leg.tripId ? leg : squeezed(leg, legs[i - 1], legs[i + 1]))) }
}

/** The part of a whole run that is ridden, found by the planned times, which do not move. */
export function withRun(leg: Leg, run: Leg): Leg {
  const calls = [run.from, ...(run.intermediateStops ?? []), run.to]
  const from = calls.findIndex(call => call.scheduledDeparture === leg.from.scheduledDeparture)
  const to = calls.findIndex((call, i) => i > from && call.scheduledArrival === leg.to.scheduledArrival)
  if (from < 0 || to < 0) return leg
  const board = withoutArrival(calls[from]!)
  const alight = withoutDeparture(calls[to]!)
  return {
    ...leg,
    from: board,
    to: alight,
    startTime: board.departure ?? leg.startTime,
    endTime: alight.arrival ?? leg.endTime,
    realTime: run.realTime,
    cancelled: run.cancelled || board.cancelled || alight.cancelled,
    intermediateStops: calls.slice(from + 1, to),
  }
}

/** A walk after a ride begins when the ride ends; the first walk begins in time for its ride. */
function squeezed(walk: Leg, before: Leg | undefined, after: Leg | undefined): Leg {
  const length = walk.duration * 1000
  if (before) return { ...walk, startTime: before.endTime, endTime: iso(Date.parse(before.endTime) + length) }
  if (after) return { ...walk, startTime: iso(Date.parse(after.startTime) - length), endTime: after.startTime }
  return walk
}

const iso = (ms: number): string => new Date(ms).toISOString()
const withoutArrival = ({ arrival: _a, scheduledArrival: _s, ...place }: Place): Place => place
const withoutDeparture = ({ departure: _d, scheduledDeparture: _s, ...place }: Place): Place => place
