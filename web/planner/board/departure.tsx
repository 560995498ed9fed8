import { useState } from 'preact/hooks'
import type { Arrangement } from '../../shared/api.ts'
import { Countdown } from '../../shared/countdown.tsx'
import { LineBadge } from '../../shared/line-badge.tsx'
import type { Row } from '../../shared/live-channel.ts'
import { timeOf } from '../../shared/live-channel.ts'
import { isBus } from '../../shared/modes.ts'
import { useSetting } from '../../shared/setting.ts'
import { isExpected, isTold, sourceOf, type TimeSource } from '../../shared/source.ts'
import { SourceSign } from '../../shared/source-sign.tsx'
import { minutesBetween } from '../../shared/times.ts'
import { Run } from './run.tsx'

/** One row of the board; opened, it shows where the run goes. */
export function Departure({ row }: { readonly row: Row }) {
  const { t, short } = useSetting()
  const [open, setOpen] = useState(false)
  const off = row.state === 'cancelled' || row.state === 'skipped'
  return (
    <li class={`departure${off ? ' is-off' : ''}`} data-row={row.id}>
      <button type="button" class="departure-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <LineBadge line={row.line} color={row.color} textColor={row.textColor} />
        <span class="departure-where">
          <span class="headsign">{short(row.headsign)}</span>
          <span class="departure-facts">
            <Platform row={row} />
            <State row={row} />
            <StepFree known={row.wheelchair} />
            <ByArrangement getOn={row.pickupArrangement} />
          </span>
        </span>
        <span class="departure-when">
          {off ? (
            <span class="countdown" aria-hidden="true">
              –
            </span>
          ) : (
            <Countdown time={timeOf(row)} live={isTold(sourceOf(row))} />
          )}
          <ClockTimes row={row} off={off} />
        </span>
      </button>
      {open && <Run row={row} label={t.runTo(row.line, row.headsign)} />}
    </li>
  )
}

function Platform({ row: { platform, platformPlanned, mode } }: { readonly row: Row }) {
  const { t } = useSetting()
  const bus = isBus(mode)
  if (!platform) return null
  if (!platformPlanned || platform === platformPlanned) return <span>{t.platform(platform, bus)}</span>
  return (
    <span class="fact-changed">
      <span class="sr-only">{t.platformInstead(platform, platformPlanned, bus)}</span>
      <span aria-hidden="true">
        {t.platform(platform, bus)} <s>{platformPlanned}</s>
      </span>
    </span>
  )
}

/** What is true of this departure, in words: a schedule is never dressed up as live. */
function State({ row }: { readonly row: Row }) {
  const { t } = useSetting()
  if (row.state === 'cancelled') return <span class="fact-bad">{t.cancelled}</span>
  if (row.state === 'skipped') return <span class="fact-bad">{t.skipped}</span>
  const special = row.state === 'new' ? t.additional : row.state === 'replaced' ? t.rerouted : undefined
  return (
    <>
      {special && <span class="fact-changed">{special}</span>}
      <Delay
        source={row.pred === null && row.rt === 'live' ? 'scheduled' : sourceOf(row)}
        planned={row.sched}
        expected={timeOf(row)}
      />
    </>
  )
}

/** Three values: yes, no, and nothing where nobody knows. */
export function StepFree({ known }: { readonly known: boolean | undefined }) {
  const { t } = useSetting()
  if (known === undefined) return null
  if (!known) return <span class="fact-late">{t.notStepFree}</span>
  return (
    <span class="fact-quiet" title={t.stepFree}>
      <span class="sr-only">{t.stepFree}</span>
      <span aria-hidden="true">♿︎</span>
    </span>
  )
}

interface ArrangementProps {
  readonly getOn?: Arrangement | undefined
  readonly getOff?: Arrangement | undefined
}

/** What riders have to do beforehand for the vehicle to stop; nothing where it does anyway. */
export function ByArrangement({ getOn, getOff }: ArrangementProps) {
  const { t } = useSetting()
  return (
    <>
      {getOn && <span class="fact-late">{t.getOn[getOn]}</span>}
      {getOff && <span class="fact-late">{t.getOff[getOff]}</span>}
    </>
  )
}

interface DelayProps {
  readonly source: TimeSource
  /** Unix seconds. */
  readonly planned: number
  readonly expected: number
}

/** How late, and who says so; where there is no expected time, that. */
export function Delay({ source, planned, expected }: DelayProps) {
  const { t } = useSetting()
  const late = minutesBetween(planned, expected)
  if (!isExpected(source))
    return (
      <span class="fact-quiet">
        <SourceSign source={source} silent /> {t.sources[source]}
      </span>
    )
  const kind = !isTold(source) ? 'fact-quiet' : late >= 5 ? 'fact-bad' : late > 0 ? 'fact-late' : 'fact-good'
  return (
    <span class={kind}>
      <SourceSign source={source} /> {late > 0 ? t.late(late) : late < 0 ? t.early(-late) : t.onTime}
    </span>
  )
}

function ClockTimes({ row, off }: { readonly row: Row; readonly off: boolean }) {
  const { t, times } = useSetting()
  const planned = times.clock(row.sched)
  const expected = times.clock(timeOf(row))
  if (off || planned === expected) return <span class="clock-times">{off ? <s>{planned}</s> : planned}</span>
  return (
    <span class="clock-times">
      <span class="sr-only">
        {t.planned(planned)}, {t.expected(expected)}
      </span>
      <span aria-hidden="true">
        <s>{planned}</s> {expected}
      </span>
    </span>
  )
}
