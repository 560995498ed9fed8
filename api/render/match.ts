// What was found by name as MOTIS' Match.

import type { Match } from '#api/contract/geocode.ts'
import { E7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { foldWords, wordsOf } from '#engine/places/fold.ts'
import { EntryType, type Places } from '#engine/places/places.ts'
import type { PlaceHit } from '#engine/places/search.ts'
import { stopPlace, type View } from './place.ts'
import { stopModes } from './stops.ts'

export function typeOfEntry(p: Places, entry: number): Match['type'] {
  const type = p.entryType[entry]
  if (type === EntryType.stop) return 'STOP'
  return type === EntryType.street ? 'ADDRESS' : 'PLACE'
}

/** Of what is no stop the id is its coordinate, which plan takes as a place. */
export function renderMatch(view: View, p: Places, { entry, address, score }: PlaceHit, typed: string): Match {
  const type = typeOfEntry(p, entry)
  const shared = { areas: areasOf(p, entry, typed), score: Math.round(score * 1000) / 1000 }
  const importance = Math.round((p.entryImportance[entry]! / 255) * 1000) / 1000
  if (type === 'STOP') {
    const stop = p.entryStop[entry] as StopIdx
    const { name, stopId, lat, lon, tz } = stopPlace(view, stop)
    const modes = stopModes(view.horizon.timetable, stop, 6)
    return { type, tokens: tokensOf(name, typed), name, id: stopId!, lat, lon, ...shared, tz, modes, importance }
  }
  const street = nameIn(p, entry, view.language)
  const houseNumber = address === undefined ? undefined : textOf(p, p.addressNumber[address]!)
  const name = houseNumber === undefined ? street : `${street} ${houseNumber}`
  const [latE7, lonE7] =
    address === undefined ? [p.entryLat[entry]!, p.entryLon[entry]!] : [p.addressLat[address]!, p.addressLon[address]!]
  const [lat, lon] = [latE7 / E7, lonE7 / E7]
  return {
    type,
    tokens: tokensOf(name, typed),
    name,
    id: `${lat},${lon}`,
    lat,
    lon,
    ...shared,
    category: type === 'PLACE' ? textOf(p, p.entryCategory[entry]!) : undefined,
    street: type === 'ADDRESS' ? street : undefined,
    houseNumber,
    zip: (address !== undefined && textOf(p, p.addressPostcode[address]!)) || undefined,
    importance,
  }
}

/** In the first of these languages that it has a name in, else the name on the spot. */
function nameIn(p: Places, entry: number, languages: readonly string[]): string {
  for (const asked of languages)
    for (const language of new Set([asked, asked.split('-')[0]]))
      for (let l = p.labelsBegin[entry]!; l < p.labelsBegin[entry + 1]!; l++)
        if (p.labelLanguage[l] !== 0 && textOf(p, p.labelLanguage[l]!) === language) return textOf(p, p.labelText[l]!)
  return textOf(p, p.labelText[p.labelsBegin[entry]!]!)
}

/** Suburb and city, by OSM's levels of administration. */
function areasOf(p: Places, entry: number, typed: string): Match['areas'] {
  const words = foldWords(typed)
  const area = (name: string, adminLevel: number, isDefault: boolean) => ({
    name,
    adminLevel,
    matched: foldWords(name).some(word => words.some(t => word.startsWith(t))),
    ...(isDefault && { default: true }),
  })
  const [suburb, city] = [p.entryArea[entry]!, p.entryCity[entry]!].map(i => textOf(p, i))
  return [...(suburb ? [area(suburb, 10, city === '')] : []), ...(city ? [area(city, 8, true)] : [])]
}

/** [start, length] of each word of the name that begins with a word typed; a word written otherwise counts whole. */
function tokensOf(name: string, typed: string): number[][] {
  const words = foldWords(typed)
  const raw = typed
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(word => word !== '')
  const found: number[][] = []
  for (const { word, at, length } of wordsOf(name)) {
    const plain = name.slice(at, at + length).toLowerCase()
    const asTyped = raw.filter(t => plain.startsWith(t)).reduce((n, t) => Math.max(n, t.length), 0)
    if (asTyped > 0) found.push([at, asTyped])
    else if (words.some(t => word.startsWith(t))) found.push([at, length])
  }
  return found
}
