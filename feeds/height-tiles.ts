// SRTM tiles in a folder, as they are handed out: N51E007.hgt, N51E007.SRTMGL1.hgt.zip (NASA), N51/N51E007.hgt.gz (Tilezen's terrain tiles),
// M32/N51E007.hgt (viewfinderpanoramas.org). Folders inside are looked into, several tiles in one zip are not.

import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7 } from '#engine/core/geo.ts'
import { type HeightAt, heightsFrom, MOST_TILE_BYTES, readTile, STEP, type Tile, tileName } from './elevation.ts'
import { openZip, zipLimits } from './gtfs/zip.ts'

export interface Heights {
  readonly heightAt: HeightAt
  readonly report: {
    readonly heightTiles: number
    /** Squares of the map without a tile: the sea, or not fetched. */
    readonly withoutHeights: number
  }
}

/** A square of the sea packs a thousand to one; what is read of a zip is bounded by the size of a tile. */
const limits = { ...zipLimits, inflated: Number.POSITIVE_INFINITY, ratio: Number.POSITIVE_INFINITY }

/** The tiles in which places lie (1e-7 degrees). Throws FILE_MISSING (no folder, none of the tiles), FEED_BAD_VALUE, FEED_UNREADABLE, FEED_TOO_LARGE. */
export async function openHeights(folder: string, lats: Int32Array, lons: Int32Array): Promise<Heights> {
  const wanted = tilesAround(lats, lons)
  const files = await tilesIn(folder)
  const found = wanted.filter(name => files.has(name))
  if (found.length === 0)
    throw new FreifahrtError('FILE_MISSING', folder, `no .hgt tile of the map, which lies in ${listOf(wanted)}`)
  const tiles = new Map<string, Tile>()
  for (const name of found) tiles.set(name, await open(files.get(name)!, name))
  return {
    heightAt: heightsFrom(name => tiles.get(name)),
    report: { heightTiles: found.length, withoutHeights: wanted.length - found.length },
  }
}

/** Who asks at the border reads a height further on as well. */
function tilesAround(lats: Int32Array, lons: Int32Array): string[] {
  const names = new Map<number, string>()
  for (let i = 0; i < lats.length; i++)
    for (const lat of [lats[i]! - STEP, lats[i]! + STEP])
      for (const lon of [lons[i]! - STEP, lons[i]! + STEP]) {
        const [south, west] = [Math.floor(lat / E7), Math.floor(lon / E7)]
        names.getOrInsertComputed(south * 360 + west, () => tileName(south, west))
      }
  return [...names.values()].sort()
}

const listOf = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} … (${names.length})` : names.join(', ')

/** Name → path; of several with one name the first by path. */
async function tilesIn(folder: string): Promise<Map<string, string>> {
  const paths = await readdir(folder, { recursive: true }).catch(() => {
    throw new FreifahrtError('FILE_MISSING', folder, 'no such folder of .hgt tiles')
  })
  const files = new Map<string, string>()
  for (const path of paths.sort()) {
    const name = /^([NS]\d{2}[EW]\d{3})(\.[^.]+)?\.hgt(\.gz|\.zip)?$/i.exec(basename(path))?.[1]?.toUpperCase()
    if (name !== undefined && !files.has(name)) files.set(name, join(folder, path))
  }
  return files
}

async function open(path: string, name: string): Promise<Tile> {
  const bytes = /\.zip$/i.test(path) ? await unzip(path, name) : await unpacked(path)
  return readTile(bytes, basename(path))
}

async function unpacked(path: string): Promise<Uint8Array> {
  const { size } = await stat(path)
  if (size > MOST_TILE_BYTES) throw tooLarge(path, size)
  const bytes = await readFile(path)
  if (!/\.gz$/i.test(path)) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_TILE_BYTES })
  } catch (error) {
    throw new FreifahrtError('FEED_UNREADABLE', basename(path), (error as Error).message)
  }
}

async function unzip(path: string, name: string): Promise<Uint8Array> {
  const isTile = (entry: string): boolean => basename(entry).toUpperCase().startsWith(name) && /\.hgt$/i.test(entry)
  const zip = await openZip(path, limits, entries => new Map(entries.filter(e => isTile(e.name)).map(e => [e.name, e])))
  try {
    const [entry] = zip.files
    if (!entry) throw new FreifahrtError('FEED_UNREADABLE', basename(path), `it holds no ${name}.hgt`)
    const [file, size] = entry
    if (size > MOST_TILE_BYTES) throw tooLarge(path, size)
    return Buffer.concat(await Array.fromAsync(zip.read(file)))
  } finally {
    await zip.close()
  }
}

const tooLarge = (path: string, size: number): FreifahrtError =>
  new FreifahrtError('FEED_BAD_VALUE', basename(path), `${size} bytes; an SRTM tile has at most ${MOST_TILE_BYTES}`)
