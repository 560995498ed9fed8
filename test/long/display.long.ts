// A display in a real browser for 24 hours: the clocks of server and page are driven together, the sockets are real. At every minute the rows
// on the screen are the server's own; the page's memory does not grow.

import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { BEGIN, displayDay, STATION } from '../helpers/display-day.ts'
import { executablePath, openPage, startBrowser, WALL } from '../helpers/pages.ts'

/**
 * Seconds: the clocks go in turns, the page's first. At the beginning one by one, so that the page learns the server's time to the second;
 * later in steps that are shorter than the silence that means a lost connection.
 */
const STEPS = { first: 1, later: 15 }
/**
 * `arrived()` in the page: done when everything that the server has sent is there, before the page's clock goes on. A ping on the same socket
 * is answered last.
 */
const ARRIVED = `
  let socket
  let pings = 0
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given)
      socket = this
    }
  }
  window.arrived = () => new Promise(done => {
    if (socket?.readyState !== 1) return done()
    const n = 1e6 + ++pings
    socket.addEventListener('close', done)
    socket.addEventListener('message', function hear({ data }) {
      if (JSON.parse(data).n !== n) return
      socket.removeEventListener('message', hear)
      socket.removeEventListener('close', done)
      done()
    })
    socket.send(JSON.stringify({ type: 'ping', n }))
  })`
const HOURS = Number(process.env.HOURS ?? 24)
const ROWS = 9
const GROWTH = 1.1

test.skipIf(!executablePath)(`${HOURS} hours in Chromium: every minute right, memory flat`, async () => {
  const day = displayDay(11)
  const webRoot = await ensureWebBuilt(join(import.meta.dirname, '../..'))
  const app = buildApp(day.service, { ...apiDefaults, webRoot, requestsPerMinute: 0 }, day.scheduler)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const browser = await startBrowser()
  const problems: string[] = []
  try {
    day.newTrouble()
    const page = await openPage(browser, url, `/display?stop=${STATION}`, problems, { viewport: WALL }, async page => {
      await page.addInitScript(ARRIVED)
      await page.clock.install({ time: BEGIN * 1000 })
      await page.clock.pauseAt((BEGIN + 1) * 1000)
    })
    const heap = await page.context().newCDPSession(page)
    const heaps: number[] = []
    for (let minute = 0; minute < HOURS * 60; minute++) {
      if (minute % 3 === 0) day.newTrouble()
      const step = minute === 0 ? STEPS.first : STEPS.later
      for (let passed = 0; passed < 60; passed += step) {
        await page.clock.runFor(step * 1000)
        day.pass(step)
        await page.evaluate('arrived()')
      }
      // only real time passes here: what is under way arrives and is drawn
      await vi.waitFor(
        async () => {
          const { shown, truth } = await onScreen(page, app)
          expect(shown, `minute ${minute}`).toEqual(truth)
        },
        { interval: 20, timeout: 5000 },
      )
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

/** Rows' keys on the screen and those that the server's answer has now, each with the server's time. */
async function onScreen(page: Page, app: ReturnType<typeof buildApp>): Promise<{ shown: string[]; truth: string[] }> {
  const keys: string[] = await page.evaluate(`[...document.querySelectorAll('.wall-row')].map(row => row.dataset.row)`)
  const { stopTimes } = (
    await app.inject(`/api/v6/stoptimes?stopId=${STATION}&n=${2 * ROWS}`)
  ).json<StoptimesResponse>()
  const seconds = (time: string | undefined) => Date.parse(time!) / 1000
  const times = new Map(
    stopTimes.map(({ tripId, place }) => [`${tripId}@${seconds(place.scheduledDeparture)}`, seconds(place.departure)]),
  )
  return { shown: byMoment(keys, times), truth: byMoment([...times.keys()].slice(0, ROWS), times) }
}

/** Rows of the same moment in any order; of the last moment as many as there is room for. */
function byMoment(keys: readonly string[], times: ReadonlyMap<string, number>): string[] {
  const timeOf = (key: string): number => times.get(key) ?? Number.NaN
  const last = timeOf(keys.at(-1) ?? '')
  return Map.groupBy(keys, timeOf)
    .entries()
    .map(([time, row]) => (time === last ? `${time}: ${row.length}` : `${time}: ${row.toSorted().join()}`))
    .toArray()
}

async function usedHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
