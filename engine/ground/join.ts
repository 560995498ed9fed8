// Pieces of a street laid end to end: a name needs a line long enough to stand on, and fewer lines are fewer bytes.

/** Lines that share an end become one, as long as it goes on in one way only. Points are x, y, …, rounded by the caller. */
export function joinLines(lines: readonly (readonly number[])[]): number[][] {
  const joined: number[][] = []
  const key = (line: readonly number[], end: boolean): number =>
    end ? line.at(-2)! * 0x10_0000 + line.at(-1)! : line[0]! * 0x10_0000 + line[1]!
  const at = new Map<number, Set<readonly number[]>>()
  for (const line of lines)
    for (const end of [false, true]) at.getOrInsertComputed(key(line, end), () => new Set()).add(line)
  const used = new Set<readonly number[]>()
  for (const line of lines) {
    if (used.has(line)) continue
    used.add(line)
    let whole = [...line]
    for (let turn = 0; turn < 2; turn++) {
      for (;;) {
        const here = at.get(key(whole, true))!
        const next = here.size === 2 ? [...here].find(other => !used.has(other)) : undefined
        if (!next) break
        used.add(next)
        const onward = key(next, false) === key(whole, true) ? next : reversed(next)
        for (let i = 2; i < onward.length; i++) whole.push(onward[i]!)
      }
      whole = reversed(whole)
    }
    joined.push(whole)
  }
  return joined
}

function reversed(line: readonly number[]): number[] {
  const out: number[] = []
  for (let i = line.length - 2; i >= 0; i -= 2) out.push(line[i]!, line[i + 1]!)
  return out
}
