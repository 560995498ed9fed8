// Who may operate, as the settings say.

import { noOperators, type Operators, readOperators } from '../operations/operators.ts'
import type { Settings } from '../settings.ts'

/** @throws FILE_MISSING, BAD_REQUEST */
export const openOperators = ({ operators: path }: Settings): Operators =>
  path === '' ? noOperators : readOperators(path, error => console.error(`operators: ${(error as Error).message}`))
