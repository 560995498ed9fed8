// Where real feeds and other engines' answers lie. None of them is part of the project: a test that needs one asks here and is
// skipped when it is not there (`test.skipIf(!path)`); test/setup/global.ts says so at the start of every run.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** `$FREIFAHRT_DATA`, else `shared/data` in the folder that holds the project. */
export const dataRoot = process.env.FREIFAHRT_DATA ?? resolve(import.meta.dirname, '../../../shared/data')

const present = (path: string): string | undefined => (existsSync(path) ? path : undefined)

/** A real feed, street map or recording, e.g. `heidelberg/vrn_gtfs_cut.zip`. */
export const dataFile = (relative: string): string | undefined => present(join(dataRoot, relative))

/** Queries and other engines' answers to them, beside the data: e.g. `tokyo/queries.csv`. */
export const peersFile = (relative: string): string | undefined => present(join(dataRoot, '../peers', relative))
