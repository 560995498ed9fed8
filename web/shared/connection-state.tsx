import { useConnection } from './connection.ts'
import { useSetting } from './setting.ts'
import { useNow } from './ticker.ts'

/** The state of the line to the server, always in sight; with a way to hurry when it is down. */
export function ConnectionState() {
  const { t, live } = useSetting()
  const connection = useConnection()
  const now = useNow()
  if (connection.state === 'lost')
    return (
      <div class="connection is-lost">
        <span role="status">
          <i class="pulse" aria-hidden="true" />
          <span class="sr-only">{t.noConnection}</span>
        </span>
        <span aria-hidden="true">{t.lost(Math.max(0, Math.ceil(connection.retryAt - now)))}</span>
        <button type="button" class="quiet" onClick={live.wake}>
          {t.retry}
        </button>
      </div>
    )
  return (
    <div class={`connection is-${connection.state}`} role="status">
      <i class="pulse" aria-hidden="true" />
      <span class="connection-word">{connection.state === 'open' ? t.connected : t.connecting}</span>
    </div>
  )
}
