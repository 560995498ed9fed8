// Rows of a file that may be in any order, by what they belong to: stop times by trip, points by shape, exceptions by service.

/** Rows of group g are order[begin[g] … begin[g + 1]). */
export interface Grouped {
  readonly begin: Uint32Array
  readonly order: Uint32Array
}

/** @param sequence order within a group; rows of one number, and all without it, keep the file's order */
export function groupRows(group: Uint32Array, groups: number, sequence?: Uint32Array): Grouped {
  const begin = new Uint32Array(groups + 1)
  for (let row = 0; row < group.length; row++) begin[group[row]! + 1]!++
  for (let g = 0; g < groups; g++) begin[g + 1]! += begin[g]!
  const next = begin.slice()
  const order = new Uint32Array(group.length)
  for (let row = 0; row < group.length; row++) order[next[group[row]!]!++] = row
  if (sequence) for (let g = 0; g < groups; g++) sortRange(order, begin[g]!, begin[g + 1]!, sequence)
  return { begin, order }
}

/** Most ranges are sorted already. */
function sortRange(order: Uint32Array, begin: number, end: number, sequence: Uint32Array): void {
  let i = begin + 1
  while (i < end && sequence[order[i]!]! >= sequence[order[i - 1]!]!) i++
  if (i < end) order.subarray(begin, end).sort((a, b) => sequence[a]! - sequence[b]! || a - b)
}
