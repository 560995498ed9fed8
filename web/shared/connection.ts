import { useEffect, useState } from 'preact/hooks'
import type { Connection } from './live.ts'
import { useSetting } from './setting.ts'

const BELIEVED_FOR = 60 // seconds without a server

export function useConnection(): Connection {
  const { live } = useSetting()
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' })
  useEffect(() => live.onConnection(setConnection), [live])
  return connection
}

/** True when nobody can vouch any more for what was known at `asOf`. */
export function useOutdated(asOf: number): boolean {
  const { live } = useSetting()
  const connected = useConnection().state === 'open'
  const [outdated, setOutdated] = useState(false)
  useEffect(() => {
    setOutdated(false)
    if (connected) return
    const timer = setTimeout(() => setOutdated(true), (asOf + BELIEVED_FOR - live.now()) * 1000)
    return () => clearTimeout(timer)
  }, [live, connected, asOf])
  return outdated
}
