// Accidents with people hurt, as the German Unfallatlas publishes them: one row each, `;` between cells, decimal commas. Other rows and
// columns may be there; what is no place or hurt neither a cyclist nor a pedestrian is counted and left out.
// https://unfallatlas.statistikportal.de (columns: UKATEGORIE 1 killed, 2 seriously, 3 slightly hurt; XGCSWGS84 longitude, YGCSWGS84 latitude)

import { FreifahrtError } from '#engine/core/errors.ts'
import { toE7 } from '#engine/core/geo.ts'

export interface Accident {
  /** 1e-7 degrees */
  readonly lat: number
  readonly lon: number
  /** 1 slightly hurt, 2 seriously, 4 killed */
  readonly weight: number
}

export interface AccidentReport {
  readonly rows: number
  /** Why left out → how often. */
  readonly dropped: Readonly<Record<'badPlace' | 'badCategory' | 'onlyVehicles', number>>
}

const COLUMNS = ['UKATEGORIE', 'IstRad', 'IstFuss', 'XGCSWGS84', 'YGCSWGS84'] as const
const WEIGHT = new Map([
  ['1', 4],
  ['2', 2],
  ['3', 1],
])

/** Throws FEED_MISSING_COLUMN. @param where the file, for errors */
export function readAccidents(text: string, where: string): { accidents: Accident[]; report: AccidentReport } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const header = (lines[0] ?? '').split(';').map(cell => cell.trim().replaceAll('"', '').toUpperCase())
  const at = COLUMNS.map(name => {
    // some years write IstStrasse, ISTFUSS, IstFuß …
    const column = header.indexOf(name.toUpperCase())
    if (column < 0) throw new FreifahrtError('FEED_MISSING_COLUMN', where, `no column ${name}; columns are parted by ;`)
    return column
  })
  const dropped = { badPlace: 0, badCategory: 0, onlyVehicles: 0 }
  const accidents: Accident[] = []
  let rows = 0
  for (const line of lines.slice(1)) {
    if (line.trim() === '') continue
    rows++
    const cells = line.split(';').map(cell => cell.trim().replaceAll('"', ''))
    const [category, bike, foot, x, y] = at.map(column => cells[column] ?? '') as [
      string,
      string,
      string,
      string,
      string,
    ]
    const [lon, lat] = [x, y].map(degrees => (degrees === '' ? Number.NaN : Number(degrees.replace(',', '.')))) as [
      number,
      number,
    ]
    const weight = WEIGHT.get(category)
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) dropped.badPlace++
    else if (weight === undefined) dropped.badCategory++
    else if (bike !== '1' && foot !== '1') dropped.onlyVehicles++
    else accidents.push({ lat: toE7(lat), lon: toE7(lon), weight })
  }
  return { accidents, report: { rows, dropped } }
}
