import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first of `names` that can be run: `chosen` (a path from the environment), else from PATH. */
export function findProgram(chosen: string | undefined, names: readonly string[]): string | undefined {
  const found = (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name)))
  return [chosen, ...found].find(path => path !== undefined && runs(path))
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
