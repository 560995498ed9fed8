import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readNetwork, temporaryFor, writeNetwork } from '#workers/network-files.ts'
import { facts } from '../helpers/stored-world.ts'

let dir: string
let out: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'freifahrt-network-'))
  out = join(dir, 'dortmund')
})
afterEach(() => rmSync(dir, { recursive: true }))

function shared(...bytes: number[]): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length)
  new Uint8Array(buffer).set(bytes)
  return buffer
}
const parts = (seed: number): Map<string, SharedArrayBuffer> =>
  new Map([
    ['timetable', shared(1, 2, 3, seed)],
    ['footpaths', shared(4, 5)],
  ])
const bytesOf = (buffer: SharedArrayBuffer | undefined): number[] => [...new Uint8Array(buffer!)]

test('what was written is what is read', () => {
  const manifest = writeNetwork(out, facts, parts(9))
  const read = readNetwork(out)
  expect(read.manifest).toEqual(manifest)
  expect(read.manifest.feeds).toEqual(facts.feeds)
  expect(bytesOf(read.parts.get('timetable'))).toEqual([1, 2, 3, 9])
  expect(bytesOf(read.parts.get('footpaths'))).toEqual([4, 5])
  expect(readdirSync(dir)).toEqual(['dortmund'])
})

test('a new network takes the old one’s place and leaves none of its files', () => {
  writeNetwork(out, facts, parts(1))
  writeNetwork(out, facts, parts(2))
  expect(bytesOf(readNetwork(out).parts.get('timetable'))).toEqual([1, 2, 3, 2])
  expect(readdirSync(out).length).toBe(3)
  expect(readdirSync(dir)).toEqual(['dortmund'])
})

test('equal content gives equal files', () => {
  const first = writeNetwork(out, facts, parts(1))
  const second = writeNetwork(join(dir, 'twin'), facts, parts(1))
  expect(second.files).toEqual(first.files)
})

// FAILURE 19: any byte that changes on disk is noticed
test('every single flipped byte of every file is noticed', () => {
  writeNetwork(out, facts, parts(7))
  for (const file of readdirSync(out)) {
    const path = join(out, file)
    const good = readFileSync(path)
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at]! ^= 1 << (at % 8)
      writeFileSync(path, bad)
      expect(() => readNetwork(out), `${file} byte ${at}`).toThrow('NETWORK_UNREADABLE')
    }
    writeFileSync(path, good)
  }
  expect(readNetwork(out).parts.size).toBe(2)
})

test('truncated, missing and foreign files are noticed and say what to do', () => {
  writeNetwork(out, facts, parts(7))
  const file = join(out, readNetwork(out).manifest.files.timetable!.file)
  const good = readFileSync(file)
  writeFileSync(file, good.subarray(0, 2))
  expect(() => readNetwork(out)).toThrow(/holds 2 of 4 bytes; make it again with `freifahrt import`/)
  rmSync(file)
  expect(() => readNetwork(out)).toThrow(/is missing/)
  expect(() => readNetwork(join(dir, 'nothing'))).toThrow(/there is no network here/)
})

test('a folder that is no network is never replaced', () => {
  mkdirSync(out)
  writeFileSync(join(out, 'diary.txt'), 'mine')
  expect(() => writeNetwork(out, facts, parts(1))).toThrow('BAD_REQUEST')
  expect(readdirSync(out)).toEqual(['diary.txt'])
  expect(readdirSync(dir)).toEqual(['dortmund'])
  const file = join(dir, 'file')
  writeFileSync(file, 'mine')
  expect(() => writeNetwork(file, facts, parts(1))).toThrow('BAD_REQUEST')
})

test('an empty folder may become a network', () => {
  mkdirSync(out)
  writeNetwork(out, facts, parts(1))
  expect(readNetwork(out).parts.size).toBe(2)
})

// FAILURE 19: killed at any moment; the moments are the steps between which files appear
test('dying in the middle of a replacement leaves the old network whole', () => {
  writeNetwork(out, facts, parts(1))
  writeNetwork(join(dir, 'new'), facts, parts(2))
  const before = join(dir, 'before')
  cpSync(out, before, { recursive: true })
  for (const file of readdirSync(join(dir, 'new')).filter(f => f.endsWith('.bin'))) {
    cpSync(join(dir, 'new', file), join(before, file))
    expect(bytesOf(readNetwork(before).parts.get('timetable'))).toEqual([1, 2, 3, 1])
  }
  // the commit: one rename
  cpSync(join(dir, 'new', 'network.json'), join(before, 'network.json'))
  expect(bytesOf(readNetwork(before).parts.get('timetable'))).toEqual([1, 2, 3, 2])
})

// 2^22 + 1 is beyond Linux' largest process id
const nobody = 4194305
const here = hostname()
test.each([
  // by whom, how many seconds ago it was written to → is it left over?
  ['a process that is no more', `${here}-${nobody}-aa`, 0, true],
  ['this process', `${here}-${process.pid}-bb`, 0, false],
  // in a container everybody is process 1
  ['one with the same id, before this one began', `${here}-${process.pid}-cc`, 3500, true],
  ['another process, at work', `${here}-${process.ppid}-dd`, 3500, false],
  ['another process with the id of a dead one', `${here}-${process.ppid}-ee`, 3700, true],
  // whose processes nobody can see from here
  ['a process elsewhere, at work', `elsewhere-${nobody}-ff`, 3500, false],
  ['a process elsewhere, dead', `else-where-${process.pid}-ab`, 3700, true],
  ['a version that did not say where', `${nobody}-ac`, 3700, true],
] as const)('what killed imports left behind is cleared away, a living one’s is not: %s', (_, maker, ago, left) => {
  const folder = join(dir, `.dortmund.import-${maker}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'timetable.bin'), '')
  const then = Date.now() / 1000 - ago
  utimesSync(join(folder, 'timetable.bin'), then, then)
  utimesSync(folder, then, then)
  temporaryFor(out)
  expect(existsSync(folder)).toBe(!left)
})

test('a large file that is still being written to is nobody’s leftover', () => {
  const folder = join(dir, `.dortmund.import-elsewhere-1-aa`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'streets.bin'), '')
  utimesSync(folder, 0, 0)
  temporaryFor(out)
  expect(existsSync(folder)).toBe(true)
})
