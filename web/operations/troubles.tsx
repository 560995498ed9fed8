import type { Readiness } from '../shared/api.ts'
import { useConnection } from '../shared/connection.ts'
import { useSetting } from '../shared/setting.ts'

/** What the server itself says does not work, though it may answer; nothing while all does, or nobody can say. */
export function Troubles({ readiness }: { readonly readiness: Readiness | undefined }) {
  const { t } = useSetting()
  const lost = useConnection().state === 'lost'
  const { because = [], degraded = [] } = readiness ?? {}
  const words: Readonly<Record<string, string>> = t.operations.troubles
  return (
    <div class="ops-troubles" role="status">
      {!lost && [...because, ...degraded].map(name => <p key={name}>{words[name] ?? name}</p>)}
    </div>
  )
}
