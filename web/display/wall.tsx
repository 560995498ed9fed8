// The board for screens and paper: big, few words, the same columns in every row.

import { Icon } from '../shared/icon.tsx'
import { LineBadge } from '../shared/line-badge.tsx'
import { isBus } from '../shared/modes.ts'
import { useSetting } from '../shared/setting.ts'
import { isExpected, isTold, sourceOf } from '../shared/source.ts'
import { SourceSign } from '../shared/source-sign.tsx'
import type { Options } from './options.ts'
import type { Notice, RowView, StopView } from './view.ts'
import { emptyText, freshnessText, hasMoved, newsOf, notesOf, punctuality } from './words.ts'

const NEWS_SHOWN = 2
const NEWS_FOR = 12 // seconds
const DRIFT_EVERY = 600 // seconds
// rem; round in a square, so that no edge is at one place for months (screens keep what always stands there)
const DRIFT = ['0 0', '0.15rem 0', '0.15rem 0.15rem', '0 0.15rem']

interface WallProps {
  readonly options: Options
  readonly title: string | undefined
  readonly stops: readonly StopView[]
  readonly now: number
  readonly spoken: string
  readonly onSpeak: () => void
}

export function Wall({ options, title, stops, now, spoken, onSpeak }: WallProps) {
  const { t, times, short } = useSetting()
  const paper = options.layout === 'eink'
  const only = stops.length === 1 ? stops[0] : undefined
  const names = stops.flatMap(({ name }) => (name ? (only ? name : short(name)) : []))
  const translate = paper ? undefined : DRIFT[Math.floor(now / DRIFT_EVERY) % DRIFT.length]
  const [clock, seconds] = [times.clock(now), times.exact(now).slice(-3)]
  return (
    <main class="wall" style={{ '--stops': stops.length, '--rows': options.rows, translate }}>
      <header class="wall-head">
        <h1>{title ?? (names.join(' · ') || t.board)}</h1>
        <button type="button" class="wall-speak" onClick={onSpeak}>
          {t.display.readAloud}
        </button>
        <time class="wall-clock" dateTime={new Date(now * 1000).toISOString()}>
          {clock}
          {!paper && <small aria-hidden="true">{seconds}</small>}
        </time>
      </header>
      {/* the whole board in one go, for whoever cannot see it */}
      <p class="sr-only">{spoken}</p>
      <div class="wall-stops">
        {stops.map(stop => (
          <Stop key={stop.id} stop={stop} titled={!only || title !== undefined} paper={paper} now={now} />
        ))}
      </div>
    </main>
  )
}

interface StopProps {
  readonly stop: StopView
  readonly titled: boolean
  readonly paper: boolean
  readonly now: number
}

function Stop({ stop, titled, paper, now }: StopProps) {
  const { t, times, short } = useSetting()
  const trusted = stop.freshness.trust === 'live'
  const known = stop.freshness.trust === 'timetable' && stop.plannedUntil > 0
  return (
    <section class="wall-stop" aria-label={stop.name}>
      {titled && <h2>{short(stop.name ?? '')}</h2>}
      <div class="wall-rows">
        {stop.rows.length > 0 ? (
          <ol>
            {stop.rows.map(row => (
              <Row key={row.key} row={row} paper={paper} />
            ))}
          </ol>
        ) : (
          <p class="wall-empty">{emptyText(t, stop)}</p>
        )}
      </div>
      <News news={newsOf(t, times, stop)} paper={paper} now={now} />
      {stop.state !== 'gone' && (
        <footer class={`wall-foot${trusted ? '' : ' is-warning'}`}>
          <span>{paper && trusted ? t.asOf(times.clock(now)) : freshnessText(t, times, stop, now)}</span>
          {known && (
            <span>{t.display.knownUntil(`${times.day(stop.plannedUntil)} ${times.clock(stop.plannedUntil)}`)}</span>
          )}
          {stop.walkSeconds > 0 && <span>{t.display.walk(Math.round(stop.walkSeconds / 60))}</span>}
        </footer>
      )}
    </section>
  )
}

function Row({ row, paper }: { readonly row: RowView; readonly paper: boolean }) {
  const { t, short } = useSetting()
  const { departure, off } = row
  const [first, ...notes] = notesOf(t, row)
  const headsign = short(departure.headsign)
  return (
    <li class={`wall-row${off ? ' is-off' : ''}`} data-row={row.key}>
      <LineBadge line={departure.line} {...(paper ? {} : { color: departure.color, textColor: departure.textColor })} />
      <span class="wall-where">
        <b style={{ '--letters': headsign.length }}>{headsign}</b>
        {first && (
          <span class="wall-notes">
            <span class={off || row.leaveNow ? 'is-loud' : ''}>{first}</span>
            {notes.map(note => ` · ${note}`)}
          </span>
        )}
      </span>
      <Platform row={row} />
      <When row={row} paper={paper} />
    </li>
  )
}

function Platform({ row }: { readonly row: RowView }) {
  const { t } = useSetting()
  const { platform, platformPlanned, mode } = row.departure
  if (!platform) return <span class="wall-platform" />
  const moved = hasMoved(row)
  return (
    <span class={`wall-platform${moved ? ' is-moved' : ''}`}>
      <span class="wall-platform-word">{t.platform('', isBus(mode)).trim()} </span>
      <b>{platform}</b>
      {moved && <s>{t.display.instead(platformPlanned!)}</s>}
    </span>
  )
}

function When({ row, paper }: { readonly row: RowView; readonly paper: boolean }) {
  const { t, times } = useSetting()
  const { departure, off, time, minutes } = row
  const source = sourceOf(departure)
  const told = isTold(source)
  const [planned, clock] = [times.clock(departure.sched), times.clock(time)]
  const byClock = paper || minutes === undefined
  if (off)
    return (
      <span class="wall-when">
        <b>
          <s>{planned}</s>
        </b>
      </span>
    )
  return (
    <span class={`wall-when${told ? ' is-live' : ''}`}>
      <b>
        {byClock ? (
          clock
        ) : minutes === 0 ? (
          t.now
        ) : (
          <>
            {minutes}
            <small> {t.minuteSign}</small>
          </>
        )}
      </b>
      <small class={told && departure.pred! - departure.sched >= 60 ? 'is-late' : ''}>
        <SourceSign source={source} silent={!isExpected(source)} /> {planned !== clock && <s>{planned}</s>}{' '}
        {isExpected(source) && !byClock ? clock : planned === clock && punctuality(t, row)}
      </small>
    </span>
  )
}

/** Two at a time, the next two after a while. */
function News({
  news,
  paper,
  now,
}: {
  readonly news: readonly Notice[]
  readonly paper: boolean
  readonly now: number
}) {
  if (news.length === 0) return null
  const pages = Math.ceil(news.length / NEWS_SHOWN)
  const page = Math.floor(now / (paper ? 60 : NEWS_FOR)) % pages
  return (
    <ul class="wall-news">
      {news.slice(page * NEWS_SHOWN, (page + 1) * NEWS_SHOWN).map(({ text, access }) => (
        <li key={text}>
          {access && <Icon name="elevator" />} {text}
        </li>
      ))}
    </ul>
  )
}
