// The display in a real browser, on a small city whose server is taken away and given back.

import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '#api/server.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { BEGIN, displayDay, STATION } from '../helpers/display-day.ts'
import { freePort } from '../helpers/free-port.ts'
import { axe, executablePath, openPage, PHONE, startBrowser, WALL } from '../helpers/pages.ts'

const EIGHT = BEGIN + 4 * 3600

describe.skipIf(!executablePath)('the display', () => {
  const { service, newTrouble } = displayDay(7)
  const problems: string[] = []
  let browser: Browser
  let webRoot: string
  let server: Server

  beforeAll(async () => {
    // eight in the morning, and a clock that goes on
    const begun = performance.now()
    service.clock.now = () => (EIGHT + (performance.now() - begun) / 1000) as UnixSeconds
    service.time = EIGHT as UnixSeconds
    newTrouble()
    ;[webRoot, browser] = await Promise.all([ensureWebBuilt(join(import.meta.dirname, '../..')), startBrowser()])
    // it comes back to it
    server = await startServer(service, { port: await freePort(), webRoot })
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    expect(problems).toEqual([])
  })

  const open = (path: string, options = {}, prepare?: (page: Page) => Promise<void>): Promise<Page> =>
    openPage(browser, server.url, path, problems, options, prepare)
  const rowsOf = (page: Page) => page.locator('.wall-row .wall-where b').allTextContents()

  // bench/pages.ts says how long it takes
  test('from its address alone: a full board after its own files and one answer of the live part', async () => {
    const asked: string[] = []
    const page = await open(`/display?stop=${STATION}`, { viewport: WALL }, async page => {
      page.on('request', request => asked.push(request.resourceType()))
      // the timetable of the next days comes in its own time
      await page.route('**/api/**', () => {})
    })
    await page.locator('.wall-row').nth(8).waitFor()
    expect(asked.filter(type => type !== 'fetch').length, asked.join()).toBeLessThanOrEqual(12)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.context().close()
  })

  test.each([
    ['landscape', WALL],
    ['portrait', { width: 1080, height: 1920 }],
    ['eink', { width: 800, height: 600 }],
    ['landscape', PHONE],
  ] as const)('%s at %o: every row inside the screen, and no barrier', async (layout, viewport) => {
    const title = 'Immermannstraße, Klinikzentrum Nord und Westfalenpark'
    const page = await open(`/display?stop=${STATION}&layout=${layout}&walk=2&title=${title}`, { viewport })
    await page.locator('.wall-row').nth(7).waitFor()
    // it counts the rows that fit when it has been drawn
    const inside = async (): Promise<boolean> => {
      const box = (await page.locator('.wall-row').last().boundingBox())!
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      return box.y + box.height <= viewport.height && Math.max(box.x + box.width, width) <= viewport.width
    }
    await expect.poll(inside).toBe(true)
    expect(await page.locator('.wall-clock').textContent()).toMatch(layout === 'eink' ? /^08:\d\d$/ : /^08:\d\d:\d\d$/)
    expect(await page.locator('.wall > .sr-only').textContent()).toMatch(/^Departures at Hbf\. It is 08:\d\d\. /)
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test('LED rows: letters in a grid, line to the left and minutes to the right', async () => {
    const page = await open(`/display?stop=${STATION}&layout=led&rows=3&columns=20`)
    const text = (await page.locator('pre').textContent())!
    await expect.poll(() => page.locator('pre').textContent()).toMatch(/^(U42|U46|S1)/)
    const rows = (await page.locator('pre').textContent())!.split('\n')
    expect(rows.map(row => row.length)).toEqual([20, 20, 20])
    for (const row of rows) expect(row).toMatch(/^(U42|U46|S1) {1,3}[CDF] +(now|~?\d+'|--|\d\d:\d\d)$/)
    expect(text).not.toBe('')
    expect(await axe(page)).toEqual([])
    // among Arabic a row still runs from its line to its minutes, their sign behind them
    await page.goto(`${server.url}/display?stop=${STATION}&layout=led&rows=3&columns=20&lang=ar`)
    await expect.poll(() => page.locator('pre').textContent()).toMatch(/^(U42|U46|S1).*\d'$/m)
    const places = await page.evaluate<number[]>(`(text => {
      const end = text.data.indexOf("'") + 1
      const begin = text.data.lastIndexOf('\\n', end) + 1
      return [begin, end - 2, end - 1].map(at => {
        const range = document.createRange()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect().left
      })
    })(document.querySelector('pre').firstChild)`)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    await page.context().close()
  })

  test('a stop that does not exist, and none at all: said in plain words', async () => {
    const page = await open('/display?stop=nowhere')
    await page.locator('.wall-empty').getByText('There is no such stop.').waitFor()
    expect(await axe(page)).toEqual([])
    await page.goto(`${server.url}/display`)
    await page.getByText('Which stop?').waitFor()
    await page.goto(`${server.url}/display?stop=nowhere&lang=DE_de`)
    await page.locator('.wall-empty').getByText('Diese Haltestelle gibt es nicht.').waitFor()
    await page.goto(`${server.url}/display?stop=${STATION}&lang=no%20language`)
    await page.locator('.wall-row').nth(8).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.context().close()
  })

  test('a browser that keeps nothing shows the board all the same', async () => {
    const page = await open(`/display?stop=${STATION}`, { viewport: WALL }, async page => {
      await page.addInitScript(`for (const name of ['localStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })`)
    })
    await page.locator('.wall-row').nth(8).waitFor()
    await page.context().close()
  })

  test('the server goes: the board stays and says so, also after a restart of the display; the server comes back', async () => {
    const page = await open(`/display?stop=${STATION}`, { viewport: WALL })
    await page.locator('.wall-row').nth(8).waitFor()
    await page.getByText(/^Times from the timetable$/).waitFor()
    const before = await rowsOf(page)
    // the page's files and the first hours of the timetable are on the device
    await page.waitForFunction(`caches.match(location.origin + '/display').then(Boolean)`)
    await page.waitForFunction(`new Promise(resolve => {
      const opening = indexedDB.open('freifahrt-display')
      opening.onsuccess = () => {
        const keys = opening.result.transaction('values').objectStore('values').getAllKeys()
        keys.onsuccess = () => { opening.result.close(); resolve(keys.result.length > 1) }
      }
    })`)
    const port = server.port
    await server.close()
    await expect.poll(() => rowsOf(page)).toEqual(before)

    await page.reload()
    await page.locator('.wall-row').nth(8).waitFor()
    await page.getByText(/^No connection since \d\d:\d\d\. Times from the timetable\.$/).waitFor()
    await page.getByText(/^Timetable known until /).waitFor()
    expect(await page.locator('h1').textContent()).toBe('Hbf')
    expect(await page.locator('.wall-clock').textContent()).toMatch(/^08:\d\d:\d\d$/)
    expect(await axe(page)).toEqual([])

    server = await startServer(service, { port, webRoot })
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await page.getByText(/^Times from the timetable$/).waitFor()
    await page.context().close()
  })
})
