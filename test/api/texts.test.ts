import { expect, test } from 'vitest'
import { utc } from '#api/render/texts.ts'
import { random } from '../helpers/random.ts'

test('times are told as Date tells them, to the second, whichever day was asked for before', () => {
  const plain = (t: number): string => new Date(1000 * t).toISOString().replace(/\.\d+Z$/, 'Z')
  const r = random(11)
  const drawn = Array.from({ length: 20_000 }, () => r.between(-1e9, 1e11))
  const edges = [0, -1, 59, 60, 3599, 3600, 86_399, 86_400, 951_782_400, 1_781_071_200.75]
  for (const t of [...edges, ...drawn]) expect(utc(t)).toBe(plain(Math.floor(t)))
})
