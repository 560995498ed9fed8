// The page in a real browser, against what `npm start` runs: the demo city at eight on a Monday morning.

import { once } from 'node:events'
import type { Page, WebSocketRoute } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { texts as en } from '../../web/texts/en.ts'
import { demoAround } from '../helpers/demo-pages.ts'
import { axe, DESK, executablePath, PHONE, startDemo } from '../helpers/pages.ts'

describe.skipIf(!executablePath)('the page', () => {
  const demo = demoAround()
  const { open } = demo

  test('shows a busy stop at once, and its board moves by itself', async () => {
    const page = await open('/')
    // the first page of all: the machine may still be busy with the start
    await page.locator('.departure').nth(4).waitFor()
    await page.locator('.connection.is-open').waitFor()
    expect(await page.locator('#board-title').textContent()).not.toBe('')
    await page.getByText(/^Live data \d+ s old$/).waitFor()
    // only the list scrolls, not the page with the map
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)

    const second = await page.locator('.countdown').first().textContent()
    await expect.poll(() => page.locator('.countdown').first().textContent()).not.toBe(second)
    // what does not count down changes only when the server says something new
    const news = () => page.locator('.departure-facts, .clock-times').allTextContents()
    const before = (await news()).join('|')
    await expect.poll(async () => (await news()).join('|'), { interval: 250 }).not.toBe(before)

    await page.getByRole('link', { name: 'Open as a display' }).click()
    await page.locator('.wall-row').first().waitFor()
    await page.context().close()
  })

  test('a lost connection is said, mended, and the board goes on', async () => {
    const sockets: WebSocketRoute[] = []
    let reachable = true
    const page = await open('/', {}, async page => {
      await page.routeWebSocket('**/live', socket => {
        sockets.push(socket)
        if (reachable) socket.connectToServer()
        else socket.close()
      })
    })
    await page.locator('.departure').first().waitFor()
    // lost until that has been seen
    reachable = false
    await sockets[0]!.close()
    await page.getByText(/Connection lost, trying again in \d+ s/).waitFor()
    await page.getByText(/As of \d\d:\d\d:\d\d/).waitFor()
    reachable = true
    await page.locator('.connection.is-open').waitFor()
    expect(await page.locator('.departure').count()).toBeGreaterThan(4)
    expect(sockets.length).toBeGreaterThan(1)
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

  test('German in the dark on a phone: nothing sticks out, three views one tap away', async () => {
    const page = await open('/', { viewport: PHONE, locale: 'de-DE', colorScheme: 'dark' })
    await page.locator('.departure').first().waitFor()
    await expect.poll(() => page.title()).toMatch(/^Abfahrten .+ · Freifahrt$/)
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
    // letters twice as large: every word of the bar is whole, and where a vehicle goes is still one line's work
    const large = await page.addStyleTag({ content: 'html { font-size: 200% }' })
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 })
      const cut = await page.evaluate(`[...document.querySelectorAll('.views button, .departure .headsign')]
        .filter(e => e.checkVisibility())
        .filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth || e.clientWidth < 80)
        .map(e => e.textContent)`)
      expect(cut).toEqual([])
    }
    await large.evaluate('style => style.remove()')
    await page.getByRole('button', { name: 'Verbindung' }).click()
    await page.getByRole('combobox', { name: 'Von' }).waitFor()
    await page.getByRole('button', { name: 'Karte' }).click()
    await page.locator('.map[data-ready]').waitFor()
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

  test('what does not load is said and loads by itself later: suggestions, a language, the words of the page, its map', async () => {
    const off = new Set<string>()
    const prepare = async (page: Page) => {
      for (const part of ['api/v1/geocode', 'assets/de-', 'assets/uk-', 'assets/map-'])
        await page.route(
          url => url.pathname.startsWith(`/${part}`),
          route => (off.has(part) ? route.abort() : route.fallback()),
        )
    }
    // nothing may come from the service worker, which asks by itself
    const options = { serviceWorkers: 'block', viewport: DESK } as const
    for (const part of ['api/v1/geocode', 'assets/de-', 'assets/map-']) off.add(part)
    const page = await open('/', options, prepare)
    await page.locator('.departure').first().waitFor()
    await page.locator('.map-failed').getByText(en.mapMissing).waitFor()
    const search = page.getByRole('combobox', { name: en.searchStop })
    await search.fill('reinol')
    await page.locator('.place-search .hint').getByText(en.suggestionsFailed).waitFor()
    expect(await page.locator('.place-search [role=status]').textContent()).toBe(en.suggestionsFailed)
    expect(await axe(page)).toEqual([])
    off.delete('api/v1/geocode')
    await page.getByRole('option', { name: /Reinoldikirche/ }).waitFor()
    expect(await page.getByText(en.suggestionsFailed).count()).toBe(0)

    await page.locator('select.language').selectOption('de')
    await page.getByRole('alert').getByText('Deutsch cannot be loaded just now.').waitFor()
    expect(await page.locator('select.language').inputValue()).toBe('en')
    expect(await axe(page)).toEqual([])
    off.delete('assets/de-')
    off.delete('assets/map-')
    await page.locator('html[lang=de]').waitFor()
    await page.locator('.language-failed').waitFor({ state: 'detached' })
    await page.locator('.map[data-ready]').waitFor()
    expect(await page.locator('.map-failed').count()).toBe(0)
    await page.context().close()

    off.add('assets/uk-')
    const first = await open('/', { ...options, locale: 'uk-UA' }, prepare)
    await first.getByText(/^Сторінка ще не завантажується/).waitFor()
    off.delete('assets/uk-')
    await first.locator('.departure').first().waitFor()
    expect(await first.locator('html').getAttribute('lang')).toBe('uk')
    await first.context().close()
  })

  test('an address that has no page: said in the reader\u2019s language, with a way home, however deep', async () => {
    for (const path of ['/diplay?stop=1', '/a/b/c']) {
      const page = await open(path, { locale: 'uk-UA' })
      await page.getByRole('heading', { name: 'Такої сторінки немає.' }).waitFor()
      expect(await axe(page)).toEqual([])
      await page.getByRole('link').click()
      await page.locator('.departure').first().waitFor()
      expect(new URL(page.url()).pathname).toBe('/')
      await page.context().close()
    }
  })

  test('on paper: the board with its day and without what moves or is pressed', async () => {
    const page = await open('/', { colorScheme: 'dark' })
    await page.locator('.departure').nth(4).waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.getByText(/^As of Monday, November 23, 2026, 08:\d\d$/).waitFor()
    for (const gone of ['.countdown', '.freshness', '.views', '.place-search', '.map-panel'])
      expect(await page.locator(gone).first().isVisible(), gone).toBe(false)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    await page.context().close()
  })

  test('from right to left: planner and display in Arabic, without barriers', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660', { locale: 'ar' })
    await page.locator('.itinerary-row').first().click()
    await page.locator('.legs').waitFor()
    expect(await page.evaluate('[document.dir, document.documentElement.lang]')).toEqual(['rtl', 'ar'])
    expect(await axe(page)).toEqual([])
    await page.goto(`${demo.url}/display?stop=${await demo.stopCalled('Reinoldikirche')}`)
    await page.locator('.wall-row').nth(3).waitFor()
    expect(await page.evaluate('[document.dir, document.documentElement.lang]')).toEqual(['rtl', 'ar'])
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test('a board that the server cannot read grows old on every page, though the server is there', async () => {
    const stop = await demo.stopCalled('Reinoldikirche')
    const sockets: WebSocketRoute[] = []
    let readable = true
    const pages = (await Promise.all(
      [`/?stop=${stop}`, `/display?stop=${stop}`].map(path =>
        open(path, {}, async page => {
          await page.clock.install()
          await page.routeWebSocket('**/live', socket => {
            sockets.push(socket)
            socket.connectToServer().onMessage(text => readable && socket.send(text))
          })
        }),
      ),
    )) as [Page, Page]
    for (const page of pages) await page.locator('.source[data-source=predicted]').first().waitFor()
    readable = false
    for (let passed = 0; passed < 72; passed += 12) {
      for (const socket of sockets) socket.send(JSON.stringify({ type: 'hb', now: 0, ch: {}, feed: {} }))
      for (const page of pages) await page.clock.fastForward(12_000)
    }
    const [planner, display] = pages
    for (const page of pages) await page.locator('.source[data-source=stale]').first().waitFor()
    await display.getByText(/^Connected, but nothing new since \d\d:\d\d\. Times may be outdated\.$/).waitFor()
    await planner
      .locator('.freshness.is-warning')
      .getByText(/^As of \d\d:\d\d:\d\d · /)
      .waitFor()
    expect(await planner.locator('.connection.is-open').count()).toBe(1)
    for (const page of pages) await page.context().close()
  })

  const LONGEST_RETRY = 60 // seconds
  // last: it takes the server from under the others
  test('the server is killed and started again: every page says so, and goes on by itself', async () => {
    const stop = await demo.stopCalled('Reinoldikirche')
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

    demo.server.kill('SIGKILL')
    await once(demo.server, 'exit')
    await planner.getByText(/Connection lost, trying again in \d+ s/).waitFor()
    await operations.getByText(/Connection lost, trying again in \d+ s/).waitFor()
    // a wall does not cry at once: only when two heartbeats are missing
    await display.clock.fastForward(45_000)
    await display.getByText(/^No connection since \d\d:\d\d\. /).waitFor()
    expect(await planner.locator('.departure').count()).toBeGreaterThan(0)
    expect(await operations.locator('.ops-table tbody tr').count()).toBeGreaterThan(0)
    expect(await display.locator('.wall-row').count()).toBeGreaterThan(0)

    ;({ server: demo.server } = await startDemo(Number(new URL(demo.url).port)))
    await passes(LONGEST_RETRY)
    await planner.locator('.connection.is-open').waitFor()
    await operations.locator('.connection.is-open').waitFor()
    await display.getByText(/^Live, \d+ s old$/).waitFor()
    await planner.locator('.departure').nth(3).waitFor()
    await operations.locator('.ops-table tbody tr').nth(5).waitFor()
    await display.locator('.wall-row').nth(3).waitFor()
    for (const page of [planner, operations, display]) await page.context().close()
  })
})
