import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { freePort } from './free-port.ts'
import { openPage, startBrowser, startDemo } from './pages.ts'

/** The demo city and a browser around the tests of a file, and pages that are looked after; at the end no page may have had a problem. */
export function demoAround(statistics = '') {
  const problems: string[] = []
  let browser: Browser
  const demo = {
    url: '',
    server: undefined as unknown as ChildProcess,
    open: (path: string, options?: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<Page> =>
      openPage(browser, demo.url, path, problems, options, prepare),
    async stopCalled(name: string): Promise<string> {
      const found = await fetch(`${demo.url}/api/v1/geocode?type=STOP&text=${name}`)
      return ((await found.json()) as { id: string }[])[0]!.id
    },
  }
  beforeAll(async () => {
    const [started, opened] = await Promise.all([startDemo(await freePort(), statistics), startBrowser()])
    Object.assign(demo, started)
    browser = opened
  })
  afterAll(async () => {
    await browser?.close()
    if (demo.server?.exitCode === null && demo.server.signalCode === null) {
      demo.server.kill('SIGTERM')
      await once(demo.server, 'exit')
    }
    expect(problems).toEqual([])
  })
  return demo
}
