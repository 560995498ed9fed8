// Ranges of 256 characters as the protobuf that map styles ask for (`glyphs`), from Noto Sans (fonts/OFL.txt).
// https://github.com/mapbox/node-fontnik/blob/master/proto/glyphs.proto

import { readdirSync, readFileSync } from 'node:fs'
import { PbfWriter } from 'pbf'
import { type DistanceField, distanceField } from './distance.ts'
import { type Font, readFont } from './woff.ts'

export type Weight = 'regular' | 'bold'

export interface GlyphRange {
  readonly weight: Weight
  /** The first of 256 characters. */
  readonly first: number
}

/** All sizes are made from this one. */
const PIXELS = 24
const FONTS = new URL('fonts/', import.meta.url)
const names: Readonly<Record<Weight, string>> = { regular: 'Noto Sans Regular', bold: 'Noto Sans Bold' }
const opened = new Map<Weight, readonly Font[]>()

/** A weight's files, each for some scripts. */
const fontsOf = (weight: Weight): readonly Font[] =>
  opened.getOrInsertComputed(weight, () =>
    readdirSync(FONTS)
      .filter(file => file.startsWith(`${weight}-`))
      .map(file => readFont(readFileSync(new URL(file, FONTS)))),
  )

/** Characters that the font does not have are left out. */
export function makeGlyphs({ weight, first }: GlyphRange): Uint8Array {
  const pbf = new PbfWriter()
  pbf.writeMessage(
    1,
    () => {
      pbf.writeStringField(1, names[weight])
      pbf.writeStringField(2, `${first}-${first + 255}`)
      for (let character = first; character < first + 256; character++) {
        const glyph = glyphOf(fontsOf(weight), character)
        if (glyph) pbf.writeMessage(3, writeGlyph, glyph)
      }
    },
    undefined,
  )
  return pbf.finish()
}

interface Glyph extends DistanceField {
  readonly character: number
  readonly advance: number
}

function glyphOf(fonts: readonly Font[], character: number): Glyph | undefined {
  for (const font of fonts) {
    const index = font.glyphOf(character)
    if (index === 0) continue
    const scale = PIXELS / font.unitsPerEm
    const field = distanceField(font.contoursOf(index), scale)
    // maps measure from the line's upper edge
    const top = field.width === 0 ? 0 : field.top - Math.ceil(font.ascender * scale)
    return { ...field, top, character, advance: Math.round(font.advanceOf(index) * scale) }
  }
  return undefined
}

function writeGlyph({ character, bitmap, width, height, left, top, advance }: Glyph, pbf: PbfWriter): void {
  pbf.writeVarintField(1, character)
  if (bitmap.length > 0) pbf.writeBytesField(2, bitmap)
  pbf.writeVarintField(3, width)
  pbf.writeVarintField(4, height)
  pbf.writeSVarintField(5, left)
  pbf.writeSVarintField(6, top)
  pbf.writeVarintField(7, advance)
}
