import { useSetting } from '../shared/setting.ts'

/** Keeps a sign before its number where letters run from right to left. */
const LEFT_TO_RIGHT = '\u200e'

/** `+3:20`, `−0:40`: operators count in seconds. */
export function minutesOf(seconds: number): string {
  const sign = Math.round(seconds) === 0 ? '±' : seconds < 0 ? '−' : '+'
  return LEFT_TO_RIGHT + sign + spanOf(seconds)
}

/** Without a sign: a span of time. */
export function spanOf(seconds: number): string {
  const rounded = Math.round(Math.abs(seconds))
  return `${Math.floor(rounded / 60)}:${String(rounded % 60).padStart(2, '0')}`
}

const LATE = 300 // seconds
const EARLY = -60

export function Delay({ seconds }: { readonly seconds: number | null | undefined }) {
  const { t } = useSetting()
  if (seconds === null || seconds === undefined) return <span class="fact-quiet">{t.operations.unknown}</span>
  const kind = seconds > LATE ? 'fact-bad' : seconds < EARLY ? 'fact-late' : 'fact-good'
  return <span class={kind}>{minutesOf(seconds)}</span>
}
