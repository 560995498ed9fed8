// A new timetable takes over in the middle of work: every answer is of one network, none fails, live clients are told to come back.

import { expect, test } from 'vitest'
import WebSocket from 'ws'
import type { StoptimesResponse } from '#api/contract.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { startServer } from '#api/server.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, iso } from './city.ts'

// the same stop, with other lines and in another place of the tables
const before = timetable('U1   A 10:00   B 10:10\nU1   A 10:20   B 10:30')
const after = timetable('S9   X 09:00   Y 09:10\nS9   A 10:05   Y 10:30   X 10:50')

test('no request fails or mixes networks while one takes over from the other', async () => {
  const server = await startServer(testService(before, at('9:00')), { port: 0 })
  const lines = async (): Promise<string> => {
    const response = await fetch(`${server.url}/api/v6/stoptimes?stopId=test_A&n=5&time=${iso('9:30')}`)
    expect(response.status).toBe(200)
    return ((await response.json()) as StoptimesResponse).stopTimes.map(row => row.routeShortName).join()
  }
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  const said: string[] = []
  const gone = new Promise<number>(resolve => socket.once('close', resolve))
  await new Promise(resolve => socket.once('open', resolve))
  socket.on('message', data => said.push((JSON.parse(String(data)) as { type: string }).type))

  expect(await lines()).toBe('U1,U1')
  const asked: Promise<string>[] = []
  for (let i = 0; i < 50; i++) asked.push(lines())
  const swapped = server.swap(testService(after, at('9:00')))
  for (let i = 0; i < 50; i++) asked.push(lines())
  const answers = await Promise.all(asked)
  await swapped
  for (const answer of answers) expect(['U1,U1', 'S9']).toContain(answer)
  expect(await lines()).toBe('S9')
  expect(await gone).toBe(1001)
  expect(said).toContain('goaway')
  await server.close()
})

test('a network that cannot be served changes nothing', async () => {
  const server = await startServer(testService(before, at('9:00')), { port: 0 })
  await expect(server.swap({} as never)).rejects.toThrow()
  const response = await fetch(`${server.url}/api/v6/stoptimes?stopId=test_A&n=1&time=${iso('9:30')}`)
  expect(response.status).toBe(200)
  await server.close()
})
