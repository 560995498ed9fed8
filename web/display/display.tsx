// The display: boards of the stops in its address, moving by themselves, with or without a server. Nobody needs to touch it.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Api } from '../shared/api.ts'
import { useConnection } from '../shared/connection.ts'
import { renewIfOther } from '../shared/renew.ts'
import { SettingContext, useSetting } from '../shared/setting.ts'
import { shortenerWithout } from '../shared/short-names.ts'
import { base, type Shell } from '../shared/start.tsx'
import { storage } from '../shared/storage.ts'
import { useNow } from '../shared/ticker.ts'
import { timesIn } from '../shared/times.ts'
import { useCommonStart } from '../shared/use-common-start.ts'
import { LedWall } from './led-wall.tsx'
import type { Options } from './options.ts'
import { silenceOf } from './rows.ts'
import { useSpeech } from './speech.ts'
import { inputAt, type KnownStop, useStops } from './use-stops.ts'
import { stopView } from './view.ts'
import { Wall } from './wall.tsx'
import { spokenText } from './words.ts'

const LOOK_EVERY = 3600 // seconds, between two looks for another build of this page
const LOOK_WITHIN = 60 // seconds after a connection, so that all displays of a city do not come at once

/** Paper is drawn anew once a minute, and only where something changed. */
const EINK_EVERY = 60 // seconds

export function Display({ options, ...shell }: Shell & { readonly options: Options }) {
  const { t, language, api } = shell
  const stops = useStops(options, shell)
  const zone = useZone(api, stops.find(({ board }) => board?.stop?.tz)?.board?.stop?.tz)
  const times = useMemo(() => timesIn(zone, language), [zone, language])
  const start = useCommonStart(api)
  const short = useMemo(() => shortenerWithout(start), [start])
  const setting = useMemo(() => ({ ...shell, times, short }), [t, language, api, times, short])
  if (options.stops.length === 0)
    return (
      <main class="display-problem">
        <p>{t.display.noStop}</p>
        <p>
          <a href={base}>{t.display.toStart}</a>
        </p>
      </main>
    )
  return (
    <SettingContext.Provider value={setting}>
      <Picture options={options} stops={stops} />
    </SettingContext.Provider>
  )
}

/** Nobody reloads a display: it takes over another build of itself, at the latest an hour after it is there. */
function useRenewal(connected: boolean): void {
  useEffect(() => {
    if (!connected) return
    const first = setTimeout(() => renewIfOther(), Math.random() * LOOK_WITHIN * 1000)
    const hourly = setInterval(() => renewIfOther(), LOOK_EVERY * 1000)
    return () => {
      clearTimeout(first)
      clearInterval(hourly)
    }
  }, [connected])
}

const KEPT_ZONE = 'freifahrt.zone'

/** The stop's own time zone, else the city's, else the one that was true when there last was a server. */
function useZone(api: Api, ofStop: string | undefined): string | undefined {
  const [ofCity, setOfCity] = useState(storage.getItem(KEPT_ZONE) ?? undefined)
  useEffect(() => {
    api.feeds().then(
      ({ feeds }) => setOfCity(feeds[0]?.tz),
      () => {}, // what was kept is still true
    )
  }, [api])
  const zone = ofStop ?? ofCity
  useEffect(() => {
    if (zone) storage.setItem(KEPT_ZONE, zone)
  }, [zone])
  return zone
}

interface PictureProps {
  readonly options: Options
  readonly stops: readonly KnownStop[]
}

function Picture({ options, stops }: PictureProps) {
  const { t, times, language, live } = useSetting()
  const seconds = useNow()
  const connected = useConnection().state === 'open'
  useRenewal(connected)
  const lastThere = useRef(live.now())
  if (connected) lastThere.current = seconds
  const paper = options.layout === 'eink'
  const now = paper ? Math.floor(seconds / EINK_EVERY) * EINK_EVERY : seconds
  const known = stops.filter(({ board }) => board?.state === 'known').length
  // paper waits for the minute, everything else follows what is known
  const views = useMemo(
    () =>
      stops.map(stop => {
        const silence = silenceOf(stop.board, connected ? undefined : lastThere.current, seconds)
        return stopView(inputAt(stop, seconds), options, silence, now)
      }),
    paper ? [now, known, options] : [now, stops, connected, options],
  )
  const title = options.title ?? views.map(view => view.name ?? '').join(' · ')
  useEffect(() => {
    document.title = `${title || '…'} · Freifahrt`
  }, [title])
  const spoken = spokenText(t, times, views, now)
  const speak = useSpeech(spoken, language, options.speakEvery)
  return options.layout === 'led' ? (
    <LedWall options={options} stops={views} now={now} spoken={spoken} />
  ) : (
    <Wall options={options} title={options.title} stops={views} now={now} spoken={spoken} onSpeak={speak} />
  )
}
