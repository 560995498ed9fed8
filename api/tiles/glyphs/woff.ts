// Outlines out of a font: WOFF 1 (tables deflated one by one) around TrueType. https://www.w3.org/TR/WOFF/,
// https://learn.microsoft.com/typography/opentype/spec/glyf. Hints, kerning and ligatures are left out: a map needs none.

import { inflateSync } from 'node:zlib'

/** x, y, onCurve, … in font units, y upwards; the last point is joined to the first. */
export type Contour = readonly number[]

export interface Font {
  readonly unitsPerEm: number
  readonly ascender: number
  /** 0: the font does not have the character. Only the first 65,536 are looked for. */
  glyphOf(character: number): number
  advanceOf(glyph: number): number
  contoursOf(glyph: number): Contour[]
}

const HEADER = 44
const DIRECTORY_ENTRY = 20
/** A part of a part of a part …: more is no font. */
const MAX_DEPTH = 8

/** Throws an Error for bytes that are no such font. */
export function readFont(bytes: Uint8Array): Font {
  const tables = readTables(bytes)
  const table = (tag: string): DataView => {
    const found = tables.get(tag)
    if (!found) throw new Error(`the font has no table '${tag}'`)
    return found
  }
  const [head, hhea, hmtx, loca, glyf] = [table('head'), table('hhea'), table('hmtx'), table('loca'), table('glyf')]
  const longOffsets = head.getInt16(50) === 1
  const metrics = hhea.getUint16(34)
  const offsetOf = (glyph: number): number => (longOffsets ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph))

  function contoursOf(glyph: number, depth = 0): Contour[] {
    const begin = offsetOf(glyph)
    if (begin === offsetOf(glyph + 1) || depth > MAX_DEPTH) return []
    const contours = glyf.getInt16(begin)
    if (contours >= 0) return readContours(glyf, begin + 10, contours)
    return readParts(glyf, begin + 10).flatMap(({ glyph, move }) => contoursOf(glyph, depth + 1).map(move))
  }

  return {
    unitsPerEm: head.getUint16(18),
    ascender: hhea.getInt16(4),
    glyphOf: readCharacterMap(table('cmap')),
    advanceOf: glyph => hmtx.getUint16(4 * Math.min(glyph, metrics - 1)),
    contoursOf: glyph => contoursOf(glyph),
  }
}

function readTables(bytes: Uint8Array): Map<string, DataView> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0) !== 0x774f4646) throw new Error('the font is no WOFF')
  const tables = new Map<string, DataView>()
  for (let i = 0; i < view.getUint16(12); i++) {
    const entry = HEADER + i * DIRECTORY_ENTRY
    const tag = String.fromCharCode(...bytes.subarray(entry, entry + 4))
    const [offset, packed, length] = [4, 8, 12].map(at => view.getUint32(entry + at)) as [number, number, number]
    const stored = bytes.subarray(offset, offset + packed)
    const data = packed < length ? inflateSync(stored) : stored
    tables.set(tag, new DataView(data.buffer, data.byteOffset, data.byteLength))
  }
  return tables
}

/** Format 4: segments of characters up to 65,535. */
function readCharacterMap(cmap: DataView): Font['glyphOf'] {
  let at = 0
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const offset = cmap.getUint32(4 + 8 * i + 4)
    if (cmap.getUint16(offset) === 4) at = offset
  }
  if (at === 0) throw new Error('the font has no character map of format 4')
  const doubled = cmap.getUint16(at + 6)
  const [ends, starts] = [at + 14, at + 16 + doubled]
  const [deltas, ranges] = [starts + doubled, starts + 2 * doubled]
  return character => {
    for (let s = 0; s < doubled; s += 2) {
      if (cmap.getUint16(ends + s) < character) continue
      const start = cmap.getUint16(starts + s)
      if (start > character) return 0
      const [delta, range] = [cmap.getUint16(deltas + s), cmap.getUint16(ranges + s)]
      if (range === 0) return (character + delta) & 0xffff
      const glyph = cmap.getUint16(ranges + s + range + 2 * (character - start))
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return 0
  }
}

// flags of a point
const ON_CURVE = 1
const REPEAT = 8
// bits of x; those of y stand one higher: one byte; positive (one byte) or the same as before (no byte)
const SHORT = 2
const SAME = 16

function readContours(glyf: DataView, at: number, count: number): Contour[] {
  const ends = Array.from({ length: count }, (_, i) => glyf.getUint16(at + 2 * i))
  const points = (ends.at(-1) ?? -1) + 1
  at += 2 * count
  at += 2 + glyf.getUint16(at) // hints
  const flags: number[] = []
  while (flags.length < points) {
    const flag = glyf.getUint8(at++)
    const times = flag & REPEAT ? glyf.getUint8(at++) : 0
    for (let i = 0; i <= times; i++) flags.push(flag)
  }
  const axis = (shift: number): number[] => {
    let value = 0
    return flags.map(flag => {
      const same = (flag & (SAME << shift)) !== 0
      if (flag & (SHORT << shift)) value += same ? glyf.getUint8(at++) : -glyf.getUint8(at++)
      else if (!same) {
        value += glyf.getInt16(at)
        at += 2
      }
      return value
    })
  }
  const [xs, ys] = [axis(0), axis(1)]
  let begin = 0
  return ends.map(end => {
    const contour: number[] = []
    for (let i = begin; i <= end; i++) contour.push(xs[i]!, ys[i]!, flags[i]! & ON_CURVE)
    begin = end + 1
    return contour
  })
}

// flags of a part
const WORDS = 1
const OFFSETS = 2
const ONE_SCALE = 8
const MORE = 32
const TWO_SCALES = 64
const MATRIX = 128

interface Part {
  readonly glyph: number
  readonly move: (contour: Contour) => Contour
}

/** é is e and an accent, each moved to its place. */
function readParts(glyf: DataView, at: number): Part[] {
  const parts: Part[] = []
  for (let flags = MORE; flags & MORE; ) {
    flags = glyf.getUint16(at)
    const glyph = glyf.getUint16(at + 2)
    at += 4
    const wide = (flags & WORDS) !== 0
    const [dx, dy] = wide ? [glyf.getInt16(at), glyf.getInt16(at + 2)] : [glyf.getInt8(at), glyf.getInt8(at + 1)]
    at += wide ? 4 : 2
    // 2.14 fixed point
    const scale = (i: number): number => glyf.getInt16(at + 2 * i) / 16384
    let [xx, xy, yx, yy] = [1, 0, 0, 1]
    if (flags & ONE_SCALE) xx = yy = scale(0)
    else if (flags & TWO_SCALES) [xx, yy] = [scale(0), scale(1)]
    else if (flags & MATRIX) [xx, xy, yx, yy] = [scale(0), scale(1), scale(2), scale(3)]
    at += flags & ONE_SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0
    const [right, up] = flags & OFFSETS ? [dx, dy] : [0, 0]
    const move = (contour: Contour): Contour => {
      const moved: number[] = []
      for (let i = 0; i < contour.length; i += 3)
        moved.push(
          contour[i]! * xx + contour[i + 1]! * yx + right,
          contour[i]! * xy + contour[i + 1]! * yy + up,
          contour[i + 2]!,
        )
      return moved
    }
    parts.push({ glyph, move })
  }
  return parts
}
