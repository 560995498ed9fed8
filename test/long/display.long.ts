// A display in a real browser for 24 hours: the clocks of server and page are driven together, the sockets are real. At every minute the rows
// on the screen are the server's own; the page's memory does not grow.

import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import type { StoptimesResponse } from '#api/contract.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { BEGIN, displayDay, STATION } from '../helpers/display-day.ts'
import { executablePath, openPage, startBrowser, WALL } from '../helpers/pages.ts'

/** The clocks go in turns, the page's first: shorter than the silence that means a lost connection. */
const STEP = 15 // seconds
const HOURS = Number(process.env.HOURS ?? 24)
const ROWS = 9
const GROWTH = 1.1

test.skipIf(!executablePath)(`${HOURS} hours in Chromium: every minute right, memory flat`, async () => {
  const day = displayDay(11)
  const webRoot = await ensureWebBuilt(join(import.meta.dirname, '../..'))
  const app = buildApp(
    day.service,
    {
      ...apiDefaults,
      webRoot,
      requestsPerMinute: 0,
      // its clock runs a thousand times faster than a socket can answer
      live: { ...apiDefaults.live, socketPingMs: 7 * 86_400_000 },
    },
    day.scheduler,
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const browser = await startBrowser()
  const problems: string[] = []
  try {
    day.newTrouble()
    const page = await openPage(browser, url, `/display?stop=${STATION}`, problems, { viewport: WALL }, async page => {
      await page.clock.install({ time: BEGIN * 1000 })
      await page.clock.pauseAt((BEGIN + 1) * 1000)
    })
    const heap = await page.context().newCDPSession(page)
    const heaps: number[] = []
    for (let minute = 0; minute < HOURS * 60; minute++) {
      if (minute % 3 === 0) day.newTrouble()
      for (let passed = 0; passed < 60; passed += STEP) {
        await page.clock.runFor(STEP * 1000)
        day.pass(STEP)
        await page.evaluate('0') // what was sent arrives before the page's clock goes on
      }
      expect(await settled(page, app, day), `minute ${minute}`).toEqual([])
      if (minute % 60 === 59) heaps.push(await usedHeap(heap))
    }
    console.log(`heap after each hour, MB: ${heaps.map(bytes => (bytes / 1e6).toFixed(2)).join(' ')}`)
    const later = heaps.slice(Math.floor(heaps.length / 4))
    const half = Math.ceil(later.length / 2)
    // fewer hours (HOURS=2 npm run test:long display) show no slope
    if (later.length >= 4) expect(mean(later.slice(half))).toBeLessThan(GROWTH * mean(later.slice(0, half)))
    expect(problems).toEqual([])
    expect(day.errors).toEqual([])
  } finally {
    await browser.close()
    await app.close()
  }
})

/** What still differs after the messages under way have come: half a second of real time, and again at most twice a second later by the clocks. */
async function settled(
  page: Page,
  app: ReturnType<typeof buildApp>,
  day: ReturnType<typeof displayDay>,
): Promise<string[]> {
  let found: string[] = []
  for (let tries = 0; tries < 30; tries++) {
    found = await differences(page, app, day.service.time)
    if (found.length === 0) break
    await new Promise(resolve => setTimeout(resolve, 50))
    if (tries % 10 !== 9) continue
    await page.clock.runFor(1000)
    day.pass(1)
  }
  return found
}

/**
 * Rows that are on the screen and not the server's, or the other way round. Those of the last moment may be cut off, and the page may be as
 * much behind as the clocks go in turns.
 */
async function differences(page: Page, app: ReturnType<typeof buildApp>, now: number): Promise<string[]> {
  const boardAt = async (time: number, rows: number) => {
    const asked = `stopId=${STATION}&n=${rows}&time=${new Date(time * 1000).toISOString()}`
    return (await app.inject(`/api/v6/stoptimes?${asked}`)).json<StoptimesResponse>().stopTimes
  }
  const [stopTimes, before] = [await boardAt(now, ROWS), await boardAt(now - STEP, 2 * ROWS)]
  const seconds = (time: string | undefined) => Date.parse(time!) / 1000
  const last = seconds(stopTimes[ROWS - 1]?.place.departure)
  const key = ({ tripId, place }: StoptimesResponse['stopTimes'][number]) =>
    `${tripId}@${seconds(place.scheduledDeparture)}`
  const shown: string[] = await page.evaluate(`[...document.querySelectorAll('.wall-row')].map(row => row.dataset.row)`)
  const truth = stopTimes.filter(({ place }) => seconds(place.departure) >= now)
  // what has left by the server's clock may still hold a row on the page
  const leaving = before.filter(({ place }) => seconds(place.departure) < now).length
  const must = truth
    .filter(({ place }) => seconds(place.departure) < last)
    .slice(0, Math.max(0, ROWS - leaving))
    .map(key)
  const may = new Set([...truth, ...before].map(key))
  return [
    ...must.filter(row => !shown.includes(row)).map(row => `missing ${row}`),
    ...shown.filter(row => !may.has(row)).map(row => `late ${row}`),
  ]
}

async function usedHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
