import { useSetting } from '../shared/setting.ts'
import { ledRows } from './led.ts'
import type { Options } from './options.ts'
import type { StopView } from './view.ts'

const PAGE = 5 // seconds a text stays

interface LedWallProps {
  readonly options: Options
  readonly stops: readonly StopView[]
  readonly now: number
  readonly spoken: string
}

/** Letters only, in a fixed grid: what a driver of an LED matrix reads off, and what looks like one. */
export function LedWall({ options, stops, now, spoken }: LedWallProps) {
  const { t, times, short } = useSetting()
  return (
    <main class="led" style={{ '--columns': options.columns, '--rows': options.rows * stops.length }}>
      <h1 class="sr-only">{stops.map(stop => stop.name).join(', ')}</h1>
      <p class="sr-only">{spoken}</p>
      {stops.map(stop => (
        <pre key={stop.id} aria-hidden="true" data-stop={stop.id}>
          {ledRows(t, times, short, stop, options, Math.floor(now / PAGE)).join('\n')}
        </pre>
      ))}
    </main>
  )
}
