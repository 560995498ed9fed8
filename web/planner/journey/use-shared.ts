import { useEffect, useState } from 'preact/hooks'
import type { Itinerary } from '../../shared/api.ts'
import { useSetting } from '../../shared/setting.ts'

/** The journey that a link carries, with the times of now; chosen as soon as it is there. */
export function useShared(id: string | undefined, onFound: (itinerary: Itinerary) => void): Itinerary | undefined {
  const { api } = useSetting()
  const [shared, setShared] = useState<Itinerary>()
  useEffect(() => {
    setShared(undefined)
    if (id === undefined) return
    const ask = new AbortController()
    api.refresh(id, ask.signal).then(
      itinerary => {
        setShared(itinerary)
        onFound(itinerary)
      },
      () => {}, // of another timetable: the question beside it is still answered
    )
    return () => ask.abort()
  }, [api, id, onFound])
  return shared
}
