// The page: search and board or journeys on one side, the map on the other; on a phone one of the three.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { Areas, Itinerary } from '../shared/api.ts'
import { ConnectionState } from '../shared/connection-state.tsx'
import { LanguageChoice } from '../shared/language-choice.tsx'
import type { Board as BoardState } from '../shared/live-channel.ts'
import { type Setting, SettingContext, useSetting } from '../shared/setting.ts'
import { base, type Shell } from '../shared/start.tsx'
import { timesIn } from '../shared/times.ts'
import { type Address, useAddress, type View } from './address.ts'
import { Board } from './board/board.tsx'
import { type City, useCity } from './city.ts'
import { Planner } from './journey/planner.tsx'
import { MapPanel } from './map-panel.tsx'
import { useSeen, useWide } from './map-seen.ts'
import { type Question, useQuestion } from './question.ts'
import { Reach } from './reach/reach.tsx'
import { PlaceSearch } from './search/place-search.tsx'
import { pointId } from './search/places.ts'
import { Views } from './views.tsx'

export function App(shell: Shell) {
  const { t, language, api } = shell
  const { city, failed } = useCity(api)
  const [address, changeAddress] = useAddress()
  const [onMap, setOnMap] = useState(false)
  const [shown, setShown] = useState<Shown>({})
  // whatever is chosen is looked at, not the map that it was chosen on
  const change = useCallback((next: Partial<Address>) => {
    changeAddress(next)
    setOnMap(false)
  }, [])
  const question = useQuestion(api, t, address, change)
  const zone = shown.stop?.tz ?? city?.zone
  const times = useMemo(() => timesIn(zone, language), [zone, language])
  const short = city?.short ?? asIs
  const setting = useMemo<Setting>(() => ({ ...shell, times, short }), [t, language, api, times, short])
  useTitle(titleOf(setting, address.view, shown.stop))

  const see = (view: View | 'map') => {
    setOnMap(view === 'map')
    if (view !== 'map' && view !== address.view) change({ view })
  }
  const looking: Looking = { address, change, city, question, shown, setShown }
  return (
    <SettingContext.Provider value={setting}>
      <a class="skip" href="#content">
        {t.skipToContent}
      </a>
      <div class={`app${onMap ? ' on-map' : ''}`}>
        <header class="top">
          <h1>
            <img src={`${base}icon.svg`} alt="" width="28" height="28" />
            Freifahrt
          </h1>
          <ConnectionState />
          <LanguageChoice />
        </header>
        <Views shown={onMap ? 'map' : address.view} onChoose={see} />
        <main id="content" class="panel" tabIndex={-1}>
          <Panel {...looking} />
          {failed && (
            <p class="hint is-warning" role="alert">
              {t.noConnection}
            </p>
          )}
        </main>
        <aside class="map-panel" aria-label={t.map}>
          <MapBeside {...looking} onMap={onMap} />
        </aside>
      </div>
    </SettingContext.Provider>
  )
}

const asIs = (name: string): string => name

/** What the views have found, for the map beside them. */
interface Shown {
  readonly stop?: BoardState['stop']
  readonly journey?: Itinerary | undefined
  readonly areas?: Areas | undefined
}

interface Looking {
  readonly address: Address
  readonly change: (change: Partial<Address>) => void
  readonly city: City | undefined
  readonly question: Question
  readonly shown: Shown
  readonly setShown: (next: (last: Shown) => Shown) => void
}

function Panel({ address, change, city, question, shown, setShown }: Looking) {
  const near = city && pointId(city.lat, city.lon)
  const onStop = useCallback((stop: Shown['stop']) => setShown(last => ({ ...last, stop })), [])
  const onJourney = useCallback((journey: Shown['journey']) => setShown(last => ({ ...last, journey })), [])
  const onAreas = useCallback((areas: Shown['areas']) => setShown(last => ({ ...last, areas })), [])
  if (address.view === 'board')
    return (
      <Departures
        stopId={address.stop ?? city?.busiest?.stopId}
        near={near}
        change={change}
        question={question}
        onStop={onStop}
      />
    )
  if (address.view === 'reach')
    return <Reach address={address} change={change} question={question} near={near} onAreas={onAreas} />
  return (
    <Planner
      address={address}
      change={change}
      question={question}
      near={near}
      streets={city?.streets ?? false}
      chosen={shown.journey}
      onChoose={onJourney}
    />
  )
}

interface DeparturesProps extends Pick<Looking, 'change' | 'question'> {
  readonly stopId: string | undefined
  readonly near: string | undefined
  readonly onStop: (stop: Shown['stop']) => void
}

function Departures({ stopId, near, change, question, onStop }: DeparturesProps) {
  const { t } = useSetting()
  return (
    <>
      <PlaceSearch
        label={t.searchStop}
        labelHidden
        placeholder={t.searchStop}
        place={undefined}
        onChoose={place => place && change({ view: 'board', stop: place.id })}
        near={near}
        onlyStops
      />
      {stopId && <Board key={stopId} stopId={stopId} onStop={onStop} onPlan={question.choose} />}
    </>
  )
}

/** Zoom at which streets can be told apart. */
const NEAR_ENOUGH = 13

function MapBeside({ address, change, city, question, shown, onMap }: Looking & { readonly onMap: boolean }) {
  const isVisible = useWide() || onMap
  const seen = useSeen(isVisible)
  if (!city || !seen) return null
  const { view } = address
  const planning = view === 'journey'
  return (
    <MapPanel
      center={shown.stop ?? city.busiest ?? city}
      zoom={Math.max(city.zoom, NEAR_ENOUGH)}
      visible={isVisible}
      stop={view === 'board' ? shown.stop : undefined}
      journey={planning ? shown.journey : undefined}
      areas={view === 'reach' ? shown.areas : undefined}
      from={view === 'board' ? undefined : question.from}
      to={planning ? question.to : undefined}
      vias={planning ? question.vias : undefined}
      attributions={city.attributions}
      onBoard={stop => change({ view: 'board', stop })}
      question={question}
    />
  )
}

function titleOf({ t }: Setting, view: View, stop: Shown['stop']): string {
  if (view === 'reach') return t.reach.title
  if (view === 'journey') return t.journey
  return stop ? t.departuresAt(stop.name) : t.board
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Freifahrt`
  }, [title])
}
