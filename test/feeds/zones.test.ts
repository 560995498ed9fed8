import { describe, expect, test } from 'vitest'
import { DAY, parseDate, parseTime } from '#engine/core/time.ts'
import { isZone, zoneDayStarts } from '#feeds/zones.ts'

const startOf = (zone: string, date: string): number => {
  const first = parseDate(date)!
  return first * DAY + zoneDayStarts(zone, { first, days: 1 })[0]!
}

describe('S13: a service day begins at noon minus 12 hours', () => {
  // the oracle: nigiri's gtfs_to_utc cases
  test.each([
    ['20191027', '00:00:00', 1572130800],
    ['20191027', '00:59:00', 1572134340],
    ['20191027', '01:59:00', 1572137940],
    ['20191027', '02:00:00', 1572138000],
    ['20191027', '02:59:00', 1572141540],
    ['20191027', '03:00:00', 1572141600],
    ['20190331', '02:00:00', 1553990400],
    ['20190331', '02:59:00', 1553993940],
    ['20190331', '03:00:00', 1553994000],
  ])('Europe/Berlin %s %s', (date, time, unix) => {
    expect(startOf('Europe/Berlin', date) + parseTime(time)!).toBe(unix)
  })

  // UTC offsets at noon of the day, from the zones' published rules
  test.each([
    ['America/New_York', '20260308', -4], // clocks go forward at 02:00
    ['America/New_York', '20261101', -5], // and back
    ['Pacific/Auckland', '20260405', 12], // back at 03:00
    ['Pacific/Auckland', '20260404', 13],
    ['Asia/Kolkata', '20260601', 5.5],
    ['Africa/Cairo', '20260424', 3], // forward at midnight: noon − 12 h is 23:00 of the day before
    ['Africa/Cairo', '20260423', 2],
    ['America/Asuncion', '20231001', -3], // forward at midnight, as long as Paraguay did that
    ['America/Asuncion', '20230930', -4],
    ['Asia/Beirut', '20250330', 3], // forward at midnight
    ['Asia/Tokyo', '20260610', 9],
    ['UTC', '20260610', 0],
  ])('%s %s is UTC%d', (zone, date, hours) => {
    expect(startOf(zone, date)).toBe(parseDate(date)! * DAY - hours * 3600)
  })

  test('each day of a range has its own', () => {
    const starts = zoneDayStarts('Europe/Berlin', { first: parseDate('20260327')!, days: 4 })
    expect([...starts]).toEqual([-3600, -3600, -7200, -7200])
  })
})

test('names of zones are IANA names', () => {
  expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].map(isZone)).toEqual([true, true, true])
  expect(['', 'Berlin', '+01:00', 'Europe/Dortmund', '../etc/passwd'].map(isZone)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})
