// The operators' page in a real browser.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { keepHour, writeDay, writeSums } from '#workers/statistics/folder.ts'
import { texts as en } from '../../web/texts/en.ts'
import { demoAround } from '../helpers/demo-pages.ts'
import { axe, DESK, executablePath, PHONE } from '../helpers/pages.ts'

describe.skipIf(!executablePath)('operations', () => {
  const statistics = mkdtempSync(join(tmpdir(), 'freifahrt-days-'))
  const demo = demoAround(statistics)
  const { open } = demo
  afterAll(() => rmSync(statistics, { recursive: true }))

  test('the fleet in numbers and on the map, filtered by the address, without barriers', async () => {
    const asked: string[] = []
    const page = await open('/operations', {}, async page => {
      page.on('websocket', socket => socket.on('framesent', ({ payload }) => asked.push(String(payload))))
    })
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
    // the browser tells of an address a little after the page has changed it
    await expect.poll(() => new URL(page.url()).search).toBe('?show=vehicles&state=on_time')
    await page.getByRole('button', { name: 'Cancelled', exact: true }).click()
    await page.locator('.ops-table caption').first().waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Lines', exact: true }).click()
    await page.locator('.ops-line').first().click()
    await page.locator('.ops-route .ops-table tbody tr').first().waitFor()
    // early is not late
    expect(await page.locator('.ops-route .ops-counts').textContent()).toMatch(/median delay\u200e[+−±]\d+:\d\d/)
    for (const channel of [/"fleet:demo;lang=en"/, /"alerts:demo;lang=en"/, /"route:[^"]+;lang=en"/])
      expect(asked.some(message => channel.test(message))).toBe(true)
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

  test.each([DESK, PHONE])('its sections stand in full rows in every language: $width px', async viewport => {
    const page = await open('/operations', { viewport })
    await page.locator('.ops-table tbody tr').first().waitFor()
    const names = await page
      .locator('select.language option')
      .evaluateAll(options => options.map(o => o.getAttribute('value')!))
    expect(names.length).toBe(5)
    for (const name of names) {
      await page.locator('select.language').selectOption(name)
      await page.locator(`html[lang=${name}]`).waitFor()
      const tops = await page
        .locator('.ops-sections button')
        .evaluateAll(buttons => buttons.map(button => button.getBoundingClientRect().top))
      const rows = [...Map.groupBy(tops, top => top).values()].map(({ length }) => length)
      expect(new Set(rows).size, `${name}: ${rows}`).toBe(1)
      // a line with a long name, and back
      await page.locator('.ops-line').first().click()
      await page.locator('.ops-route .ops-table tbody tr').first().waitFor()
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width)
      await page.locator('.ops-route header button').click()
      await page.locator('.ops-line').first().waitFor()
      // the map opens anew in each
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width)
    }
    await page.context().close()
  })

  test('closed for not reading (L4), and no server after that: no feed is called up to date any more', async () => {
    let hangUp = () => {}
    let lost = false
    const page = await open('/operations', { viewport: PHONE }, async page => {
      await page.routeWebSocket('**/live', socket => {
        if (lost) return socket.close({ code: 1013 })
        const server = socket.connectToServer()
        hangUp = () => {
          lost = true
          socket.close({ code: 4408, reason: 'too slow' })
          server.close()
        }
      })
    })
    const feeds = page.locator('.ops-clock span')
    await page.locator('.ops-clock .fact-good').waitFor()
    hangUp()
    await page.locator('.connection.is-lost').waitFor()
    expect([await feeds.textContent(), await feeds.getAttribute('class')]).toEqual([
      'The server cannot be reached.',
      'fact-quiet',
    ])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width)
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test('a feed that ages is no bad one; one that is silent is', async () => {
    for (const [state, colour, word] of [
      ['aging', 'fact-good', 'ageing'],
      ['stale', 'fact-bad', 'silent'],
    ] as const) {
      const page = await open('/operations?show=feeds', {}, async page => {
        await page.routeWebSocket('**/live', socket => {
          socket.connectToServer().onMessage(text => {
            const message = JSON.parse(String(text))
            const withState = (rows: object[]) => rows.map(row => ({ ...row, state }))
            if (message.ch !== 'feed:demo') return socket.send(text)
            if (message.type === 'snap') socket.send(JSON.stringify({ ...message, rows: withState(message.rows) }))
            if (message.type === 'delta') socket.send(JSON.stringify({ ...message, up: withState(message.up) }))
          })
        })
      })
      // the first list is of realtime; conditions have one of their own
      const heading = page.locator('.ops-list:not(.ops-heading + *) .ops-feed-head b')
      await heading.getByText(word).waitFor()
      expect(await heading.getAttribute('class'), state).toBe(colour)
      expect(await page.locator('.ops-clock span').getAttribute('class'), state).toBe(colour)
      await page.context().close()
    }
  })

  test('what the server says does not work is said, and how old the word on rentals, lifts and car parks is', async () => {
    const answer: { degraded?: string[] } = {}
    const page = await open('/operations?show=feeds', { viewport: PHONE }, async page => {
      await page.clock.install()
      await page.route('**/health/ready', route => route.fulfill({ status: 503, json: { ready: false, ...answer } }))
      await page.route('**/api/freifahrt/v1/feeds?*', async route => {
        const feeds = (await (await route.fetch()).json()) as object
        const from = (kind: string, ageSeconds?: number) => ({ kind, tag: 'demo', url: `https://${kind}`, ageSeconds })
        const conditions = [from('gbfs'), from('elevators', 3600)]
        await route.fulfill({ json: { ...feeds, conditions } })
      })
    })
    const lists = page.locator('.ops-list')
    await lists.nth(1).getByText('waiting').waitFor()
    expect(await lists.nth(1).locator('li').allTextContents()).toEqual([
      'waiting Vehicles for rent https://gbfsdemo',
      expect.stringMatching(/^silent Lifts https:\/\/elevatorsdemoAge 6\d:\d\dtoo old, no longer used$/),
    ])
    expect(await page.locator('.ops-clock span').textContent()).toBe('2 feeds in trouble')
    expect(await page.locator('.ops-troubles').textContent()).toBe('')
    // asked again by itself; a word that this page does not know is said as it is
    answer.degraded = ['redis', 'moon']
    await page.clock.fastForward(31_000)
    await page.locator('.ops-troubles p').nth(1).waitFor()
    expect(await page.locator('.ops-troubles p').allTextContents()).toEqual([
      'Redis cannot be reached: what other processes hear does not arrive here.',
      'moon',
    ])
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: en.operations.sections.statistics }).click()
    await page.getByText(en.operations.noDays).waitFor()
    await page.context().close()
  })

  test('yesterday line by line, the worst first by whatever is asked for, without barriers', async () => {
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
    expect((await rows())[0]).toBe('U41open4092 % seen75 %\u200e+1:30125 %10 %')
    await page.getByRole('button', { name: 'punctuality' }).click()
    await expect.poll(lines).toEqual(['U42', 'U41', 'S1'])
    await page.getByRole('button', { name: 'bunched' }).click()
    await expect.poll(lines).toEqual(['U41', 'U42', 'S1'])
    await page.getByRole('button', { name: 'crowded' }).click()
    await expect.poll(lines).toEqual(['S1', 'U41', 'U42'])
    expect(await axe(page)).toEqual([])
    await page.locator('select').last().selectOption('2026-11-21')
    await expect.poll(() => new URL(page.url()).search).toBe('?show=statistics&day=2026-11-21')
    await page.goto(`${demo.url}/operations?show=statistics&day=../days`)
    await page.locator('.ops-table tbody tr').nth(2).waitFor()
    expect(await page.locator('select').last().inputValue()).toBe('2026-11-22')
    await page.context().close()
    const phone = await open('/operations?show=statistics', { viewport: PHONE, colorScheme: 'dark' })
    await phone.locator('.ops-table tbody tr').nth(2).waitFor()
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)
    expect(await axe(phone)).toEqual([])
    await phone.context().close()
  })
})
