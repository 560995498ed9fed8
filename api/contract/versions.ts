// What differs between the MOTIS API versions 1 … 6 (wire format, version aliases). Everything else is version 6.

import type { Mode } from './common.ts'

export type ApiVersion = 1 | 2 | 3 | 4 | 5 | 6

/** Decimals kept in encoded polylines. */
export const polylinePrecision = (version: number): number => (version === 1 ? 7 : 6)

/** v1 and v2 count rides, later ones changes. */
export const transfersFromParameter = (version: number, maxTransfers: number): number =>
  version <= 2 ? Math.max(0, maxTransfers - 1) : maxTransfers

/** Before v4 there is no separate displayName: routeShortName carries it. */
export const displayNameIsShortName = (version: number): boolean => version < 4

/** Before v6 a level is always there, 0 when nobody knows it. */
export const levelAlways = (version: number): boolean => version < 6

/** v5 renamed two modes. */
export function modeInVersion(mode: Mode, version: number): Mode {
  if (version >= 5) return mode
  if (mode === 'SUBURBAN') return 'METRO'
  return mode === 'AERIAL_LIFT' ? 'AREAL_LIFT' : mode
}

/** One spelling for the modes that clients may ask for. */
function canonicalMode(mode: string): string {
  if (mode === 'METRO') return 'SUBURBAN'
  if (mode === 'AREAL_LIFT') return 'AERIAL_LIFT'
  return mode === 'CABLE_CAR' ? 'FUNICULAR' : mode
}

/** Which modes, in any version's spelling, a client's list means; undefined: all. RAIL stands for all trains but the suburban ones. */
export function wantedModes(asked: readonly string[]): ((mode: string) => boolean) | undefined {
  const wanted = new Set(asked.map(canonicalMode))
  if (wanted.has('TRANSIT')) return undefined
  if (wanted.has('RAIL'))
    for (const rail of ['HIGHSPEED_RAIL', 'LONG_DISTANCE', 'NIGHT_RAIL', 'REGIONAL_RAIL']) wanted.add(rail)
  return mode => wanted.has(canonicalMode(mode))
}

/** `/api/v{versions}/name` → one path for each. */
export const paths = (name: string, ...versions: readonly ApiVersion[]): { url: string; version: ApiVersion }[] =>
  versions.map(version => ({ url: `/api/v${version}/${name}`, version }))
