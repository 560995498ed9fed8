// The public shape of statistics: what the job keeps, as it keeps it.

import { Type } from 'typebox'
import { DayCounts, DaySum, HoursResponse } from '#workers/statistics/counts.ts'

export type { DayCounts, DaySum } from '#workers/statistics/counts.ts'
export { HoursResponse }
export const DaysResponse = Type.Object({ days: Type.Array(DaySum) })
export const DayResponse = DayCounts
