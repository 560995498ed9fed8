// Pages in a real Chromium: a browser, the demo city as a process of its own, and what must be true of every page in every state.

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import axeSource from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'
import { PATIENCE } from './until.ts'

export const executablePath = findChromium()
export const DESK = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }
export const WALL = { width: 1920, height: 1080 }

const root = join(import.meta.dirname, '../..')

export function startBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run']
  return chromium.launch({ executablePath: executablePath!, args, timeout: PATIENCE })
}

/** @param statistics folder of days, as the job keeps them */
export async function startDemo(port: number, statistics = ''): Promise<{ server: ChildProcess; url: string }> {
  const words = ['api/cli.ts', 'demo', '--port', String(port), '--now', '2026-11-23T08:00:53']
  const server = spawn(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FREIFAHRT_STATISTICS: statistics },
  })
  let said = ''
  server.stderr!.on('data', text => (said += text))
  for await (const text of server.stdout!) {
    said += text
    const url = /page\s+(http:\S+?)\/?\s/.exec(said)?.[1]
    if (url) {
      server.stdout!.resume()
      return { server, url }
    }
  }
  throw new Error(`the demo did not start:\n${said}`)
}

/** A page that is looked after: errors in it, and questions to anybody but `url`, are put into `problems`. */
export async function openPage(
  browser: Browser,
  url: string,
  path: string,
  problems: string[],
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, locale: 'en-GB', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.on('pageerror', error => problems.push(error.message))
  page.on(
    'request',
    request =>
      request.url().startsWith(url) || /^(blob|data):/.test(request.url()) || problems.push(`asks ${request.url()}`),
  )
  page.setDefaultTimeout(PATIENCE)
  await prepare(page)
  await page.goto(url + path)
  return page
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 A and AA and its own best practices, as texts. */
export async function axe(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axeSource.source)
  return page.evaluate(`axe
    .run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map(node => node.target + ' ' + node.failureSummary).join(' | ')))`)
}
