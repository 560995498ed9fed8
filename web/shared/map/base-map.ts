// The ground under the lines: the server's own vector tiles, drawn as its style says. Its lines and stops are left out: the page draws those
// itself, from what it knows better.

import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Api, Theme } from '../api.ts'

const OWN = new Set(['transit-lines', 'transit-stops', 'stop-names'])

export interface BaseMap {
  readonly sources: Readonly<Record<string, SourceSpecification>>
  /** Areas, streets, rails. */
  readonly ground: readonly LayerSpecification[]
  /** Names, to be drawn over the lines. */
  readonly names: readonly LayerSpecification[]
}

/** Nothing where the server has no tiles: lines and stops on plain ground are still a map. */
export async function loadBaseMap(api: Api, theme: Theme): Promise<BaseMap> {
  const style: StyleSpecification | undefined = await api.tileStyle(theme).catch(() => undefined)
  const layers = style?.layers.filter(({ id }) => !OWN.has(id)) ?? []
  return {
    sources: style?.sources ?? {},
    ground: layers.filter(({ type }) => type !== 'symbol'),
    names: layers.filter(({ type }) => type === 'symbol'),
  }
}
