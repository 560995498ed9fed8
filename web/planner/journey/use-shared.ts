import { useEffect, useState } from 'preact/hooks'
import { ApiError, type Itinerary } from '../../shared/api.ts'
import { useAgain } from '../../shared/connection.ts'
import { useSetting } from '../../shared/setting.ts'

interface Shared {
  readonly shared: Itinerary | undefined
  /** The server knows no such journey: it is of another timetable. The question beside it is still answered. */
  readonly gone: boolean
}

/** The journey that a link carries, with the times of now; chosen as soon as it is there. */
export function useShared(id: string | undefined, onFound: (itinerary: Itinerary) => void): Shared {
  const { api } = useSetting()
  const [shared, setShared] = useState<Itinerary>()
  const [failed, setFailed] = useState<'gone' | 'silent'>()
  const again = useAgain(failed === 'silent')
  useEffect(() => {
    setShared(undefined)
    if (id === undefined) return setFailed(undefined)
    const ask = new AbortController()
    api.refresh(id, ask.signal).then(
      itinerary => {
        setFailed(undefined)
        setShared(itinerary)
        onFound(itinerary)
      },
      error => ask.signal.aborted || setFailed(isRefusal(error) ? 'gone' : 'silent'),
    )
    return () => ask.abort()
  }, [api, id, onFound, again])
  return { shared, gone: failed === 'gone' }
}

const TOO_MANY = 429

const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== TOO_MANY
