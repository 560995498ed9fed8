// The growth of times and memory with the number of stop times as an SVG, both axes logarithmic: what grows in proportion is a straight
// line as steep as the grey ones.

import type { Figures } from './measure.ts'

const [WIDTH, HEIGHT, LEFT, TOP, PLOT, RIGHT] = [860, 440, 70, 40, 340, 250]

interface Curve {
  readonly name: string
  readonly color: string
  readonly of: (f: Figures) => number
}

const CURVES: readonly Curve[] = [
  { name: 'import, ms of CPU', color: '#1f6feb', of: f => f.importCpu * 1000 },
  { name: 'import, most memory, MB', color: '#8250df', of: f => f.importRss / 1e6 },
  { name: 'one service day compiled, ms', color: '#bf8700', of: f => f.day },
  { name: '2-hour range anywhere, ms', color: '#cf222e', of: f => f.far.range },
  { name: 'network on disk, MB', color: '#57606a', of: f => f.disk / 1e6 },
  { name: 'open, ms', color: '#1a7f37', of: f => f.open },
  { name: '2-hour range within 50 km, ms', color: '#d4408e', of: f => f.near.range },
]

export function growthPlot(figures: readonly Figures[]): string {
  const xs = figures.map(f => Math.log10(f.stopTimes))
  const [first, last] = [Math.floor(Math.min(...xs)), Math.ceil(Math.max(...xs))]
  const values = CURVES.flatMap(({ of }) => figures.map(of)).map(value => Math.log10(Math.max(value, 0.1)))
  const [low, high] = [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))]
  const width = WIDTH - LEFT - RIGHT
  const x = (log: number): number => LEFT + ((log - first) / (last - first)) * width
  const y = (log: number): number => TOP + PLOT - ((log - low) / (high - low)) * PLOT
  const parts: string[] = []
  const line = (x1: number, y1: number, x2: number, y2: number): void =>
    void parts.push(
      `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#d0d7de"/>`,
    )
  const text = (at: number, row: number, words: string, rest = ''): void =>
    void parts.push(`<text x="${at.toFixed(1)}" y="${row.toFixed(1)}" ${rest}>${words}</text>`)
  for (let log = first; log <= last; log++) {
    line(x(log), TOP, x(log), TOP + PLOT)
    text(x(log), TOP + PLOT + 20, power(log), 'text-anchor="middle"')
  }
  for (let log = low; log <= high; log++) {
    line(LEFT, y(log), LEFT + width, y(log))
    text(LEFT - 8, y(log) + 4, power(log), 'text-anchor="end"')
  }
  // proportional growth through each power of ten
  for (let log = low - (last - first); log < high; log++) {
    const end = Math.min(last, first + high - log)
    const begin = Math.max(first, first + low - log)
    if (end > begin) line(x(begin), y(log + begin - first), x(end), y(log + end - first))
  }
  text(LEFT + width / 2, TOP + PLOT + 42, 'stop times', 'text-anchor="middle"')
  const ends = CURVES.map(({ of }) => y(Math.log10(Math.max(of(figures.at(-1)!), 0.1)))).map((at, i) => ({ at, i }))
  // labels keep a line's distance from each other
  ends.sort((a, b) => a.at - b.at)
  let free = TOP
  for (const { at, i } of ends) {
    const { name, color, of } = CURVES[i]!
    const points = figures.map((f, k) => `${x(xs[k]!).toFixed(1)},${y(Math.log10(Math.max(of(f), 0.1))).toFixed(1)}`)
    parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`)
    for (const point of points) {
      const [cx, cy] = point.split(',')
      parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`)
    }
    free = Math.max(free + 18, at)
    text(LEFT + width + 12, free + 4, name, `fill="${color}"`)
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="15">A synthetic country: how import, memory and search grow</text>
${parts.join('\n')}
</svg>
`
}

const power = (log: number): string =>
  log < 0
    ? `0.${'0'.repeat(-log - 1)}1`
    : log < 6
      ? (10 ** log).toLocaleString('en')
      : `${(10 ** (log - 6)).toLocaleString('en')} M`
