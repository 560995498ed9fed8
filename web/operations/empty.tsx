import { useSetting } from '../shared/setting.ts'

/** Nothing to show: because there is nothing, or because it has not come yet. */
export function Empty({ known }: { readonly known: boolean }) {
  const { t } = useSetting()
  return (
    <p class="hint" role="status">
      {known ? t.operations.nothing : t.loading}
    </p>
  )
}
