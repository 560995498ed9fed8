import { type IconName, paths } from './icons.ts'

/** The few signs that are quicker to read than their words. Always beside a text or a label, so hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
