// What a display shows, said by its address alone, so that a browser in a box needs no hands.
//
//   ?stop=ID&stop=ID          one to six stops
//   &layout=landscape|portrait|eink|led      (else by the shape of the screen)
//   &rows=8                   rows a stop
//   &walk=4                   minutes to the stop: what cannot be reached is not shown; once for all stops or once for each
//   &line=U42&platform=2      only these
//   &title=Foyer &lang=de &theme=dark|light
//   &speak=180                reads the board aloud every 180 s; without a number only when a key is pressed
//   &columns=32               characters a row (led)

const LAYOUTS = ['landscape', 'portrait', 'eink', 'led'] as const
export type Layout = (typeof LAYOUTS)[number]

export interface Options {
  readonly stops: readonly { readonly id: string; readonly walkSeconds: number }[]
  readonly layout: Layout
  /** Rows a stop. */
  readonly rows: number
  readonly lines: readonly string[]
  readonly platforms: readonly string[]
  readonly title: string | undefined
  readonly language: string | undefined
  readonly theme: 'dark' | 'light' | undefined
  /** Seconds between two readings aloud; undefined: only when asked. */
  readonly speakEvery: number | undefined
  readonly columns: number
}

const MOST_STOPS = 6
const SHORTEST_SPEECH = 30 // seconds
const ROWS: Readonly<Record<Layout, number>> = { landscape: 9, portrait: 14, eink: 8, led: 4 }

/** Never fails: what cannot be read is left at its default, since nobody stands by to put it right. @param upright is the screen taller than wide? */
export function readOptions(search: string, upright: boolean): Options {
  const query = new URLSearchParams(search)
  const all = (name: string) => query.getAll(name).filter(value => value !== '')
  const walks = all('walk').map(text => within(text, 0, 120) ?? 0)
  const stops = all('stop').slice(0, MOST_STOPS)
  const layout = LAYOUTS.find(name => name === query.get('layout')) ?? (upright ? 'portrait' : 'landscape')
  const theme = query.get('theme')
  const many = Math.max(1, layout === 'landscape' ? 1 : stops.length)
  return {
    stops: stops.map((id, i) => ({ id, walkSeconds: 60 * (walks[i] ?? walks.at(-1) ?? 0) })),
    layout,
    rows: Math.round(within(query.get('rows'), 1, 30) ?? Math.max(2, Math.floor(ROWS[layout] / many))),
    lines: all('line'),
    platforms: all('platform'),
    title: query.get('title') || undefined,
    language: query.get('lang') || undefined,
    theme: theme === 'dark' || theme === 'light' ? theme : undefined,
    speakEvery: within(query.get('speak'), SHORTEST_SPEECH, 86_400),
    columns: Math.round(within(query.get('columns'), 12, 120) ?? 32),
  }
}

function within(text: string | null | undefined, least: number, most: number): number | undefined {
  const value = text ? Number(text) : Number.NaN
  return Number.isNaN(value) ? undefined : Math.min(most, Math.max(least, value))
}
