// Case 50: whatever a feed's texts hold is shown as text. Every text of every answer and message becomes markup on its way to the page.

import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { demoAround } from '../helpers/demo-pages.ts'
import { executablePath } from '../helpers/pages.ts'

const MARKUP = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
/** What people read, and no id, time or word that a page looks up. */
const READ =
  /^(name|shortName|headsign|displayName|routeShortName|routeLongName|agencyName|line|text|header|headerText|description|descriptionText|title|streetName|systemName|platform|track|scheduledTrack)$/

/** Every text behind a name that people read, in whatever is nested. */
function poisoned(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return READ.test(name) ? `${value} ${MARKUP}` : value
  if (Array.isArray(value)) return value.map(each => poisoned(each, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poisoned(each, key)]))
}

async function poison(page: Page): Promise<void> {
  await page.route(/\/api\//, async route => {
    const response = await route.fetch()
    if (!response.headers()['content-type']?.includes('json')) return route.fulfill({ response })
    await route.fulfill({ response, json: poisoned(await response.json()) })
  })
  await page.routeWebSocket(/\/live/, socket => {
    const server = socket.connectToServer()
    server.onMessage(message => socket.send(JSON.stringify(poisoned(JSON.parse(String(message))))))
  })
}

describe.skipIf(!executablePath)('markup in texts', () => {
  const demo = demoAround()

  test.each([
    ['the board', '/', '.departure'],
    ['journeys', '/?from=51.5065,7.4530&to=51.5640,7.4660', '.itinerary-row'],
    ['how far one gets', '/?view=reach&from=51.5065,7.4530', '.reach-stop'],
    ['the display', '/display?stop=', '.wall-row'],
    ['operations', '/operations', 'main li, main tr'],
  ])('%s: shown, never run', async (_, path, shown) => {
    const stop = path.endsWith('stop=') ? await demo.stopCalled('Reinoldikirche') : ''
    const page = await demo.open(path + stop, {}, poison)
    await page.locator(shown).filter({ hasText: '<img src=x' }).first().waitFor()
    const first = page.locator(shown).first()
    if (shown === '.itinerary-row') {
      await first.click()
      await page.locator('.legs').getByText('<script>').first().waitFor()
    }
    expect(await page.locator('img[src=x]').count()).toBe(0)
    expect(await page.evaluate('window.ran')).toBeUndefined()
    // what is still being asked may end with the page
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.context().close()
  })
})
