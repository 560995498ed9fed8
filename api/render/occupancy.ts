// How full a run's vehicle is, as far as somebody says.

import type { Carriage, Occupancy } from '#api/contract/common.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { RunKey } from '#engine/horizon/runs.ts'
import { carriagesOf, OCCUPANCY, type OccupancyStatus, occupancyOf } from '#engine/live/occupancy.ts'
import type { View } from './place.ts'
import { utc } from './texts.ts'

/** Nothing about vehicles without realtime. */
export function occupancyMember({ horizon, realtime }: View, run: RunKey): Occupancy | undefined {
  const said = realtime && horizon.occupancy ? occupancyOf(horizon.occupancy, run) : undefined
  return said && { ...said, measured: utc(said.measured) }
}

/** In the direction of travel; undefined when nobody tells the carriages apart. */
export function carriageMembers({ occupancy, vehicles }: Horizon, run: RunKey): Carriage[] | undefined {
  const carriages = occupancy && carriagesOf(occupancy, vehicles, run)
  return carriages?.map(c => ({
    label: c.label,
    occupancy: OCCUPANCY.includes(c.occupancy as OccupancyStatus) ? (c.occupancy as OccupancyStatus) : undefined,
    occupancyPercentage: c.occupancyPercentage,
  }))
}
