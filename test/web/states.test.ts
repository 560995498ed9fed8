// Where a time comes from, as riders see and hear it: the pages in a real browser, told of every source that there is.

import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TimeSource } from '#api/contract/common.ts'
import type { FeedState, Snap } from '#api/live/messages.ts'
import type { Row } from '#api/live/rows/board.ts'
import { type Server, startServer } from '#api/server.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { texts as en } from '../../web/texts/en.ts'
import { BEGIN, displayDay, STATION } from '../helpers/display-day.ts'
import { axe, executablePath, openPage, PHONE, startBrowser, WALL } from '../helpers/pages.ts'

const TOLD: readonly TimeSource[] = ['predicted', 'propagated', 'recorded']
const ABOUT: readonly TimeSource[] = ['own', 'kept']
const SOURCES: readonly TimeSource[] = [...TOLD, ...ABOUT, 'nodata', 'stale', 'scheduled']
const LATE = 120 // seconds

describe.skipIf(!executablePath)('where a time comes from', () => {
  const { service } = displayDay(7)
  const problems: string[] = []
  let browser: Browser
  let server: Server

  beforeAll(async () => {
    service.time = (BEGIN + 4 * 3600) as typeof service.time
    const [webRoot, started] = await Promise.all([ensureWebBuilt(join(import.meta.dirname, '../..')), startBrowser()])
    browser = started
    server = await startServer(service, { port: 0, webRoot })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    expect(problems).toEqual([])
  })

  const open = (path: string, options: object): Promise<Page> =>
    openPage(browser, server.url, path, problems, options, async page => {
      await page.routeWebSocket('**/live', socket => {
        socket.connectToServer().onMessage(text => socket.send(told(String(text))))
      })
    })

  test('a board: sign, word and meaning; only what the feed says counts seconds and is coloured', async () => {
    const page = await open(`/?stop=${STATION}`, { viewport: PHONE })
    const rows = page.locator('.departure')
    await rows.nth(SOURCES.length - 1).waitFor()
    for (const [i, source] of SOURCES.entries()) {
      const sign = rows.nth(i).locator('.source')
      expect(await sign.getAttribute('data-source')).toBe(source)
      expect(await sign.getAttribute('title')).toBe(en.sourcesMean[source])
      const facts = (await rows.nth(i).locator('.departure-facts').textContent())!
      expect(facts, source).toContain(en.sources[source])
      expect(facts.includes('+2 min'), source).toBe(TOLD.includes(source) || ABOUT.includes(source))
      expect(await rows.nth(i).locator('.departure-facts .fact-late').count(), source).toBe(
        TOLD.includes(source) ? 1 : 0,
      )
      const inSeconds = (await rows.nth(i).locator('.countdown').textContent())!.includes(':')
      expect(inSeconds, source).toBe(TOLD.includes(source))
    }
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test('a feed that ages is live with its age beside it; only one that is silent is a warning', async () => {
    for (const [state, ago, words] of [
      ['aging', 240, 'Live data 4 min old'],
      ['stale', 400, 'No live data since'],
    ] as const) {
      const page = await openPage(
        browser,
        server.url,
        `/?stop=${STATION}`,
        problems,
        { viewport: PHONE },
        async page => {
          await page.routeWebSocket('**/live', socket => {
            socket.connectToServer().onMessage(text => socket.send(withFeed(String(text), state, ago)))
          })
        },
      )
      const line = page.locator('.freshness')
      await line.getByText(words).waitFor()
      expect(await line.getAttribute('class'), state).toBe(state === 'aging' ? 'freshness' : 'freshness is-warning')
      await page.context().close()
    }
  })

  test('operations without a realtime source: what is missing, and every tab whole', async () => {
    const page = await openPage(browser, server.url, '/operations', problems, { locale: 'de-DE' })
    await page.getByText(/^Ohne Echtzeitquelle/).waitFor()
    const cut = await page.evaluate(`[...document.querySelectorAll('.ops-sections button')]
      .filter(e => e.scrollWidth > e.clientWidth || e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right)
      .map(e => e.textContent)`)
    expect(cut).toEqual([])
    await page.context().close()
  })

  test('on the wall: green is what the feed says, the rest says what it is', async () => {
    const page = await open(`/display?stop=${STATION}&rows=8`, { viewport: WALL })
    const rows = page.locator('.wall-row')
    await rows.nth(SOURCES.length - 1).waitFor()
    for (const [i, source] of SOURCES.entries()) {
      expect(await rows.nth(i).locator('.source').getAttribute('data-source')).toBe(source)
      expect(await rows.nth(i).locator('.wall-when.is-live').count(), source).toBe(TOLD.includes(source) ? 1 : 0)
      expect(await rows.nth(i).locator('.wall-when').textContent(), source).toContain(en.sources[source])
    }
    const spoken = (await page.locator('.wall > .sr-only').textContent())!
    for (const source of SOURCES) expect(spoken.includes(en.sources[source]), source).toBe(!TOLD.includes(source))
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })
})

/** What was said, as if the only feed there is had last been heard so many seconds ago. */
function withFeed(text: string, state: FeedState['state'], ago: number): string {
  const message = JSON.parse(text) as Snap
  return message.type === 'snap'
    ? JSON.stringify({ ...message, feed: { demo: { state, asOf: message.asOf - ago } } })
    : text
}

/** A board's snapshot in which the rows have every source in turn, a minute apart; all else as it was said. */
function told(text: string): string {
  const message = JSON.parse(text) as Snap
  if (message.type !== 'snap' || message.kind !== 'board') return text
  const rows = message.rows.slice(0, SOURCES.length).map((row, i): Row & { v?: string } => {
    const source = SOURCES[i]!
    const expected = TOLD.includes(source) || ABOUT.includes(source)
    const time = message.asOf + 240 + 60 * i
    const sched = expected ? time - LATE : time
    const rt = expected ? 'live' : (source as Row['rt'])
    const times = { sched, pred: expected ? time : null, delay: expected ? LATE : null, exp: time }
    return { ...row, ...times, rt, source, state: 'normal' }
  })
  return JSON.stringify({ ...message, rows })
}
