// A generation's handles → the Horizon that a thread reads. Views of blocks that were there before are kept, so that a task of the same
// generation costs nothing and one of the next generation opens a single block.

import { type Conditions, noConditions } from '#engine/conditions/conditions.ts'
import { openTable } from '#engine/core/columns.ts'
import {
  type DayBlock,
  dayFormat,
  dayKey,
  type Horizon,
  type HorizonDay,
  type LiveBlock,
  liveFormat,
} from '#engine/horizon/horizon.ts'
import { type OccupancyTable, openOccupancy } from '#engine/live/occupancy.ts'
import { runKey } from '#engine/live/runs.ts'
import { type PackedSigns, unpackSigns } from '#engine/live/signs.ts'
import type { LiveAlert } from '#engine/live/state.ts'
import type { AlertsHandle, HorizonHandle } from './messages.ts'
import type { NetworkTables } from './network.ts'

export class HorizonReader {
  private readonly tables: NetworkTables
  private blocks = new Map<number, DayBlock>()
  private days: ReadonlyMap<number, HorizonDay> = new Map()
  private daysVersion = -1
  private live: LiveBlock | undefined
  private liveVersion = -1
  private occupancy: OccupancyTable | undefined
  private occupancyVersion = -1
  private told: Pick<Horizon, 'alerts' | 'signs'> = { alerts: [] }
  private alertsVersion = -1
  private conditions = noConditions
  private conditionsVersion = -1
  private current: Horizon | undefined

  constructor(tables: NetworkTables) {
    this.tables = tables
  }

  /** Vehicles and sources are not in the handle: nothing that is answered in a thread names them. How full they are is. */
  read(handle: HorizonHandle): Horizon {
    if (this.current?.generation === handle.generation) return this.current
    const { timetable, footpaths } = this.tables
    this.current = {
      generation: handle.generation,
      timetable,
      footpaths,
      ...(handle.added && { added: handle.added }),
      days: this.readDays(handle),
      live: this.readLive(handle),
      ...this.readAlerts(handle),
      occupancy: this.readOccupancy(handle),
      conditions: this.readConditions(handle),
      vehicles: [],
      sources: [],
    }
    return this.current
  }

  private readLive({ live: { version, buffer } }: HorizonHandle): LiveBlock {
    if (this.live === undefined || this.liveVersion !== version) this.live = openTable(liveFormat, buffer)
    this.liveVersion = version
    return this.live
  }

  private readOccupancy({ occupancy: { version, buffer } }: HorizonHandle): OccupancyTable {
    if (this.occupancy === undefined || this.occupancyVersion !== version) this.occupancy = openOccupancy(buffer)
    this.occupancyVersion = version
    return this.occupancy
  }

  private readDays(handle: HorizonHandle): ReadonlyMap<number, HorizonDay> {
    if (this.daysVersion === handle.daysVersion) return this.days
    const blocks = new Map<number, DayBlock>()
    const days = new Map<number, HorizonDay>()
    for (const { zone, day, start, block: id, buffer } of handle.days) {
      const block = blocks.get(id) ?? this.blocks.get(id) ?? openTable(dayFormat, buffer)
      blocks.set(id, block)
      days.set(dayKey(zone, day), { zone, day, start, block })
    }
    this.blocks = blocks
    this.days = days
    this.daysVersion = handle.daysVersion
    return days
  }

  private readConditions({ conditions: handle }: HorizonHandle): Conditions {
    if (handle && this.conditionsVersion !== handle.version) {
      this.conditions = JSON.parse(textOf(handle))
      this.conditionsVersion = handle.version
    }
    return this.conditions
  }

  private readAlerts({ alerts }: HorizonHandle): Pick<Horizon, 'alerts' | 'signs'> {
    if (this.alertsVersion !== alerts.version) {
      const told: { readonly alerts: readonly LiveAlert[]; readonly signs: PackedSigns } = JSON.parse(textOf(alerts))
      this.told = { alerts: told.alerts, signs: new Map(unpackSigns(told.signs).map(signs => [runKey(signs), signs])) }
      this.alertsVersion = alerts.version
    }
    return this.told
  }
}

// the decoder refuses shared memory: slice copies the bytes out of it
const textOf = ({ buffer, bytes }: AlertsHandle): string =>
  new TextDecoder().decode(new Uint8Array(buffer, 0, bytes).slice())
