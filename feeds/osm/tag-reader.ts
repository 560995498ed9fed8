// Tags of one row as a map, holding known keys only. Whether a text of the block is a known key is found out once per block, so most rows
// (buildings, trees) cost a look into an array per tag and nothing else.

import type { OsmBlock, TagColumns } from './decode.ts'
import { knownKeys, type Tags } from './tags.ts'

const UNSEEN = 0
const UNKNOWN = 1
const KNOWN = 2
const DECISIVE = 3

export class TagReader {
  private block: OsmBlock | undefined
  private words = new Uint8Array(1 << 12)
  private readonly tags = new Map<string, string>()
  private readonly decisive: ReadonlySet<string>

  private readonly known: (key: string) => boolean

  /**
   * @param decisive rows without any of these keys are passed over
   * @param known other keys that are read
   */
  constructor(decisive: readonly string[], known = (key: string): boolean => knownKeys.has(key)) {
    this.decisive = new Set(decisive)
    this.known = known
  }

  open(block: OsmBlock): void {
    const count = block.textBegin.length
    if (this.words.length < count) this.words = new Uint8Array(count * 2)
    else this.words.fill(UNSEEN, 0, count)
    this.block = block
  }

  /** The known tags of a row, undefined if none of the decisive keys is there. The map is the reader's own: used until the next read. */
  read(columns: TagColumns, row: number): Tags | undefined {
    const begin = columns.begin.data[row]!
    const end = columns.begin.data[row + 1]!
    let decided = false
    for (let i = begin; i < end; i++) if (this.word(columns.key.data[i]!) === DECISIVE) decided = true
    if (!decided) return undefined
    this.tags.clear()
    for (let i = begin; i < end; i++) {
      const key = columns.key.data[i]!
      if (this.word(key) !== UNKNOWN) this.tags.set(this.block!.text(key), this.block!.text(columns.value.data[i]!))
    }
    return this.tags
  }

  private word(text: number): number {
    const seen = this.words[text] ?? UNKNOWN
    if (seen !== UNSEEN) return seen
    const key = this.block!.text(text)
    const word = this.decisive.has(key) ? DECISIVE : this.known(key) ? KNOWN : UNKNOWN
    this.words[text] = word
    return word
  }
}
