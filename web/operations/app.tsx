// The operators' page: where the vehicles are, how the lines keep their times and distances, what is called off, how the feeds do.

import { useEffect, useMemo } from 'preact/hooks'
import type { VehicleRow } from '#api/live/rows/vehicle.ts'
import type { FeedsResponse } from '../shared/api.ts'
import { ConnectionState } from '../shared/connection-state.tsx'
import { LanguageChoice } from '../shared/language-choice.tsx'
import { SettingContext, useSetting } from '../shared/setting.ts'
import { shortenerWithout } from '../shared/short-names.ts'
import { base, type Shell } from '../shared/start.tsx'
import { timesIn } from '../shared/times.ts'
import { useCommonStart } from '../shared/use-common-start.ts'
import { Alerts } from './alerts.tsx'
import { Cancelled } from './cancelled.tsx'
import { useConditions } from './conditions.tsx'
import { Feeds } from './feeds.tsx'
import { type Filters, SECTIONS, useFilters } from './filters.ts'
import { FleetMap } from './fleet-map.tsx'
import { Headline } from './headline.tsx'
import { Lines } from './lines.tsx'
import { Route } from './route.tsx'
import { Statistics } from './statistics.tsx'
import { byLine, summarize } from './summary.ts'
import { Troubles } from './troubles.tsx'
import { type Told, useFeeds } from './use-channels.ts'
import { usePolled } from './use-polled.ts'
import { Vehicles } from './vehicles.tsx'

const EVERY = 30 // seconds
/** What is empty without a realtime source. */
const LIVE_ONLY: readonly Filters['show'][] = ['lines', 'vehicles', 'feeds']

export function App(shell: Shell) {
  const { t, language, api } = shell
  const about = usePolled(api.feeds, EVERY)
  const zone = about?.feeds[0]?.tz
  const times = useMemo(() => timesIn(zone, language), [zone, language])
  const start = useCommonStart(api)
  const short = useMemo(() => shortenerWithout(start), [start])
  const setting = useMemo(() => ({ ...shell, times, short }), [t, language, api, times, short])
  useEffect(() => {
    document.title = `${t.operations.title} · Freifahrt`
  }, [t])
  return (
    <SettingContext.Provider value={setting}>
      <a class="skip" href="#content">
        {t.skipToContent}
      </a>
      <Desk about={about} />
    </SettingContext.Provider>
  )
}

/** Everything at once: numbers on top, one section below, the map beside it. */
function Desk({ about }: { readonly about: FeedsResponse | undefined }) {
  const { t, api, live, language } = useSetting()
  const [filters, change] = useFilters()
  const readiness = usePolled(api.readiness, EVERY)
  const tags = about?.feeds.map(feed => feed.tag) ?? []
  const conditions = useConditions(about?.conditions)
  const fleet = useFeeds(live, 'fleet', tags, language)
  const alerts = useFeeds(live, 'alerts', tags, language)
  const sources = useFeeds(live, 'feed', tags, language)
  const shown = useMemo(() => fleet.rows.filter(wanted(filters)), [fleet, filters])
  return (
    <div class="ops">
      <header class="top">
        <h1>
          <img src={`${base}icon.svg`} alt="" width="28" height="28" />
          {t.operations.title}
        </h1>
        <ConnectionState />
        <LanguageChoice />
      </header>
      <Headline
        summary={summarize(fleet.rows)}
        known={fleet.known}
        {...{ filters, change, conditions }}
        sources={sources.rows}
      >
        <Troubles readiness={readiness} />
      </Headline>
      <aside class="ops-map" aria-label={t.map}>
        <FleetMap vehicles={shown} attributions={about?.attributions ?? []} onLine={line => change({ line })} />
      </aside>
      <main id="content" class="ops-panel" tabIndex={-1}>
        <Sections filters={filters} change={change} />
        <OnlyShown filters={filters} change={change} />
        {sources.known && sources.rows.length === 0 && LIVE_ONLY.includes(filters.show) && (
          <p class="hint">{t.operations.noSource}</p>
        )}
        {filters.show === 'lines' && <LinesOrRoute fleet={fleet} filters={filters} change={change} />}
        {filters.show === 'vehicles' && <Vehicles vehicles={shown} known={fleet.known} />}
        {filters.show === 'cancelled' && <Cancelled line={filters.line} />}
        {filters.show === 'alerts' && <Alerts alerts={alerts.rows} known={alerts.known} />}
        {filters.show === 'feeds' && <Feeds sources={sources.rows} known={sources.known} conditions={conditions} />}
        {filters.show === 'statistics' && <Statistics filters={filters} change={change} />}
      </main>
    </div>
  )
}

interface FilterProps {
  readonly filters: Filters
  readonly change: (change: Partial<Filters>) => void
}

function Sections({ filters, change }: FilterProps) {
  const { t } = useSetting()
  return (
    <nav class="ops-sections" aria-label={t.views}>
      {SECTIONS.map(section => (
        <button
          key={section}
          type="button"
          aria-current={filters.show === section ? 'page' : undefined}
          onClick={() => change({ show: section, route: undefined, day: undefined })}
        >
          {t.operations.sections[section]}
        </button>
      ))}
    </nav>
  )
}

function OnlyShown({ filters: { line, state }, change }: FilterProps) {
  const { t } = useSetting()
  if (!line && !state) return null
  return (
    <p class="ops-filter">
      {t.operations.onlyShown} {[line, state && stateName(t, state)].filter(Boolean).join(' · ')}
      <button type="button" class="quiet" onClick={() => change({ line: undefined, state: undefined })}>
        {t.operations.showAll}
      </button>
    </p>
  )
}

function LinesOrRoute({ fleet, filters, change }: FilterProps & { readonly fleet: Told<VehicleRow> }) {
  const lines = useMemo(() => byLine(fleet.rows), [fleet])
  if (filters.route)
    return <Route key={filters.route} id={filters.route} onClose={() => change({ route: undefined })} />
  const wanted = lines.filter(({ line }) => !filters.line || line === filters.line)
  return <Lines lines={wanted} known={fleet.known} change={change} />
}

const wanted =
  ({ line, state }: Filters) =>
  (vehicle: VehicleRow): boolean =>
    (!line || vehicle.line === line) && (!state || vehicle.state === state)

const stateName = (t: Shell['t'], state: string): string =>
  Object.hasOwn(t.operations.states, state) ? t.operations.states[state as VehicleRow['state']] : state
