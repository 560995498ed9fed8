// node bench/pages.ts     what each page weighs, compressed, and how soon a display shows its board (in Chromium, from a warm server)

import { join } from 'node:path'
import { startServer } from '#api/server.ts'
import { startService } from '#workers/start.ts'
import { executablePath, startBrowser, WALL } from '../test/helpers/pages.ts'
import { pageFiles, weigh } from '../test/helpers/weights.ts'
import { ensureWebBuilt } from '../web/build.ts'
import { figure, machine, median, print } from './harness.ts'
import { openDemo } from './subjects.ts'

const ROUNDS = 7
const STATION = 'demo_de:05913:526'

console.log(machine())
const dist = await ensureWebBuilt(join(import.meta.dirname, '..'))
for (const page of ['index.html', 'display.html', 'operations.html']) {
  const { first, map, workers } = pageFiles(dist, page)
  print(figure(`${page}: first view, all languages`, weigh(dist, first) / 1000, 'kB'))
  if (map.length > 0) print(figure(`${page}: with its map`, weigh(dist, [...first, ...map, ...workers]) / 1000, 'kB'))
}
if (executablePath) print(figure('display: a full board after', median(await firstBoards()), 'ms'))

/** Milliseconds from the navigation to the first row, each in a browser's context that has nothing kept. */
async function firstBoards(): Promise<number[]> {
  const { network, clock } = await openDemo()
  const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
  const service = await startService({ network, clock, planWorker, threads: 1 })
  const server = await startServer(service, { port: 0, webRoot: dist })
  const browser = await startBrowser()
  try {
    const times: number[] = []
    for (let i = 0; i <= ROUNDS; i++) {
      const context = await browser.newContext({ viewport: WALL })
      const page = await context.newPage()
      await page.addInitScript(`new MutationObserver(() => {
        if (!globalThis.firstRow && document.querySelector('.wall-row')) globalThis.firstRow = performance.now()
      }).observe(document, { childList: true, subtree: true })`)
      await page.goto(`${server.url}/display?stop=${STATION}`)
      await page.locator('.wall-row').nth(5).waitFor()
      times.push(await page.evaluate('firstRow'))
      await context.close()
    }
    return times.slice(1) // the first warms the server
  } finally {
    await browser.close()
    await server.close()
    await service.close()
  }
}
