// The departures of one stop, as they are now: what the live channel says, moving by itself.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useOutdated } from '../../shared/connection.ts'
import { elevatorsOut, elevatorText } from '../../shared/elevators-out.ts'
import { Icon } from '../../shared/icon.tsx'
import { type BoardAlert, type Board as BoardState, type Row, timeOf } from '../../shared/live-channel.ts'
import { isBus } from '../../shared/modes.ts'
import { useSetting } from '../../shared/setting.ts'
import { aged } from '../../shared/source.ts'
import { base } from '../../shared/start.tsx'
import type { ChosenPlace } from '../search/places.ts'
import { Departure } from './departure.tsx'
import { Freshness } from './freshness.tsx'
import { useGentleMoves } from './moves.ts'

const SHOWN = 24

interface BoardProps {
  readonly stopId: string
  readonly onStop: (stop: BoardState['stop']) => void
  readonly onPlan: (end: 'from' | 'to', place: ChosenPlace) => void
}

export function Board({ stopId, onStop, onPlan }: BoardProps) {
  const { t, times } = useSetting()
  const board = useBoard(stopId)
  const stop = board?.stop
  useEffect(() => onStop(stop), [stop, onStop])
  const outdated = useOutdated(board?.asOf ?? 0)
  const rows = useMemo(() => shownRows(board?.rows ?? [], outdated), [board, outdated])
  const list = useGentleMoves(rows)

  return (
    <section class="board" aria-labelledby="board-title">
      <header class="board-head">
        <h2 id="board-title">{stop?.name ?? (board?.state === 'gone' ? t.unknownStop : ' ')}</h2>
        {board && <Freshness board={board} outdated={outdated} />}
        {board && <p class="on-paper">{t.asOf(`${times.date(board.asOf)}, ${times.clock(board.asOf)}`)}</p>}
        {stop && (
          <div class="board-actions">
            <button type="button" class="quiet" onClick={() => onPlan('from', stop)}>
              {t.planFromHere}
            </button>
            <button type="button" class="quiet" onClick={() => onPlan('to', stop)}>
              {t.planToHere}
            </button>
          </div>
        )}
      </header>
      {board && <Alerts alerts={board.alerts} />}
      {board && !outdated && <ElevatorsOut board={board} />}
      {board?.state === 'waiting' && <Waiting />}
      {board?.state === 'known' && rows.length === 0 && <p class="hint">{t.noDepartures}</p>}
      <ol class="departures" ref={list} aria-label={stop && t.departuresAt(stop.name)}>
        {rows.map(row => (
          <Departure key={row.id} row={row} />
        ))}
      </ol>
      {stop && (
        <p class="hint as-display">
          <a href={`${base}display?stop=${encodeURIComponent(stop.id)}`}>{t.display.open}</a>
        </p>
      )}
      <Announcements rows={rows} />
    </section>
  )
}

/** Without a server a prediction soon is none. */
function shownRows(rows: readonly Row[], outdated: boolean): readonly Row[] {
  const first = rows.slice(0, SHOWN)
  return outdated ? first.map(aged) : first
}

function useBoard(stopId: string): BoardState | undefined {
  const { live, language } = useSetting()
  const [board, setBoard] = useState<BoardState>()
  useEffect(() => live.watch(`stop:${stopId};lang=${language}`, setBoard), [live, stopId, language])
  return board
}

function Waiting() {
  const { t } = useSetting()
  return (
    <div class="skeleton" role="status">
      <span class="sr-only">{t.loading}</span>
      {Array.from({ length: 6 }, (_, i) => (
        // they are all the same
        <i key={i} />
      ))}
    </div>
  )
}

function Alerts({ alerts }: { readonly alerts: readonly BoardAlert[] }) {
  const { t } = useSetting()
  if (alerts.length === 0) return null
  return (
    <details class="alerts">
      <summary>
        {t.alerts(alerts.length)}
        <span class="alerts-first">{alerts[0]!.header}</span>
      </summary>
      <ul>
        {alerts.map(alert => (
          <li key={alert.id}>
            <b>{alert.header}</b>
            {alert.description && <p>{alert.description}</p>}
            {alert.url && /^https?:\/\//.test(alert.url) && (
              <a href={alert.url} target="_blank" rel="noreferrer">
                {t.more}
              </a>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

function ElevatorsOut({ board }: { readonly board: BoardState }) {
  const { t, times, live } = useSetting()
  const now = live.now()
  const out = elevatorsOut(board, now)
  if (out.length === 0) return null
  return (
    <div class="hint is-warning">
      {out.map(elevator => (
        <div key={elevator.id}>
          <Icon name="elevator" /> {elevatorText(t, times, elevator, now)}
        </div>
      ))}
    </div>
  )
}

/** Says aloud what a rider must not miss, and nothing else: a departure called off, another platform. */
function Announcements({ rows }: { readonly rows: readonly Row[] }) {
  const { t, live } = useSetting()
  const before = useRef(new Map<string, Row>())
  const said = useRef('')
  const news: string[] = []
  for (const row of rows) {
    const last = before.current.get(row.id)
    if (!last || timeOf(row) - live.now() > 1800) continue
    if (row.state !== last.state && (row.state === 'cancelled' || row.state === 'skipped'))
      news.push(t.changed(row.line, row.headsign, row.state === 'cancelled' ? t.cancelled : t.skipped))
    if (row.platform && last.platform && row.platform !== last.platform)
      news.push(t.changed(row.line, row.headsign, t.platformInstead(row.platform, last.platform, isBus(row.mode))))
  }
  before.current = new Map(rows.map(row => [row.id, row]))
  if (news.length > 0) said.current = news.join('. ')
  return (
    <p class="sr-only" aria-live="polite">
      {said.current}
    </p>
  )
}
