// SRTM tiles, by the format's published facts (SRTM User Guide, 2.1): what a height is, where it lies, what a file is called.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { heightsFrom, readTile, type Tile, tileName } from '#feeds/elevation.ts'
import { openHeights } from '#feeds/height-tiles.ts'
import { tileOf } from '../helpers/heights.ts'
import { zipOf } from '../helpers/zip.ts'

const E7 = 1e7
const ask = (tiles: Readonly<Record<string, Tile>>) => {
  const heightAt = heightsFrom(name => tiles[name])
  return (lat: number, lon: number) => heightAt(Math.round(lat * E7), Math.round(lon * E7))
}
const tile = (side: number, metres: (row: number, column: number) => number): Tile =>
  readTile(tileOf(side, metres), 'tile')

test('named by the south-west corner, south and west of zero as well', () => {
  const names = [
    [51, 7, 'N51E007'],
    [0, 0, 'N00E000'],
    [-1, -1, 'S01W001'],
    [-34, -71, 'S34W071'],
    [-90, 179, 'S90E179'],
    [9, -180, 'N09W180'],
  ] as const
  for (const [south, west, name] of names) expect(tileName(south, west)).toBe(name)
})

describe.each([1201, 3601])('%i heights a side', side => {
  const last = side - 1
  // 10 m for each row from the north, 1 m for each column from the west: the four corners differ
  const corners = tile(side, (row, column) => (row === last ? 100 : 0) + (column === last ? 10 : 0) + 1)

  test('the first row is the north, the last column the east', () => {
    const at = ask({ N51E007: corners })
    expect([at(51, 7), at(51.9999999, 7)]).toEqual([101, expect.closeTo(1, 1)])
    expect(at(51, 7.9999999)).toBeCloseTo(111, 1)
    // half way between the last two rows and columns: a quarter of each of their heights
    expect(at(51 + 0.5 / last, 7 + (last - 0.5) / last)).toBeCloseTo((1 + 11 + 101 + 111) / 4, 1)
    expect(at(51 + 1 / last, 7.5)).toBeCloseTo(1, 1)
  })

  test.each([
    ['S34W071', -34, -71],
    ['S01E036', -1, 36],
    ['N40W089', 40, -89],
  ])('%s: its corners lie where they lie north and east of zero', (name, south, west) => {
    const at = ask({ [name]: corners })
    expect(at(south, west)).toBe(101)
    expect(at(south + 0.9999999, west)).toBeCloseTo(1, 1)
    expect(at(south, west + 0.9999999)).toBeCloseTo(111, 1)
    expect([at(south - 0.0000001, west), at(south, west - 0.0000001), at(south + 1, west)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

test('big-endian and signed: below the sea, high mountains, −32768 a hole', () => {
  const height = (metres: number) => ask({ N31E035: tile(1201, () => metres) })(31.5, 35.5)
  expect([-430, 0, 255, 256, 8848, -32_767].map(height)).toEqual([-430, 0, 255, 256, 8848, -32_767])
  expect(height(-32_768)).toBeUndefined()
  // beside a hole nothing is made up
  const holed = ask({ N31E035: tile(1201, (row, column) => (row === 600 && column === 600 ? -32_768 : 7)) })
  const step = 1 / 1200
  expect([holed(31.5, 35.5), holed(31.5 + step / 2, 35.5 - step / 2), holed(31.5 - 1.5 * step, 35.5)]).toEqual([
    undefined,
    undefined,
    7,
  ])
})

test('neighbours share the heights on their rim: no step from one to the next', () => {
  // one surface over four tiles, in metres of the distance from their common corner, 51 N 7 E
  const surface = (north: number, east: number) => Math.round(1000 + 500 * north + 300 * east)
  const part = (south: number, west: number): Tile =>
    tile(1201, (row, column) => surface(south + 1 - row / 1200 - 51, west + column / 1200 - 7))
  const at = ask({ N50E006: part(50, 6), N50E007: part(50, 7), N51E006: part(51, 6), N51E007: part(51, 7) })
  for (const [north, east] of [
    [0, 0.3],
    [0, -0.7],
    [0.4, 0],
    [-0.2, 0],
    [0, 0],
  ] as const)
    for (const off of [-1e-6, 0, 1e-6]) {
      const [lat, lon] = [north + (north === 0 ? off : 0), east + (east === 0 ? off : 0)]
      expect(Math.abs(at(51 + lat, 7 + lon)! - surface(lat, lon))).toBeLessThan(1)
    }
})

test.each([0, 2, 2_884_801, 1200 * 1200 * 2, 3601 * 1801 * 2, 25_934_404])(
  '%i bytes are no tile, and that is said',
  bytes => {
    expect(() => readTile(new Uint8Array(bytes), 'N51E007.hgt')).toThrow(
      `FEED_BAD_VALUE at N51E007.hgt: ${bytes} bytes; an SRTM tile has 1201² or 3601² heights of 2 bytes`,
    )
  },
)

describe('in a folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'freifahrt-heights-'))
  afterAll(() => rmSync(root, { recursive: true }))
  const sea = tileOf(1201, () => 0)
  let folders = 0
  function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
    const folder = join(root, String(folders++))
    mkdirSync(folder)
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    return folder
  }
  const open = (folder: string, ...places: readonly [lat: number, lon: number][]) =>
    openHeights(
      folder,
      Int32Array.from(places, ([lat]) => lat * E7),
      Int32Array.from(places, ([, lon]) => lon * E7),
    )
  const bytes = tileOf(1201, () => 86)

  test.each<[string, Uint8Array]>([
    ['N51E007.hgt', bytes],
    ['n51e007.HGT', bytes],
    ['N51E007.hgt.gz', gzipSync(bytes)],
    ['N51/N51E007.hgt.gz', gzipSync(bytes)],
    ['N51E007.hgt.zip', zipOf([{ name: 'N51E007.hgt', content: bytes }])],
    ['N51E007.SRTMGL1.hgt.zip', zipOf([{ name: 'N51E007.hgt', content: bytes }])],
    [
      'M32/N51E007.zip.hgt.zip',
      zipOf([
        { name: 'readme.txt', content: '?' },
        { name: 'M32/n51e007.hgt', content: bytes, method: 0 },
      ]),
    ],
  ])('%s is found and read', async (path, packed) => {
    const { heightAt, report } = await open(folderOf({ [path]: packed }), [51.5, 7.5])
    expect(heightAt(51.5 * E7, 7.5 * E7)).toBe(86)
    expect(report).toEqual({ heightTiles: 1, withoutHeights: 0 })
  })

  test('only the tiles of the map are read; the sea has none; a place at the rim asks its neighbour', async () => {
    const folder = folderOf({
      'N51E007.hgt': bytes,
      'N54E008.hgt.zip': zipOf([{ name: 'N54E008.hgt', content: sea }]),
      'N00E000.hgt': new Uint8Array(3),
    })
    expect((await open(folder, [51.5, 7.5], [54.5, 8.5], [54.5, 7.9])).report).toEqual({
      heightTiles: 2,
      withoutHeights: 1,
    })
    const rim = await open(folder, [51.9999, 7.5])
    expect(rim.report).toEqual({ heightTiles: 1, withoutHeights: 1 })
    expect(rim.heightAt(51.9999 * E7, 7.5 * E7)).toBe(86)
  })

  test('what is wrong is said: no folder, no tile of the map, a zip without it, a wrong size, damage', async () => {
    const said = (files: Readonly<Record<string, Uint8Array>>) => open(folderOf(files), [51.5, 7.5])
    await expect(open(join(root, 'nowhere'), [51.5, 7.5])).rejects.toThrow(/FILE_MISSING at .*: no such folder/)
    await expect(said({ 'N50E007.hgt': bytes })).rejects.toThrow(
      /FILE_MISSING at .*: no .hgt tile of the map, which lies in N51E007$/,
    )
    await expect(said({ 'N51E007.hgt': sea.subarray(2) })).rejects.toThrow(/FEED_BAD_VALUE at N51E007.hgt: 2884800 /)
    await expect(said({ 'N51E007.hgt.zip': zipOf([{ name: 'N50E007.hgt', content: bytes }]) })).rejects.toThrow(
      'FEED_UNREADABLE at N51E007.hgt.zip: it holds no N51E007.hgt',
    )
    await expect(said({ 'N51E007.hgt.gz': gzipSync(bytes).subarray(0, 99) })).rejects.toThrow(
      /FEED_UNREADABLE at N51E007.hgt.gz/,
    )
    await expect(said({ 'N51E007.hgt.gz': gzipSync(new Uint8Array(26_000_000)) })).rejects.toThrow(
      /FEED_UNREADABLE at N51E007.hgt.gz/,
    )
    await expect(
      said({ 'N51E007.hgt.zip': zipOf([{ name: 'N51E007.hgt', content: new Uint8Array(26_000_000) }]) }),
    ).rejects.toThrow('FEED_BAD_VALUE at N51E007.hgt.zip: 26000000 bytes')
  })
})
