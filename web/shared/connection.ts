import { useEffect, useState } from 'preact/hooks'
import type { Connection } from './live.ts'
import { useSetting } from './setting.ts'

const BELIEVED_FOR = 60 // seconds without a word from the server

export function useConnection(): Connection {
  const { live } = useSetting()
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' })
  useEffect(() => live.onConnection(setConnection), [live])
  return connection
}

/** True when nobody can vouch any more for what was known at `asOf`: a server that is there may have lost this one channel. */
export function useOutdated(asOf: number): boolean {
  const { live } = useSetting()
  const [old, setOld] = useState<number>()
  useEffect(() => {
    const timer = setTimeout(() => setOld(asOf), (asOf + BELIEVED_FOR - live.now()) * 1000)
    return () => clearTimeout(timer)
  }, [live, asOf])
  return old === asOf
}

const SOON = 1 // seconds
const LONGEST_WAIT = 60

/** A number that grows while `failed` and the server is there, later each time: what depends on it is done again. */
export function useAgain(failed: boolean): number {
  const connected = useConnection().state === 'open'
  const [times, setTimes] = useState(0)
  useEffect(() => {
    if (!failed || !connected) return
    const timer = setTimeout(() => setTimes(times + 1), Math.min(LONGEST_WAIT, SOON * 2 ** times) * 1000)
    return () => clearTimeout(timer)
  }, [connected, failed, times])
  return times
}
