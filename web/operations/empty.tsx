import { useSetting } from '../shared/setting.ts'

/** Nothing to show: because there is nothing, or because it has not come yet. */
export function Empty({ known, nothing }: { readonly known: boolean; readonly nothing?: string }) {
  const { t } = useSetting()
  return (
    <p class="hint" role="status">
      {known ? (nothing ?? t.operations.nothing) : t.loading}
    </p>
  )
}
