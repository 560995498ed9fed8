// The page in a real browser, against what `npm start` runs: the demo city at eight on a Monday morning.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepHour, writeDay, writeSums } from '#workers/statistics/folder.ts'
import { axe, executablePath, openPage, PHONE, startBrowser, startDemo } from '../helpers/pages.ts'

describe.skipIf(!executablePath)('the page', { timeout: 90_000 }, () => {
  let server: ChildProcess
  let url: string
  let browser: Browser
  const problems: string[] = []
  const statistics = mkdtempSync(join(tmpdir(), 'freifahrt-days-'))

  beforeAll(async () => {
    ;[{ server, url }, browser] = await Promise.all([startDemo(0, statistics), startBrowser()])
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    if (server?.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    rmSync(statistics, { recursive: true })
    expect(problems).toEqual([])
  })

  const open = (
    path: string,
    options?: BrowserContextOptions,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Page> => openPage(browser, url, path, problems, options, prepare)

  test('shows a busy stop at once, and its board moves by itself', async () => {
    const page = await open('/')
    await page.locator('.departure').nth(4).waitFor()
    await page.locator('.connection.is-open').waitFor()
    expect(await page.locator('#board-title').textContent()).not.toBe('')
    expect(await page.locator('.freshness').textContent()).toMatch(/^Live data \d+ s old$/)
    // only the list scrolls, not the page with the map
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)

    const second = await page.locator('.countdown').first().textContent()
    await expect.poll(() => page.locator('.countdown').first().textContent(), { timeout: 20_000 }).not.toBe(second)
    // what does not count down changes only when the server says something new
    const news = () => page.locator('.departure-facts, .clock-times').allTextContents()
    const before = (await news()).join('|')
    await expect.poll(async () => (await news()).join('|'), { timeout: 20_000, interval: 250 }).not.toBe(before)
    await page.context().close()
  })

  test('a lost connection is said, mended, and the board goes on', async () => {
    let sockets = 0
    const page = await open('/', {}, async page => {
      await page.routeWebSocket('**/live', socket => {
        socket.connectToServer()
        if (sockets++ === 0) setTimeout(() => socket.close(), 1500)
      })
    })
    await page.locator('.departure').first().waitFor()
    await page.getByText(/Connection lost, trying again in \d+ s/).waitFor()
    await page.getByText(/As of \d\d:\d\d:\d\d/).waitFor()
    await page.locator('.connection.is-open').waitFor()
    expect(await page.locator('.departure').count()).toBeGreaterThan(4)
    expect(sockets).toBe(2)
    await page.context().close()
  })

  test('a stop is found with the keyboard alone, and the address can be shared', async () => {
    const page = await open('/')
    await page.locator('.departure').first().waitFor()
    await page.keyboard.press('Tab') // skip link
    await page.keyboard.press('Tab') // language
    const search = page.getByRole('combobox', { name: 'Search a stop' })
    for (let tabs = 0; tabs < 5 && (await page.evaluate('document.activeElement.role')) !== 'combobox'; tabs++)
      await page.keyboard.press('Tab')
    await page.keyboard.type('reinol')
    await page.getByRole('option', { name: /Reinoldikirche/ }).waitFor()
    expect(await search.getAttribute('aria-expanded')).toBe('true')
    expect(await search.getAttribute('aria-activedescendant')).toBeTruthy()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /Reinoldikirche/ }).waitFor()
    await page.locator('.departure').first().waitFor()
    expect(await search.getAttribute('aria-expanded')).toBe('false')

    const again = await open(new URL(page.url()).search)
    await again.getByRole('heading', { name: /Reinoldikirche/ }).waitFor()
    // not one of the first: they may leave any moment
    await again.locator('.departure-row').nth(8).focus()
    await again.keyboard.press('Enter')
    await again.locator('.run .stop-list li').nth(1).waitFor()
    await again.context().close()
    await page.goBack()
    await page.getByRole('heading', { name: /Reinoldikirche/ }).waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('a journey between two addresses, opened, drawn on the map and continued', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660')
    const rows = page.locator('.itinerary-row')
    await rows.nth(2).waitFor()
    const found = await rows.count()
    const map = page.locator('.map[data-ready]')
    await map.waitFor()
    await rows.first().click()
    const legs = page.locator('.legs > li')
    expect(await legs.count()).toBeGreaterThanOrEqual(3)
    expect(await legs.first().locator('.leg-walk').count()).toBe(1)
    await legs.locator('.line').first().waitFor()
    await legs.first().locator('summary').click()
    expect(await legs.first().locator('.steps li').count()).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'Later' }).click()
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBeGreaterThan(found)

    await expect.poll(() => colorsOf(page, map), { timeout: 20_000, interval: 500 }).toBeGreaterThan(30)
    await page.context().close()
  })

  test('nothing found: says why in the words of the reader, mends itself, and the field can be emptied', async () => {
    const page = await open('/?from=51.5065,7.4530&to=48.1,11.5', { locale: 'de-DE', viewport: PHONE })
    await page.getByText('In der Nähe des Ziels ist keine Straße auf der Karte.').waitFor()
    await page.goto(`${url}/?from=51.5065,7.4530&to=51.5640,7.4660&time=2031-01-01T09:00:00Z`)
    await page.getByText('So weit reicht der Fahrplan nicht.').waitFor()
    await page.route('**/api/v6/plan?*', route => route.abort(), { times: 1 })
    await page.goto(`${url}/?from=51.5065,7.4530&to=51.5640,7.4660`)
    await page.getByText('Der Server ist nicht erreichbar.').waitFor()
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).click()
    await page.locator('.itinerary-row').first().waitFor()
    await page.locator('.itinerary-row').first().click()
    await page.getByText(/^\d\.\d kg CO₂, mit dem Auto \d\.\d kg$/).waitFor()
    // letters twice as large: nothing is to be scrolled sideways
    await page.addStyleTag({ content: 'html { font-size: 200% }' })
    await expect
      .poll(() => page.evaluate(`(panel => panel.scrollWidth - panel.clientWidth)(document.querySelector('.panel'))`))
      .toBe(0)

    const search = page.getByRole('combobox', { name: 'Nach' })
    await search.fill('qqqq')
    await page.getByText('Nichts gefunden').last().waitFor()
    const [field, clear] = [await search.boundingBox(), await page.getByLabel('Nach: Leeren').boundingBox()]
    expect(clear!.y + clear!.height).toBeLessThanOrEqual(field!.y + field!.height)
    const blank = page.waitForRequest(/stoptimes\?stopId=demo_a\+b&/)
    await page.goto(`${url}/?from=demo_a%20b`)
    await blank
    await page.goto(`${url}/?stop=demo_nowhere`)
    await page.getByRole('heading', { name: 'Diese Haltestelle gibt es nicht.' }).waitFor()
    expect(await page.getByRole('button', { name: 'Von hier' }).count()).toBe(0)
    await page.context().close()
  })

  test('arriving by a time: the choice is in the address and in the answer', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660&time=2026-11-23T09:00:00Z&arrive')
    await page.locator('.itinerary-row').first().waitFor()
    expect(await page.getByLabel('Date and time').inputValue()).toBe('2026-11-23T10:00')
    const arrivals = await page.locator('.itinerary-times b').allTextContents()
    for (const times of arrivals) expect(times.slice(-5) <= '10:00').toBe(true)
    await page.context().close()
  })

  test('German in the dark on a phone: nothing sticks out, three views one tap away', async () => {
    const page = await open('/', { viewport: PHONE, locale: 'de-DE', colorScheme: 'dark' })
    await page.locator('.departure').first().waitFor()
    await expect.poll(() => page.title()).toMatch(/^Abfahrten .+ · Freifahrt$/)
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
    await page.getByRole('button', { name: 'Verbindung' }).click()
    await page.getByRole('combobox', { name: 'Von' }).waitFor()
    await page.getByRole('button', { name: 'Karte' }).click()
    await page.locator('.map[data-ready]').waitFor()
    await page.context().close()
  })

  test('what a rider wishes stays on the device; a watched journey is told of; a shared one opens', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660', { viewport: PHONE })
    await page.locator('.itinerary-row').first().waitFor()
    await page.locator('.wishes summary').click()
    const slow = page.waitForRequest(/pedestrianSpeed=0\.8/)
    await page.getByText('slowly').click()
    await slow
    const withoutBus = page.waitForRequest(request => /transitModes=/.test(request.url()) && !/BUS/.test(request.url()))
    await page.getByText('bus', { exact: true }).click()
    await withoutBus
    const rolling = page.waitForRequest(/pedestrianProfile=ELECTRIC_WHEELCHAIR&batteryRange=12500/)
    await page.getByLabel('electric wheelchair').fill('12.5')
    await page.getByLabel('electric wheelchair').press('Enter')
    await rolling
    await page.reload()
    await page.locator('.itinerary-row').first().waitFor()
    expect(await page.locator('.wishes-said').textContent()).toBe(
      'slowly · electric wheelchair, battery for 12.5 km · no bus',
    )
    await page.locator('.wishes summary').click()
    await page.getByLabel('electric wheelchair').fill('')
    await page.getByLabel('electric wheelchair').press('Enter')
    await expect.poll(() => page.locator('.wishes-said').textContent()).toBe('slowly · no bus')

    await page.locator('.itinerary-row').first().click()
    const text = await page.locator('[data-journey-text]').textContent()
    expect(text).toMatch(/^Leave \d\d:\d\d, arrive \d\d:\d\d, .*\. Walk .* At \d\d:\d\d take /)
    await page.getByRole('button', { name: 'Watch' }).click()
    await page
      .locator('.watched')
      .getByText(/All as planned|Late, but it works/)
      .waitFor()
    expect(await axe(page)).toEqual([])

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('Copied').waitFor()
    const copied: string = await page.evaluate('navigator.clipboard.readText()')
    expect(copied).toContain('take')
    const shared = await open(new URL(copied.split('\n').at(-1)!).search, { viewport: PHONE })
    await shared.getByRole('heading', { name: 'Shared journey' }).waitFor()
    await shared.locator('.legs').first().waitFor()
    await shared.context().close()
    await page.context().close()
  })

  test('no barrier in any state of the planner, in the light and in the dark', async () => {
    const page = await open('/')
    await page.locator('.map[data-ready]').waitFor()
    await page.locator('.departure-row').nth(8).click()
    await page.locator('.run .stop-list li').first().waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Reach' }).click()
    await page.getByRole('combobox', { name: 'From' }).fill('Rein')
    await page.locator('.suggestions [role=option]').first().waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.locator('.reach-stop').nth(5).waitFor()
    expect(await axe(page)).toEqual([])
    await page.context().close()
    const dark = await open('/?from=51.5065,7.4530&to=51.5640,7.4660', { viewport: PHONE, colorScheme: 'dark' })
    await dark.locator('.itinerary-row').first().click()
    await dark.locator('.legs').waitFor()
    await dark.locator('.wishes summary').click()
    expect(await axe(dark)).toEqual([])
    await dark.context().close()
  })

  test('operations: the fleet in numbers and on the map, filtered by the address, without barriers', async () => {
    const page = await open('/operations')
    await page.locator('.ops-table tbody tr').nth(5).waitFor()
    await page.locator('.map[data-ready]').waitFor()
    // in one look: between two a message may come
    const [all, inLines] = await page.evaluate<[string, string[]]>(`[
      document.querySelector('.ops-number b').textContent,
      [...document.querySelectorAll('.ops-table tbody td:nth-child(2)')].map(cell => cell.textContent),
    ]`)
    expect(inLines.reduce((sum, count) => sum + Number(count), 0)).toBe(Number(all))
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: /on time/ }).click()
    await page.getByRole('button', { name: 'Vehicles' }).click()
    expect(new URL(page.url()).search).toBe('?show=vehicles&state=on_time')
    await page.getByRole('button', { name: 'Cancelled', exact: true }).click()
    await page.locator('.ops-table caption').first().waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Lines', exact: true }).click()
    await page.locator('.ops-line').first().click()
    await page.locator('.ops-route .ops-table tbody tr').first().waitFor()
    expect(await axe(page)).toEqual([])
    const again = await open('/operations?show=vehicles&line=U42', { viewport: PHONE, colorScheme: 'dark' })
    await again.locator('.ops-table tbody tr').first().waitFor()
    expect(new Set(await again.locator('.ops-table tbody .line').allTextContents())).toEqual(new Set(['U42']))
    expect(await axe(again)).toEqual([])
    await again.getByRole('button', { name: 'Feeds' }).click()
    await again.getByText('up to date').first().waitFor()
    expect(await again.locator('.ops-counts').textContent()).toMatch(/matched100 %/)
    await again.getByRole('button', { name: 'Notices' }).click()
    await again.locator('.ops-list li').first().waitFor()
    expect(await axe(again)).toEqual([])
    await again.context().close()
    await page.context().close()
  })

  test('operations: yesterday line by line, the worst first by whatever is asked for, without barriers', async () => {
    const counts = { planned: 40, observed: 36, early: 0, missing: 3, cancelled: 1, delaySeconds: 36 * 90 }
    const line = (name: string, late: number, crowded: number, bunched: number) => ({
      ...{ ...counts, route: `demo_${name}`, line: name, late, onTime: 36 - late },
      ...{ withOccupancy: 20, crowded, headways: bunched < 0 ? 0 : 20, bunched: Math.max(0, bunched), gaps: 0 },
    })
    for (const date of ['2026-11-21', '2026-11-22', '2026-11-23']) {
      const routes = [line('U41', 9, 2, 5), line('U42', 18, 0, 1), line('S1', 0, 10, -1)]
      await keepHour(statistics, { from: `${date}T08:00:00Z`, date, seconds: 3600, feeds: [], routes })
      await writeDay(statistics, date)
    }
    await writeSums(statistics)
    const page = await open('/operations?show=statistics')
    await page.locator('.ops-table tbody tr').nth(2).waitFor()
    // the 23rd is under way
    expect(await page.locator('select').last().inputValue()).toBe('2026-11-22')
    const rows = () => page.locator('.ops-table tbody tr').allTextContents()
    const lines = async () => (await rows()).map(text => /^(U41|U42|S1)/.exec(text)?.[0])
    expect((await rows())[0]).toBe('U41open4092 % seen75 %+1:30125 %10 %')
    await page.getByRole('button', { name: 'punctuality' }).click()
    expect(await lines()).toEqual(['U42', 'U41', 'S1'])
    await page.getByRole('button', { name: 'bunched' }).click()
    expect(await lines()).toEqual(['U41', 'U42', 'S1'])
    await page.getByRole('button', { name: 'crowded' }).click()
    expect(await lines()).toEqual(['S1', 'U41', 'U42'])
    expect(await axe(page)).toEqual([])
    await page.locator('select').last().selectOption('2026-11-21')
    expect(new URL(page.url()).search).toBe('?show=statistics&day=2026-11-21')
    await page.goto(`${url}/operations?show=statistics&day=../days`)
    await page.locator('.ops-table tbody tr').nth(2).waitFor()
    expect(await page.locator('select').last().inputValue()).toBe('2026-11-22')
    await page.context().close()
    const phone = await open('/operations?show=statistics', { viewport: PHONE, colorScheme: 'dark' })
    await phone.locator('.ops-table tbody tr').nth(2).waitFor()
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)
    expect(await axe(phone)).toEqual([])
    await phone.context().close()
  })

  test('from right to left: planner and display in Arabic, without barriers', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660', { locale: 'ar' })
    await page.locator('.itinerary-row').first().click()
    await page.locator('.legs').waitFor()
    expect(await page.evaluate('[document.dir, document.documentElement.lang]')).toEqual(['rtl', 'ar'])
    expect(await axe(page)).toEqual([])
    await page.goto(`${url}/display?stop=${await stopCalled('Reinoldikirche')}`)
    await page.locator('.wall-row').nth(3).waitFor()
    expect(await page.evaluate('[document.dir, document.documentElement.lang]')).toEqual(['rtl', 'ar'])
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  const LONGEST_RETRY = 60 // seconds
  // last: it takes the server from under the others
  test('the server is killed and started again: every page says so, and goes on by itself', async () => {
    const stop = await stopCalled('Reinoldikirche')
    // their time goes on by itself, and further when the test says so: nobody waits for silences and retries
    const [planner, operations, display] = (await Promise.all(
      [`/?stop=${stop}`, '/operations', `/display?stop=${stop}`].map(path =>
        open(path, {}, page => page.clock.install()),
      ),
    )) as [Page, Page, Page]
    const passes = (seconds: number) =>
      Promise.all([planner, operations, display].map(page => page.clock.fastForward(seconds * 1000)))
    await planner.locator('.connection.is-open').waitFor()
    await operations.locator('.connection.is-open').waitFor()
    await display.getByText(/^Live, \d+ s old$/).waitFor()

    server.kill('SIGKILL')
    await once(server, 'exit')
    await planner.getByText(/Connection lost, trying again in \d+ s/).waitFor()
    await operations.getByText(/Connection lost, trying again in \d+ s/).waitFor()
    // a wall does not cry at once: only when two heartbeats are missing
    await display.clock.fastForward(45_000)
    await display.getByText(/^No connection since \d\d:\d\d\. /).waitFor()
    expect(await planner.locator('.departure').count()).toBeGreaterThan(0)
    expect(await operations.locator('.ops-table tbody tr').count()).toBeGreaterThan(0)
    expect(await display.locator('.wall-row').count()).toBeGreaterThan(0)

    ;({ server } = await startDemo(Number(new URL(url).port)))
    await passes(LONGEST_RETRY)
    await planner.locator('.connection.is-open').waitFor()
    await operations.locator('.connection.is-open').waitFor()
    await display.getByText(/^Live, \d+ s old$/).waitFor()
    await planner.locator('.departure').nth(3).waitFor()
    await operations.locator('.ops-table tbody tr').nth(5).waitFor()
    await display.locator('.wall-row').nth(3).waitFor()
    for (const page of [planner, operations, display]) await page.context().close()
  }, 180_000)

  async function stopCalled(name: string): Promise<string> {
    const found = await fetch(`${url}/api/v1/geocode?type=STOP&text=${name}`)
    return ((await found.json()) as { id: string }[])[0]!.id
  }
})

/** How many different colours are seen: a map that was not drawn has a handful. */
async function colorsOf(page: Page, element: ReturnType<Page['locator']>): Promise<number> {
  const png = (await element.screenshot()).toString('base64')
  return page.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${png}'
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const drawing = canvas.getContext('2d')
    drawing.drawImage(image, 0, 0)
    return new Set(new Uint32Array(drawing.getImageData(0, 0, image.width, image.height).data.buffer)).size
  })()`)
}
