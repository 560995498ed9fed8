import { useEffect, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { commonStart } from './short-names.ts'
import { storage } from './storage.ts'

const AROUND = 0.06 // degrees: the middle of a city
const KEPT_START = 'freifahrt.common-start'

/** What all names of this city begin with, as last learnt. */
export function useCommonStart(api: Api): string {
  const [start, setStart] = useState(storage.getItem(KEPT_START) ?? '')
  useEffect(() => {
    const learn = async () => {
      const { lat, lon } = await api.initial()
      const stops = await api.stops([lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND])
      const learnt = commonStart(stops.map(stop => stop.name))
      storage.setItem(KEPT_START, learnt)
      setStart(learnt)
    }
    learn().catch(() => {}) // without it names are longer, nothing else
  }, [api])
  return start
}
