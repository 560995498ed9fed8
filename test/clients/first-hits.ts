// Is what people mean (typed.ts) what they are shown first?

import { expect } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { EntryType, type Places } from '#engine/places/places.ts'
import { searchPlaces } from '#engine/places/search.ts'

const sign = { [EntryType.stop]: '@', [EntryType.street]: '#', [EntryType.place]: '*' } as const

function first(p: Places, text: string): string {
  const [hit] = searchPlaces(p, { text, limit: 1 })
  if (!hit) return 'nothing'
  const name = textOf(p, p.labelText[p.labelsBegin[hit.entry]!]!)
  const house = hit.address === undefined ? '' : ` ${textOf(p, p.addressNumber[hit.address]!)}`
  return `${sign[p.entryType[hit.entry] as EntryType]}${name}${house}`
}

export function expectMost(p: Places, rows: readonly [string, string][]): void {
  const wrong = rows.flatMap(([typed, meant]) => {
    const found = first(p, typed)
    return found === meant ? [] : [`${typed} → ${found}, not ${meant}`]
  })
  expect(wrong.length / rows.length, wrong.join('\n')).toBeLessThanOrEqual(0.05)
}
