// The real clients, the requests recorded from them, and what people type, each against the demo city and Heidelberg. A city is opened once
// for all of them.

import { afterAll, beforeAll, describe, test } from 'vitest'
import { expectMost } from './first-hits.ts'
import { fptfClient } from './fptf-client.ts'
import { motisClient } from './motis-client.ts'
import { letters, motisUi } from './motis-ui.ts'
import { recordedRequests } from './recorded.ts'
import { type World, worlds } from './worlds.ts'

for (const { name, open, there } of worlds)
  describe.skipIf(!there)(name, () => {
    let world: World
    const city = (): World => world
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world?.close())

    describe('motis-client', () => motisClient(city))
    describe('MOTIS web UI', () => motisUi(city))
    if (name === worlds[0].name) describe('its letters', () => letters(city))
    describe('fptf-client and hafas-rest-api', () => fptfClient(city))
    describe('requests', () => recordedRequests(city))
    test('of what people type at least 95 % is found first', () => expectMost(world.places, world.typed))
  })
