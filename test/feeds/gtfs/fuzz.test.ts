// Feeds with random damage: a row, a cell or a byte at a time. Whatever is in them, they load or are refused with a code.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FreifahrtError } from '#engine/core/errors.ts'
import { slotStop } from '#engine/timetable/timetable.ts'
import { filesOf, load, smallFeed } from '../../helpers/gtfs.ts'

const more: Readonly<Record<string, string>> = {
  ...smallFeed,
  'calendar_dates.txt': 'service_id,date,exception_type\nwk,20260106,2\nwk,20260110,1\n',
  'frequencies.txt': 'trip_id,start_time,end_time,headway_secs,exact_times\nt1,08:00:00,09:00:00,600,1\n',
  'transfers.txt': 'from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,2,90\n',
  'shapes.txt': 'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns,51.5,7.4,1\ns,51.5,7.5,2\n',
  'trips.txt': 'route_id,service_id,trip_id,shape_id\nU1,wk,t1,s\nU1,wk,t2,s\nB2,wk,t3,\n',
}

const damage = fc.record({
  file: fc.constantFrom(...Object.keys(more)),
  at: fc.nat(),
  kind: fc.constantFrom('drop line', 'double line', 'cell', 'byte', 'cut'),
  value: fc.constantFrom(
    '',
    '-1',
    '99999999999',
    'NaN',
    '25:61:00',
    '1e309',
    'A',
    '"',
    '""',
    '\u0000',
    '20261399',
    'S',
    '7',
    ',',
    '  ',
  ),
  byte: fc.integer({ min: 0, max: 255 }),
})

function apply(
  files: Record<string, Uint8Array>,
  { file, at, kind, value, byte }: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): void {
  const bytes = files[file]!
  if (kind === 'byte' && bytes.length > 0) bytes[at % bytes.length] = byte
  if (kind === 'cut') files[file] = bytes.slice(0, at % (bytes.length + 1))
  if (kind === 'byte' || kind === 'cut') return
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  const line = at % lines.length
  if (kind === 'drop line') lines.splice(line, 1)
  else if (kind === 'double line') lines.push(lines[line]!)
  else {
    const cells = lines[line]!.split(',')
    cells[at % cells.length] = value
    lines[line] = cells.join(',')
  }
  files[file] = Buffer.from(lines.join('\n'), 'latin1')
}

test('damaged feeds load or are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async damages => {
      const files = Object.fromEntries(Array.from(filesOf(more), ([name, bytes]) => [name, bytes.slice()]))
      for (const d of damages) apply(files, d)
      let loaded: Awaited<ReturnType<typeof load>>
      try {
        loaded = await load(files)
      } catch (error) {
        expect(error).toBeInstanceOf(FreifahrtError)
        return
      }
      const { tt, report } = loaded
      expect(tt.counts.trips).toBeGreaterThan(0)
      for (const word of tt.slots) expect(slotStop(word)).toBeLessThan(tt.counts.stops)
      for (const { kept, rows } of report.files) expect(kept).toBeLessThanOrEqual(rows)
      const dropped = Object.values(report.droppedTrips).reduce((a, b) => a + b, 0)
      const trips = report.files.find(({ file }) => file === 'trips.txt')!
      expect(trips.kept + dropped).toBeLessThanOrEqual(trips.rows)
    }),
    { numRuns: 400 },
  )
})
