import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readSettings, shownSettings } from '#api/settings.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-settings-'))
afterAll(() => rmSync(dir, { recursive: true }))
const file = (value: unknown): string => {
  const path = join(dir, 'freifahrt.json')
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

test('the command line counts before the environment, that before the file, that before the default', () => {
  const path = file({ port: 81, host: '0.0.0.0', pollSeconds: 20 })
  const { settings, sources } = readSettings({ port: 83 }, { FREIFAHRT_PORT: '82', FREIFAHRT_POLL_SECONDS: '30' }, path)
  expect([settings.port, sources.port]).toEqual([83, 'command line'])
  expect([settings.pollSeconds, sources.pollSeconds]).toEqual([30, 'environment'])
  expect([settings.host, sources.host]).toEqual(['0.0.0.0', 'file'])
  expect([settings.planWaiting, sources.planWaiting]).toEqual([64, 'default'])
})

test('lists and switches are read from the environment as well', () => {
  const env = { FREIFAHRT_REALTIME: 'a=https://x/1, https://y/2', FREIFAHRT_TRUST_PROXY: '1', REDIS_URL: 'redis://h:1' }
  const { settings } = readSettings({}, env)
  expect(settings.realtime).toEqual(['a=https://x/1', 'https://y/2'])
  expect(settings.trustProxy).toBe(true)
  expect(settings.redisUrl).toBe('redis://h:1')
})

test.each([
  ['https://x/a,b,c.pb?bbox=7,51,8,52', ['https://x/a,b,c.pb?bbox=7,51,8,52']],
  ['a=https://x/1,2.pb,b=https://y/3,4.pb', ['a=https://x/1,2.pb', 'b=https://y/3,4.pb']],
  ['a=https://x/1,2.pb b=http://y/3', ['a=https://x/1,2.pb', 'b=http://y/3']],
  [' https://x/1,\n https://y/2,\n', ['https://x/1', 'https://y/2']],
])('addresses with commas stay whole: %j', (text, expected) => {
  expect(readSettings({}, { FREIFAHRT_REALTIME: text }).settings.realtime).toEqual(expected)
})

test.each<[string, unknown, Record<string, string>, RegExp]>([
  ['an unknown name in the file', { prot: 80 }, {}, /freifahrt\.json: prot: there is no such setting/],
  ['a value of another kind', { port: '80' }, {}, /port: is a number/],
  ['a value out of range', {}, { FREIFAHRT_PORT: '70000' }, /FREIFAHRT_PORT: is a whole number from 0 to 65535/],
  ['no number at all', {}, { FREIFAHRT_PORT: 'http' }, /FREIFAHRT_PORT: is a whole number/],
  ['a word that is not offered', { log: 'all' }, {}, /log: is one of nothing, errors, requests/],
  ['a misspelt variable', {}, { FREIFAHRT_PRT: '1' }, /FREIFAHRT_PRT: is no setting/],
  [
    'a Redis that is none',
    {},
    { REDIS_URL: 'http://:canary@h:1' },
    /REDIS_URL: is no address .* redis:\/\/ or rediss:\/\/$/,
  ],
  ['traces to no address', { otlpEndpoint: 'collector:4317' }, {}, /otlpEndpoint: is no address that begins/],
  ['no JSON', '{', {}, /is no JSON object/],
])('%s is refused with its place', (_, value, env, text) => {
  expect(() => readSettings({}, env, file(value))).toThrow(text)
})

test('what is shown has no secrets', () => {
  const env = {
    REDIS_URL: 'redis://user:canary@h:6379/0',
    FREIFAHRT_REALTIME: 'a=https://u:canary@x/f.pb?key=canary',
    FREIFAHRT_NETWORK: 'https://u:canary@store/city?sig=canary',
    AWS_ACCESS_KEY_ID: 'canary',
    AWS_SECRET_ACCESS_KEY: 'canary',
    AWS_SESSION_TOKEN: 'canary',
  }
  const shown = JSON.stringify(shownSettings(readSettings({}, env)))
  expect(shown).not.toContain('canary')
  expect(shown).toContain('redis://h:6379/0')
  expect(shown).toContain('a=https://x/f.pb')
})
