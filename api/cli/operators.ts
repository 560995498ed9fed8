// Who may operate, as the settings say.

import { noOperators, type Operators, readOperators } from '../operations/operators.ts'
import { troubleLog } from '../operations/trouble.ts'
import type { Settings } from '../settings.ts'

/** @throws FILE_MISSING, BAD_REQUEST */
export const openOperators = (settings: Settings): Operators => {
  const { operators: path } = settings
  const tell = troubleLog(settings)
  return path === '' ? noOperators : readOperators(path, error => tell('operators', error))
}
