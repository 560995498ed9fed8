// A page that stands for months, and the other build of it that its server has one day.

import { expect, test } from 'vitest'
import { type RenewWorld, renewIfOther } from '../../web/shared/renew.ts'

const page = (build: string) =>
  `<html><head><script type="module" crossorigin src="./assets/display-${build}.js"></script></head></html>`

function newWorld(answer: () => Promise<string>) {
  const kept = new Map<string, string>()
  const world = {
    page: answer,
    here: page('old1'),
    time: 1_790_000_000,
    now: () => world.time,
    kept: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => kept.set(key, text),
    },
    reloads: 0,
    reload: () => world.reloads++,
  }
  return world satisfies RenewWorld
}

test('the same build, no server, or an answer that is no page of ours: nothing happens', async () => {
  for (const answer of [page('old1'), '', '{"error":"no room"}', '<html><script src="/proxy.js"></script></html>']) {
    const world = newWorld(async () => answer)
    await renewIfOther(world)
    expect(world.reloads, answer).toBe(0)
  }
  const world = newWorld(() => Promise.reject(new Error('no server')))
  await renewIfOther(world)
  expect(world.reloads).toBe(0)
})

test('another build is taken over, and a reload that brought the old one does not go round in circles', async () => {
  let there = page('new2')
  const world = newWorld(async () => there)
  await renewIfOther(world)
  expect(world.reloads).toBe(1)
  world.time += 3600
  await renewIfOther(world)
  expect(world.reloads).toBe(1)
  there = page('new3')
  await renewIfOther(world)
  expect(world.reloads).toBe(2)
  world.time += 86_400
  await renewIfOther(world)
  expect(world.reloads).toBe(3)
})
