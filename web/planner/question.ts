// Where from, by way of what, where to: the places behind the ids in the address, and what a rider does with them.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { Api } from '../shared/api.ts'
import type { Texts } from '../texts/de.ts'
import type { Address } from './address.ts'
import { type ChosenPlace, lookUp } from './search/places.ts'

/** As many as the server takes. */
export const MOST_VIAS = 8

/** A place on the way. */
export interface Via {
  readonly place: ChosenPlace
  /** Minutes to be spent there, at least. */
  readonly stay: number
}

export interface Question {
  readonly from: ChosenPlace | undefined
  readonly to: ChosenPlace | undefined
  readonly vias: readonly Via[]
  choose(end: 'from' | 'to', place: ChosenPlace | undefined): void
  changeVias(vias: readonly Via[]): void
  /** From the end to the beginning. */
  turnRound(): void
}

export function useQuestion(
  api: Api,
  t: Texts,
  address: Address,
  change: (change: Partial<Address>) => void,
): Question {
  const { view, from, to, vias } = address
  const [places, keep] = usePlaces(api, t, [from, to, ...vias.map(({ id }) => id)])
  return useMemo(
    () => ({
      from: from === undefined ? undefined : places.get(from),
      to: to === undefined ? undefined : places.get(to),
      vias: vias.map(({ id, stay }) => ({ place: places.get(id) ?? { ...nowhere, id, name: '' }, stay })),
      choose(end, place) {
        if (place) keep(place)
        change({ view: view === 'reach' && end === 'from' ? 'reach' : 'journey', [end]: place?.id })
      },
      changeVias(next) {
        for (const { place } of next) keep(place)
        change({ view: 'journey', vias: next.map(({ place, stay }) => ({ id: place.id, stay })) })
      },
      turnRound: () => change({ from: to, to: from, vias: vias.toReversed() }),
    }),
    [view, from, to, vias, places, keep, change],
  )
}

const nowhere = { lat: Number.NaN, lon: Number.NaN }

/** The places behind ids in the address; those chosen by hand are known, those from a link are looked up. */
function usePlaces(api: Api, t: Texts, ids: readonly (string | undefined)[]) {
  const [places, setPlaces] = useState<ReadonlyMap<string, ChosenPlace>>(new Map())
  const keep = useCallback((place: ChosenPlace) => setPlaces(last => new Map(last).set(place.id, place)), [])
  const missing = ids.filter(id => id !== undefined && !places.has(id)).join('\n')
  // each unknown place is asked for once; ids may hold blanks
  useEffect(() => {
    for (const id of missing.split('\n').filter(Boolean))
      lookUp(api, t, id).then(keep, () => keep({ ...nowhere, id, name: id }))
  }, [missing])
  return [places, keep] as const
}
