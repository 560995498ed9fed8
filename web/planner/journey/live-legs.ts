// Keeps an opened journey true while it is looked at: asks for its rides again and puts their newest times and platforms into it.

import { useEffect, useState } from 'preact/hooks'
import type { Api, Itinerary } from '../../shared/api.ts'
import { useSetting } from '../../shared/setting.ts'
import { withRun, withWays } from './retime.ts'

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
  return { ...itinerary, legs: withWays(legs) }
}
