// Pictures for the docs: one way as each traveller goes it, and how far one gets on foot and rolling.
//
//   node bench/streets-plot.ts HEIDELBERG.osm.pbf     writes docs/img/routes.svg and docs/img/isochrones.svg

import { writeFileSync } from 'node:fs'
import { placeNear } from '#engine/street/ends.ts'
import { isochrones } from '#engine/street/isochrone.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, type StreetSearch, travelAs } from '#engine/street/search.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { type StreetLine, stopsOnly, streetLines } from '../test/helpers/streets.ts'

const map = process.argv[2]
if (!map) throw new Error('usage: node bench/streets-plot.ts HEIDELBERG.osm.pbf')

const WIDTH = 900
const HEIGHT = 480
const FONT = 'font-family="system-ui, sans-serif" font-size="13"'
type Point = { readonly lat: number; readonly lon: number }
const at = (lat: number, lon: number): Point => ({ lat: Math.round(lat * 1e7), lon: Math.round(lon * 1e7) })

/** Heidelberg: north of the river, and the old town. */
const FROM = at(49.4163, 8.6775)
const TO = at(49.4101, 8.7065)
const CENTRE = at(49.4094, 8.6943)

interface Frame {
  readonly x: (lon: number) => number
  readonly y: (lat: number) => number
  readonly streets: readonly StreetLine[]
}

/** A frame around a middle, so many metres across. */
function frameAround(search: StreetSearch, middle: Point, metres: number): Frame {
  const unit = 0.011_119_508 // metres in 1e-7 degrees of latitude
  const shrink = Math.cos((middle.lat / 1e7) * (Math.PI / 180))
  const [half, tall] = [metres / unit / shrink / 2, (metres * HEIGHT) / WIDTH / unit / 2]
  const box = { west: middle.lon - half, east: middle.lon + half, south: middle.lat - tall, north: middle.lat + tall }
  const minor = new Set([
    'service',
    'footway',
    'path',
    'track',
    'sidewalk',
    'crossing',
    'corridor',
    'platform',
    'busway',
  ])
  return {
    x: lon => Math.round(((lon - box.west) / (box.east - box.west)) * WIDTH),
    y: lat => Math.round(((box.north - lat) / (box.north - box.south)) * HEIGHT),
    streets: streetLines(search.graph, box).filter(street => !minor.has(street.kind)),
  }
}

function line({ x, y }: Frame, points: readonly number[]): string {
  const parts: string[] = []
  let last = ''
  for (let i = 0; i < points.length; i += 2) {
    const next = `${x(points[i + 1]!)} ${y(points[i]!)}`
    if (next !== last) parts.push(next)
    last = next
  }
  return parts.length > 1 ? `M${parts.join('L')}` : ''
}

const picture = (frame: Frame, title: string, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fcfbf8"/>
<path d="${frame.streets.map(street => line(frame, street.points)).join('')}" fill="none" stroke="#d5d1c8" stroke-width="1.2"/>
${content}
<text x="${WIDTH - 8}" y="${HEIGHT - 8}" text-anchor="end" ${FONT} fill="#777">© OpenStreetMap contributors</text>
</svg>
`

function routesPicture(search: StreetSearch): string {
  const middle = { lat: (FROM.lat + TO.lat) / 2, lon: (FROM.lon + TO.lon) / 2 }
  const frame = frameAround(search, middle, 3200)
  const travellers = [
    ['on foot', Profile.foot, '#1b7837'],
    ['wheelchair', Profile.wheelchair, '#762a83'],
    ['by bike, quickest', withChanges(Profile.bike, { weights: { safety: 0, flat: 0 } }), '#e08214'],
    ['by bike, safe', withChanges(Profile.bike, { weights: { safety: 1 } }), '#2166ac'],
    ['by car', Profile.car, '#b2182b'],
  ] as const
  const drawn = travellers.flatMap(([name, profile, color], i) => {
    const path = streetPath(search, FROM, TO, { profile, maxSeconds: 4 * 3600, maxMatchingDistance: 250 })
    if (!path) return []
    const label = `${name}: ${(path.metres / 1000).toFixed(1)} km, ${Math.round(path.seconds / 60)} min`
    return [
      `<path d="${line(frame, path.points)}" fill="none" stroke="${color}" stroke-width="${6 - i * 0.7}" stroke-opacity=".75" stroke-linejoin="round"/>
<rect x="12" y="${16 + 20 * i}" width="22" height="5" fill="${color}"/><text x="42" y="${23 + 20 * i}" ${FONT}>${label}</text>`,
    ]
  })
  const legend = `<rect x="4" y="4" width="250" height="${12 + 20 * drawn.length}" fill="#fff" fill-opacity=".9"/>`
  const routes = drawn.map(text => text.split('\n')[0]).join('\n')
  const labels = drawn.map(text => text.split('\n')[1]).join('\n')
  const dots = [FROM, TO].map(p => `<circle cx="${frame.x(p.lon)}" cy="${frame.y(p.lat)}" r="6" fill="#222"/>`).join('')
  return picture(
    frame,
    'One way through Heidelberg as five travellers go it',
    `${routes}\n${dots}\n${legend}\n${labels}`,
  )
}

function isochronePicture(search: StreetSearch): string {
  const frame = frameAround(search, CENTRE, 4200)
  const rings = [300, 600, 900]
  const drawn = (
    [
      [Profile.foot, '#1b7837', 'fill'],
      [Profile.wheelchair, '#762a83', 'line'],
    ] as const
  ).map(([profile, color, style]) => {
    travelAs(search, profile)
    const place = placeNear(search, CENTRE, 250)!
    const areas = isochrones(search, [{ place, ms: 0 }], { profile, rings, reverse: false })
    return areas
      .map(({ polygons }) => {
        const d = polygons
          .flatMap(polygon =>
            polygon.map(
              ring =>
                `${line(
                  frame,
                  ring.map((_, i) => ring[i ^ 1]! * 1e7),
                )}Z`,
            ),
          )
          .join('')
        return style === 'fill'
          ? `<path d="${d}" fill="${color}" fill-opacity=".22" fill-rule="evenodd"/>`
          : `<path d="${d}" fill="none" stroke="${color}" stroke-width="1.6" fill-rule="evenodd"/>`
      })
      .join('\n')
  })
  const dot = `<circle cx="${frame.x(CENTRE.lon)}" cy="${frame.y(CENTRE.lat)}" r="6" fill="#222"/>`
  const legend = `<rect x="4" y="4" width="330" height="52" fill="#fff" fill-opacity=".9"/>
<rect x="12" y="14" width="22" height="12" fill="#1b7837" fill-opacity=".4"/><text x="42" y="25" ${FONT}>5, 10 and 15 minutes on foot</text>
<path d="M12 40h22" stroke="#762a83" stroke-width="2"/><text x="42" y="45" ${FONT}>the same in a wheelchair, as far as is mapped</text>`
  return picture(frame, 'How far one gets from Bismarckplatz in Heidelberg', `${drawn.join('\n')}\n${dot}\n${legend}`)
}

const { graph } = await loadOsm(map)
const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly([])))
writeFileSync('docs/img/routes.svg', routesPicture(search))
writeFileSync('docs/img/isochrones.svg', isochronePicture(search))
