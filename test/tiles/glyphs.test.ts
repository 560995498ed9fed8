// Letters for map styles, as MapLibre reads them.

import { PbfReader } from 'pbf'
import { describe, expect, test } from 'vitest'
import { distanceField } from '#api/tiles/glyphs/distance.ts'
import { makeGlyphs } from '#api/tiles/glyphs/glyphs.ts'
import { at, city } from '../api/city.ts'
import { appFor, refused } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'

interface Glyph {
  id: number
  bitmap?: Uint8Array
  width: number
  height: number
  left: number
  top: number
  advance: number
}

function read(bytes: Uint8Array): { name: string; range: string; glyphs: Map<string, Glyph> } {
  const glyphs = new Map<string, Glyph>()
  const stack = { name: '', range: '', glyphs }
  new PbfReader(bytes).readFields((tag, _, pbf) => {
    expect(tag).toBe(1)
    pbf.readMessage((tag, _, pbf) => {
      if (tag === 1) stack.name = pbf.readString()
      if (tag === 2) stack.range = pbf.readString()
      if (tag !== 3) return
      const glyph = pbf.readMessage(readGlyph, {} as Glyph)
      glyphs.set(String.fromCodePoint(glyph.id), glyph)
    }, undefined)
  }, undefined)
  return stack
}

function readGlyph(tag: number, glyph: Glyph, pbf: PbfReader): void {
  if (tag === 1) glyph.id = pbf.readVarint()
  if (tag === 2) glyph.bitmap = pbf.readBytes()
  if (tag === 3) glyph.width = pbf.readVarint()
  if (tag === 4) glyph.height = pbf.readVarint()
  if (tag === 5) glyph.left = pbf.readSVarint()
  if (tag === 6) glyph.top = pbf.readSVarint()
  if (tag === 7) glyph.advance = pbf.readVarint()
}

test('a square and what lies over it: distances to the rim alone', () => {
  const square = [0, 0, 1, 10, 0, 1, 10, 10, 1, 0, 10, 1]
  const { width, height, left, top, bitmap } = distanceField([square], 1)
  expect([width, height, left, top, bitmap.length]).toEqual([10, 10, 0, 10, 16 * 16])
  const at = (column: number, row: number): number => bitmap[row * 16 + column]!
  // 191.25 at the rim, 255 / 8 a pixel; half a pixel outside and inside, and in the middle
  expect([at(2, 8), at(3, 8), at(8, 8)]).toEqual([Math.round(191.25 - 15.9375), Math.round(191.25 + 15.9375), 255])
  // a corner half a pixel away in both directions
  expect(at(2, 2)).toBe(Math.round(191.25 - Math.hypot(15.9375, 15.9375)))
  const over = [5, 2, 1, 9, 2, 1, 9, 8, 1, 5, 8, 1]
  expect(distanceField([square, over], 1).bitmap).toEqual(bitmap)
  // turned the other way it is a hole
  const hole = [5, 2, 1, 5, 8, 1, 9, 8, 1, 9, 2, 1]
  expect(distanceField([square, hole], 1).bitmap[8 * 16 + 10]).toBeLessThan(191)
})

describe('Noto Sans', () => {
  const latin = read(makeGlyphs({ weight: 'regular', first: 0 }))

  test('a range: named, each character once, what the font does not have left out', () => {
    expect([latin.name, latin.range]).toEqual(['Noto Sans Regular', '0-255'])
    for (const letter of 'AZaz09ÄÖÜäöüß-/&.') expect(latin.glyphs.has(letter), letter).toBe(true)
    expect(latin.glyphs.has('\u0001')).toBe(false)
    for (const { bitmap, width, height } of latin.glyphs.values())
      if (width > 0) expect(bitmap!.length).toBe((width + 6) * (height + 6))
    expect(read(makeGlyphs({ weight: 'regular', first: 0x4e00 })).glyphs.size).toBe(0)
  })

  test('measures at 24 pixels: advances, the line’s upper edge, an accent above its letter', () => {
    const glyph = (letter: string): Glyph => latin.glyphs.get(letter)!
    // units of 1000 an em: H is 741 wide and 714 high, the line begins 1069 above the baseline
    expect(glyph('H')).toMatchObject({ advance: Math.round(0.741 * 24), height: 18, top: 18 - 26 })
    expect(glyph(' ')).toMatchObject({ advance: Math.round(0.26 * 24), width: 0, height: 0 })
    expect(glyph(' ').bitmap).toBeUndefined()
    expect(glyph('É').top).toBeGreaterThan(glyph('E').top)
    expect(glyph('É').advance).toBe(glyph('E').advance)
  })

  test('other scripts and the bold ones', () => {
    for (const [letter, first] of [
      ['ş', 256],
      ['Ω', 768],
      ['Ж', 1024],
      ['ї', 1024],
      ['’', 0x2000],
    ] as const)
      expect(read(makeGlyphs({ weight: 'regular', first })).glyphs.has(letter), letter).toBe(true)
    const bold = read(makeGlyphs({ weight: 'bold', first: 0 }))
    expect(bold.name).toBe('Noto Sans Bold')
    expect(bold.glyphs.get('m')!.advance).toBeGreaterThan(latin.glyphs.get('m')!.advance)
  })
})

describe('over HTTP', () => {
  const app = () => appFor(testService(city, at('9:00')))

  test('as MapLibre asks: a list of fonts, of which the weight is kept', async () => {
    const url = `/tiles/glyphs/${encodeURIComponent('Noto Sans Bold,Arial Unicode MS Bold')}/0-255.pbf`
    const answer = await app().inject({ url, headers: { 'accept-encoding': 'gzip' } })
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['content-encoding']]).toEqual([
      200,
      'application/x-protobuf',
      'gzip',
    ])
    const plain = await app().inject('/tiles/glyphs/Whatever/0-255.pbf')
    expect(read(plain.rawPayload).name).toBe('Noto Sans Regular')
  })

  test.each(['0-256.pbf', '1-256.pbf', '65536-65791.pbf', '0-255', 'x.pbf', '99999-100254.pbf'])(
    '%s is refused',
    async range =>
      expect(await refused(app(), `/tiles/glyphs/Noto/${range}`)).toEqual([
        400,
        'BAD_REQUEST at range: glyphs are asked for by 256, from 0-255.pbf to 65280-65535.pbf',
      ]),
  )
})
