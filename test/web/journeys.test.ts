// The planner in a real browser: journeys asked for, opened, kept, shared, on foot and on wheels.

import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { PlanResponse, Rental } from '#api/contract/itinerary.ts'
import { texts as en } from '../../web/texts/en.ts'
import { demoAround } from '../helpers/demo-pages.ts'
import { axe, DESK, executablePath, PHONE } from '../helpers/pages.ts'

const FROM_TO = '/?from=51.5065,7.4530&to=51.5640,7.4660'
const FREE_SCOOTER: Partial<Rental> = {
  formFactor: 'SCOOTER_STANDING',
  rangeMeters: 12_000,
  // what is no address of a page is not linked
  rentalUriWeb: 'javascript:alert(1)',
  url: 'https://example.org/rent',
  returnConstraint: 'ROUNDTRIP_STATION',
}

describe.skipIf(!executablePath)('the planner', () => {
  const demo = demoAround()
  const { open } = demo

  test('a journey between two addresses, opened, drawn on the map and continued', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660')
    const rows = page.locator('.itinerary-row')
    await rows.nth(2).waitFor()
    const found = await rows.count()
    const map = page.locator('.map[data-ready]')
    await map.waitFor()
    await rows.first().click()
    const legs = page.locator('.legs > li')
    await legs.locator('.line').first().waitFor()
    expect(await legs.count()).toBeGreaterThanOrEqual(3)
    expect(await legs.first().locator('.leg-walk').count()).toBe(1)
    await legs.first().locator('summary').click()
    expect(await legs.first().locator('.steps li').count()).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'Later' }).click()
    await expect.poll(() => rows.count()).toBeGreaterThan(found)

    await expect.poll(() => colorsOf(page, map), { interval: 500 }).toBeGreaterThan(30)
    await page.context().close()
  })

  test('nothing found: says why in the words of the reader, mends itself, and the field can be emptied', async () => {
    let live = true
    const page = await open('/?from=51.5065,7.4530&to=48.1,11.5', { locale: 'de-DE', viewport: PHONE }, page =>
      page.routeWebSocket('**/live', socket => {
        if (live) socket.connectToServer()
        else socket.close()
      }),
    )
    await page.getByText('In der Nähe des Ziels ist keine Straße auf der Karte.').waitFor()
    await page.goto(`${demo.url}/?from=51.5065,7.4530&to=51.5640,7.4660&time=2031-01-01T09:00:00Z`)
    await page.getByText('So weit reicht der Fahrplan nicht.').waitFor()
    // without the live part it does not ask by itself
    live = false
    await page.route('**/api/v6/plan?*', route => route.abort())
    await page.goto(`${demo.url}/?from=51.5065,7.4530&to=51.5640,7.4660`)
    await page.getByRole('alert').getByText('Der Server ist nicht erreichbar.').waitFor()
    await page.unroute('**/api/v6/plan?*')
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).click()
    live = true
    await page.locator('.itinerary-row').first().waitFor()
    await page.locator('.itinerary-row').first().click()
    await page.getByText(/^\d,\d kg CO₂, mit dem Auto \d,\d kg$/).waitFor()
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
    // a place that nobody knows has none on the map, which opens all the same, its buttons in the reader's language
    await page.setViewportSize(DESK)
    await page.goto(`${demo.url}/?from=demo_nowhere`)
    await page.locator('.map[data-ready]').waitFor()
    expect(await page.getByRole('button', { name: 'Vergrößern' }).count()).toBe(1)
    const blank = page.waitForRequest(/stoptimes\?stopId=demo_a\+b&/)
    await page.goto(`${demo.url}/?from=demo_a%20b`)
    await blank
    await page.goto(`${demo.url}/?stop=demo_nowhere`)
    await page.getByRole('heading', { name: 'Diese Haltestelle gibt es nicht.' }).waitFor()
    expect(await page.getByRole('button', { name: 'Von hier' }).count()).toBe(0)
    await page.context().close()
  })

  test('times are the city’s, wherever the device is, and though no stop is in its middle', async () => {
    const page = await open(`${FROM_TO}&time=2026-11-23T09:00:00Z`, { timezoneId: 'America/New_York' }, async page => {
      await page.route('**/api/v6/map/stops?*', route => route.fulfill({ json: [] }))
    })
    await page.locator('.itinerary-row').first().waitFor()
    await expect.poll(() => page.getByLabel('Date and time').inputValue()).toBe('2026-11-23T10:00')
    await page.locator('.attributions').getByText('Freifahrt demo city').waitFor()
    await page.context().close()
  })

  test('by way of places: added, given a stay, put in order and taken out by keys; in the address and in the answer', async () => {
    const page = await open(FROM_TO, { viewport: PHONE })
    await page.locator('.itinerary-row').first().waitFor()
    const vias = () => new URL(page.url()).searchParams.getAll('via')
    const active = () =>
      page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.tagName')
    const add = page.getByRole('button', { name: en.via.add })
    await add.focus()
    await page.keyboard.press('Enter')
    // wished for no more: the list first, then the field
    for (let i = 0; i < 2; i++) await page.keyboard.press('Escape')
    expect(await active()).toBe('BUTTON')
    await page.keyboard.press('Enter')
    await page.keyboard.type('reinol')
    await page.getByRole('option', { name: /Reinoldikirche/ }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(active).toBe('SELECT')
    const stop = await demo.stopCalled('Reinoldikirche')
    expect(vias()).toEqual([stop])
    const asked = page.waitForRequest(request => {
      const query = new URL(request.url()).searchParams
      return query.get('via') === stop && query.get('viaMinimumStay') === '10'
    })
    await page.getByLabel(en.via.stay).selectOption('10')
    await asked
    expect(new URL(page.url()).searchParams.get('stay')).toBe('10')
    const row = page.locator('.itinerary-row').first()
    expect(await row.locator('.bar-stay').textContent()).toContain('10 min')
    await row.click()
    await page.locator('.leg-stay').getByText('Stay here, 10 min').waitFor()
    expect(await page.locator('[data-journey-text]').textContent()).toContain('Stay here, 10 min.')
    expect(await axe(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)

    // a point after it, from a link: what it is called is looked up, and said where the way comes by
    const point = '51.514000,7.459000'
    await page.goto(page.url().replace(/&stay=.*?(?=&to)/, `&via=${point}&stay=10,5`))
    const fields = page.getByRole('combobox', { name: /^Via/ })
    await expect.poll(() => fields.nth(1).inputValue()).not.toBe('')
    const name = await fields.nth(1).inputValue()
    await page.locator('.itinerary-row').first().click()
    await page.locator('.leg-via').getByText(name).waitFor()
    await page.getByRole('button', { name: 'Via 2: Move up' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(`${name} is now place 1 of 2 on the way.`).waitFor()
    expect(vias()).toEqual([point, stop])
    expect(new URL(page.url()).searchParams.get('stay')).toBe('5,10')
    // it can go no further up
    expect(await active()).toBe('Via 1: Move down')
    await page.getByRole('button', { name: en.swap }).click()
    await expect.poll(vias).toEqual([stop, point])
    await page.getByRole('button', { name: 'Via 1: Remove' }).click()
    await expect.poll(vias).toEqual([point])
    expect(await page.getByRole('combobox', { name: 'Via' }).evaluate(field => field === document.activeElement)).toBe(
      true,
    )
    await page.getByRole('button', { name: 'Via: Remove' }).click()
    await expect.poll(vias).toEqual([])
    expect(await add.evaluate(button => button === document.activeElement)).toBe(true)
    await page.goBack()
    await expect.poll(() => fields.count()).toBe(1)

    // one that has no street: the reason names it
    await page.goto(`${demo.url}${FROM_TO}&via=48.1,11.5`)
    await page.getByText(en.reasons.VIA_NO_STREET).waitFor()
    await page.context().close()
  })

  test('arriving by a time: the choice is in the address and in the answer', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660&time=2026-11-23T09:00:00Z&arrive')
    await page.locator('.itinerary-row').first().waitFor()
    await expect.poll(() => page.getByLabel('Date and time').inputValue()).toBe('2026-11-23T10:00')
    const arrivals = await page.locator('.itinerary-times b').allTextContents()
    for (const times of arrivals) expect(times.slice(-5) <= '10:00').toBe(true)
    await page.context().close()
  })

  test('what a rider wishes stays on the device; a watched journey is told of; a shared one opens', async () => {
    const page = await open('/?from=51.5065,7.4530&to=51.5640,7.4660', { viewport: PHONE })
    await page.locator('.itinerary-row').first().waitFor()
    await page.locator('.wishes summary').click()
    const slow = page.waitForRequest(/pedestrianSpeed=0\.8/)
    await page.getByText('slow', { exact: true }).click()
    await slow
    const withoutBus = page.waitForRequest(request => /transitModes=/.test(request.url()) && !/BUS/.test(request.url()))
    await page.getByText('bus', { exact: true }).click()
    await withoutBus
    await page.getByText('in an electric wheelchair').click()
    const rolling = page.waitForRequest(/pedestrianProfile=ELECTRIC_WHEELCHAIR&maxKerb=2.5&batteryRange=12500/)
    await page.getByLabel('kerb at most').fill('2.5')
    await page.getByLabel('battery good for').fill('12.5')
    await page.getByLabel('battery good for').press('Enter')
    await rolling
    await page.reload()
    await page.locator('.itinerary-row').first().waitFor()
    expect(await page.locator('.wishes-said').textContent()).toBe(
      'in an electric wheelchair · slow · kerbs up to 2.5 cm · battery for 12.5 km · no bus',
    )
    await page.locator('.wishes summary').click()
    await page.getByLabel('battery good for').fill('')
    await page.getByLabel('battery good for').press('Enter')
    await page.getByText('on foot', { exact: true }).first().click()
    await expect.poll(() => page.locator('.wishes-said').textContent()).toBe('slow · no bus')

    await page.locator('.itinerary-row').first().click()
    const text = await page.locator('[data-journey-text]').textContent()
    expect(text).toMatch(/^Leave \d\d:\d\d, arrive \d\d:\d\d, .*\. Walk .* At \d\d:\d\d take /)
    await page.getByRole('button', { name: 'Watch' }).click()
    // which of them depends on what o'clock it has become in the demo city
    const { ok, delayed, at_risk, broken } = en.watch.states
    const state = new RegExp([ok, delayed, at_risk, broken].join('|'))
    await page.locator('.watched').getByText(state).waitFor()
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
    // of another timetable, say: the question beside it is answered all the same
    const lost = await open(`${FROM_TO}&journey=nothing`, { viewport: PHONE })
    await lost.getByRole('status').getByText(en.watch.gone).waitFor()
    await lost.locator('.itinerary-row').first().waitFor()
    await lost.context().close()
    // over plain http
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText(en.failed).waitFor()
    await page.context().close()
  })

  test('how far one gets is asked with what the rider wished for, and changes with it', async () => {
    const page = await open('/?view=reach&from=51.5065,7.4530')
    await page.locator('.reach-stop').first().waitFor()
    await page.locator('.wishes summary').click()
    const asked = ['isochrone', 'one-to-all'].map(path =>
      page.waitForRequest(request => request.url().includes(path) && /maxSlope=3(&|$)/.test(request.url())),
    )
    await page.getByText('in a wheelchair', { exact: true }).click()
    await page.locator('input[name=maxSlope]').fill('3')
    await page.keyboard.press('Tab')
    for (const request of await Promise.all(asked)) {
      expect(new URL(request.url()).searchParams.get('pedestrianProfile')).toBe('WHEELCHAIR')
      expect((await request.response())?.status()).toBe(200)
    }
    expect(await page.locator('.limits input').count()).toBe(2)
    await page.getByText('bicycle', { exact: true }).first().click()
    const byBike = page.waitForRequest(request => request.url().includes('cyclingProfile=E_BIKE'))
    await page.getByText('e-bike', { exact: true }).click()
    expect(new URL((await byBike).url()).searchParams.has('maxSlope')).toBe(false)
    await page.locator('.limits').waitFor({ state: 'detached' })
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test('a bicycle of one\u2019s own and one for rent: chosen by keys, drawn and told as what they are', async () => {
    const page = await open(FROM_TO)
    await page.locator('.itinerary-row').first().waitFor()
    const asked = page.waitForRequest(/directModes=WALK%2CBIKE%2CRENTAL&preTransitModes=WALK%2CBIKE%2CRENTAL&post/)
    for (const name of ['Bicycle', 'Rental']) {
      await page.getByRole('checkbox', { name }).focus()
      await page.keyboard.press(' ')
    }
    await asked
    const own = page.locator('.itinerary-row', { hasText: 'by bicycle' }).first()
    await own.waitFor()
    const rented = page.locator('.itinerary-row', { hasText: 'on a rented bicycle' }).first()
    await rented.click()
    const legs = page.locator('.legs > li')
    await legs.getByText(/^\d+ min on a rented bicycle, \d+\.\d km$/).waitFor()
    expect(await legs.locator('.leg-wheels').count()).toBeGreaterThan(0)
    expect(await legs.locator('.leg-wheels .track').allTextContents()).toEqual(['pick up', 'return'])
    expect(await page.locator('[data-journey-text]').textContent()).toMatch(/\d+ min on a rented bicycle, /)
    expect(await axe(page)).toEqual([])

    await page.locator('.wishes summary').click()
    const safe = page.waitForRequest(/cyclingSafety=1&/)
    await page.getByRole('slider', { name: 'Cycling: fast or safe' }).focus()
    await page.keyboard.press('End')
    await safe
    const electric = page.waitForRequest(/batteryRange=8000&cyclingProfile=E_BIKE/)
    await page.getByText('e-bike').click()
    await page.getByLabel('battery good for').fill('8')
    await page.getByLabel('battery good for').press('Enter')
    await electric
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test('what a way may have to say: range, provider, return, car park, limits', async () => {
    const page = await open(FROM_TO, { viewport: PHONE }, async page => {
      await page.route('**/api/v6/plan?*', async route => {
        const response = await route.fetch()
        const answer = (await response.json()) as PlanResponse
        const legs = answer.itineraries[0]!.legs
        const way = legs[0]!
        const rental = { providerId: 'x', providerGroupId: 'x', systemId: 'x', systemName: 'Roller', ...FREE_SCOOTER }
        const parking = { capacity: 80, free: 12, covered: true, fee: true }
        const obstacles = [{ limit: 'kerb', passable: 'UNKNOWN', lat: 0, lon: 0 } as const]
        legs.unshift(
          { ...way, mode: 'RENTAL', rental },
          { ...way, mode: 'CAR_PARKING', to: { name: 'P+R Nord', lat: 51.5, lon: 7.4 }, parking },
          { ...way, accessible: 'UNKNOWN', obstacles },
        )
        await route.fulfill({ json: answer })
      })
    })
    await page.locator('.itinerary-row').first().click()
    const legs = page.locator('.legs')
    for (const text of [
      'stands in the street',
      'Rent from Roller',
      'Good for another 12.0 km',
      'Has to go back to where it was picked up.',
      'leave it here',
      'Leave it: P+R Nord, 12 of 80 free, covered, costs money',
      'Not known all the way: kerb',
    ])
      await legs.getByText(text).waitFor()
    expect(await legs.locator('a').getAttribute('href')).toBe('https://example.org/rent')
    expect(await legs.locator('.leg-wheels').count()).toBe(2)
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })
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
