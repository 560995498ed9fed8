// The page: search and board or journeys on one side, the map on the other; on a phone one of the three.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { Api, Areas, Itinerary } from '../shared/api.ts'
import { ConnectionState } from '../shared/connection-state.tsx'
import { Icon } from '../shared/icon.tsx'
import { LanguageChoice } from '../shared/language-choice.tsx'
import type { Board as BoardState } from '../shared/live-channel.ts'
import { type Setting, SettingContext } from '../shared/setting.ts'
import { base, type Shell } from '../shared/start.tsx'
import { timesIn } from '../shared/times.ts'
import type { Texts } from '../texts/de.ts'
import { useAddress, type View } from './address.ts'
import { Board } from './board/board.tsx'
import { useCity } from './city.ts'
import { Planner } from './journey/planner.tsx'
import { MapPanel } from './map-panel.tsx'
import { Reach } from './reach/reach.tsx'
import { PlaceSearch } from './search/place-search.tsx'
import { type ChosenPlace, lookUp, pointId } from './search/places.ts'

/** Zoom at which streets can be told apart. */
const NEAR_ENOUGH = 13
const wide = matchMedia('(min-width: 760px)')

export function App(shell: Shell) {
  const { t, language, api } = shell
  const { city, failed } = useCity(api)
  const [address, change] = useAddress()
  const [onMap, setOnMap] = useState(false)
  const isWide = useMedia(wide)
  const mapSeen = useSeen(isWide || onMap)
  const [stop, setStop] = useState<BoardState['stop']>()
  const [journey, setJourney] = useState<Itinerary>()
  const [areas, setAreas] = useState<Areas>()
  const [places, keepPlace] = usePlaces(api, t, [address.from, address.to])
  const from = address.from ? places.get(address.from) : undefined
  const to = address.to ? places.get(address.to) : undefined
  const zone = stop?.tz ?? city?.zone
  const times = useMemo(() => timesIn(zone, language), [zone, language])
  const short = city?.short ?? asIs
  const setting = useMemo<Setting>(() => ({ ...shell, times, short }), [t, language, api, times, short])

  const stopId = address.stop ?? city?.busiest?.stopId
  const near = city && pointId(city.lat, city.lon)
  const title =
    address.view === 'reach'
      ? t.reach.title
      : address.view === 'board'
        ? stop
          ? t.departuresAt(stop.name)
          : t.board
        : t.journey
  useEffect(() => {
    document.title = `${title} · Freifahrt`
  }, [title])

  const see = (view: View) => {
    setOnMap(false)
    if (view !== address.view) change({ view })
  }
  const choosePlace = useCallback(
    (end: 'from' | 'to', place: ChosenPlace | undefined) => {
      if (place) keepPlace(place)
      change({ view: address.view === 'reach' && end === 'from' ? 'reach' : 'journey', [end]: place?.id })
      setOnMap(false)
    },
    [change, keepPlace, address.view],
  )
  const planWithStop = (end: 'from' | 'to') =>
    stop && choosePlace(end, { id: stop.id, name: stop.name, lat: stop.lat, lon: stop.lon })
  const placeToReachFrom = (place: ChosenPlace | undefined) => {
    if (place) keepPlace(place)
    change({ view: 'reach', from: place?.id })
  }
  const showBoard = (id: string) => {
    change({ view: 'board', stop: id })
    setOnMap(false)
  }

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
        <nav class="views" aria-label={t.views}>
          {(['board', 'journey', 'reach'] as const).map(view => (
            <button
              key={view}
              type="button"
              aria-current={!onMap && address.view === view ? 'page' : undefined}
              onClick={() => see(view)}
            >
              <Icon name={view} />
              {view === 'reach' ? t.reach.view : t[view]}
            </button>
          ))}
          <button
            type="button"
            class="only-narrow"
            aria-current={onMap ? 'page' : undefined}
            onClick={() => setOnMap(true)}
          >
            <Icon name="map" />
            {t.map}
          </button>
        </nav>
        <main id="content" class="panel" tabIndex={-1}>
          {address.view === 'board' ? (
            <>
              <PlaceSearch
                label={t.searchStop}
                labelHidden
                placeholder={t.searchStop}
                place={undefined}
                onChoose={place => place && showBoard(place.id)}
                near={near}
                onlyStops
              />
              {stopId && <Board key={stopId} stopId={stopId} onStop={setStop} onPlan={planWithStop} />}
            </>
          ) : address.view === 'reach' ? (
            <Reach
              address={address}
              change={change}
              from={from}
              near={near}
              onPlace={placeToReachFrom}
              onAreas={setAreas}
            />
          ) : (
            <Planner
              address={address}
              change={change}
              from={from}
              to={to}
              onPlace={choosePlace}
              onSwap={() => change({ from: address.to, to: address.from })}
              near={near}
              streets={city?.streets ?? false}
              chosen={journey}
              onChoose={setJourney}
            />
          )}
          {failed && (
            <p class="hint is-warning" role="alert">
              {t.noConnection}
            </p>
          )}
        </main>
        <aside class="map-panel" aria-label={t.map}>
          {city && mapSeen && (
            <MapPanel
              center={stop ?? city.busiest ?? city}
              zoom={Math.max(city.zoom, NEAR_ENOUGH)}
              visible={isWide || onMap}
              stop={address.view === 'board' ? stop : undefined}
              journey={address.view === 'journey' ? journey : undefined}
              areas={address.view === 'reach' ? areas : undefined}
              from={address.view === 'board' ? undefined : from}
              to={address.view === 'journey' ? to : undefined}
              attributions={city.attributions}
              onBoard={showBoard}
              onPlace={choosePlace}
            />
          )}
        </aside>
      </div>
    </SettingContext.Provider>
  )
}

const asIs = (name: string): string => name

/** The places behind ids in the address; those chosen by hand are known, those from a link are looked up. */
function usePlaces(api: Api, t: Texts, ids: readonly (string | undefined)[]) {
  const [places, setPlaces] = useState<ReadonlyMap<string, ChosenPlace>>(new Map())
  const keep = useCallback((place: ChosenPlace) => setPlaces(last => new Map(last).set(place.id, place)), [])
  const missing = ids.filter(id => id !== undefined && !places.has(id)).join('\n')
  // each unknown place is asked for once; ids may hold blanks
  useEffect(() => {
    for (const id of missing.split('\n').filter(Boolean))
      lookUp(api, t, id).then(keep, () => keep({ id, name: id, lat: Number.NaN, lon: Number.NaN }))
  }, [missing])
  return [places, keep] as const
}

function useMedia(query: MediaQueryList): boolean {
  const [matches, setMatches] = useState(query.matches)
  useEffect(() => {
    const changed = () => setMatches(query.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [query])
  return matches
}

/** True from the first time on that `now` is. */
function useSeen(now: boolean): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!now || seen) return
    // the board first: the map is heavy and can wait for a quiet moment
    const timer = setTimeout(() => setSeen(true), 50)
    return () => clearTimeout(timer)
  }, [now, seen])
  return seen
}
