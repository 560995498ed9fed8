// The gazetteer as a table: everything that can be found by name, with an index of the words of all names in all languages. Built at import,
// so that the first who types waits for nothing.
//
//   word (sorted) ──▶ postings ──▶ label ──▶ entry ──▶ position, importance, area, city
//                                                └──▶ addresses (of streets): house number, position

import Flatbush from 'flatbush'
import { openTable, type Table, type TableFormat } from '../core/columns.ts'

export interface PlaceCounts extends Readonly<Record<string, number>> {
  readonly entries: number
  readonly labels: number
  readonly words: number
  readonly wordBytes: number
  readonly postings: number
  readonly addresses: number
  readonly strings: number
  readonly stringBytes: number
  readonly indexBytes: number
}

/** What an entry is. */
export const EntryType = { stop: 0, street: 1, place: 2 } as const
export type EntryType = (typeof EntryType)[keyof typeof EntryType]

const specOf = (c: PlaceCounts) =>
  ({
    entryType: [Uint8Array, c.entries],
    entryStop: [Uint32Array, c.entries], // of a stop: its row in the timetable; else NONE
    entryCategory: [Uint32Array, c.entries], // StringIdx; what kind of place, or of street
    entryImportance: [Uint8Array, c.entries], // 0 … 255
    entryLat: [Int32Array, c.entries], // 1e-7 degrees
    entryLon: [Int32Array, c.entries],
    entryArea: [Uint32Array, c.entries], // StringIdx; the suburb or village it is in
    entryCity: [Uint32Array, c.entries], // StringIdx
    // entry → range of its labels, the name on the spot first
    labelsBegin: [Uint32Array, c.entries + 1],
    labelEntry: [Uint32Array, c.labels],
    labelText: [Uint32Array, c.labels], // StringIdx
    labelLanguage: [Uint32Array, c.labels], // StringIdx; none: the name on the spot; '-': another name
    labelLetters: [Uint8Array, c.labels], // of its words, without the city's name when there are others
    // word → range of its letters; sorted by bytes
    wordsBegin: [Uint32Array, c.words + 1],
    wordBytes: [Uint8Array, c.wordBytes],
    wordHead: [Uint8Array, c.words], // 1: many names begin with it, as with their city's
    postingsBegin: [Uint32Array, c.words + 1],
    postings: [Uint32Array, c.postings], // labels
    // entry → range of its addresses, sorted by number
    addressesBegin: [Uint32Array, c.entries + 1],
    addressNumber: [Uint32Array, c.addresses], // StringIdx
    addressPostcode: [Uint32Array, c.addresses], // StringIdx
    addressLat: [Int32Array, c.addresses],
    addressLon: [Int32Array, c.addresses],
    stringBegin: [Uint32Array, c.strings + 1],
    stringBytes: [Uint8Array, c.stringBytes],
    // a flatbush of the entries that are no stops, then of the addresses (items entries, entries + 1, …)
    index: [Uint8Array, c.indexBytes],
  }) as const

export const placeFormat: TableFormat<PlaceCounts, ReturnType<typeof specOf>> = {
  name: 'places',
  version: 1,
  countNames: [
    'entries',
    'labels',
    'words',
    'wordBytes',
    'postings',
    'addresses',
    'strings',
    'stringBytes',
    'indexBytes',
  ],
  specOf,
}

export type PlaceTable = Table<PlaceCounts, ReturnType<typeof specOf>>

export interface Places extends Omit<PlaceTable, 'index'> {
  /** Undefined when there is nothing in it. */
  readonly index: Flatbush | undefined
}

/** Attach to a gazetteer that another thread built or that lies in a file. Throws NETWORK_UNREADABLE. */
export function openPlaces(buffer: SharedArrayBuffer): Places {
  const columns = openTable(placeFormat, buffer)
  const { entries, addresses } = columns.counts
  const index = entries + addresses > 0 ? Flatbush.from(buffer, columns.index.byteOffset) : undefined
  return { ...columns, index }
}
