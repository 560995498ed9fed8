import { useSetting } from '../setting.ts'
import type { MapInPage } from './use-map.ts'

export function MapFailed({ failed }: Pick<MapInPage, 'failed'>) {
  const { t } = useSetting()
  if (failed === undefined) return null
  return (
    <p class="hint map-failed" role="status">
      {failed === 'device' ? t.mapFailed : t.mapMissing}
    </p>
  )
}
