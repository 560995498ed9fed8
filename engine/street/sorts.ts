// Edges that no traveller can tell apart (the same traits, the same form) are of one sort. There are some thousands of sorts in a city.

export interface Sorts {
  readonly ofEdge: Uint32Array
  readonly traits: Uint32Array
  readonly form: Uint32Array
}

/** @param pieceOf edge → row of `pieces` */
export function sortsOf(
  pieces: { readonly traits: Uint32Array; readonly form: Uint32Array },
  pieceOf: Uint32Array,
): Sorts {
  const known = new Map<number, Map<number, number>>()
  const [traits, form]: [number[], number[]] = [[], []]
  const ofEdge = pieceOf.map(p => {
    const byForm = known.getOrInsertComputed(pieces.traits[p]!, () => new Map())
    return byForm.getOrInsertComputed(pieces.form[p]!, () => {
      form.push(pieces.form[p]!)
      return traits.push(pieces.traits[p]!) - 1
    })
  })
  return { ofEdge, traits: Uint32Array.from(traits), form: Uint32Array.from(form) }
}
