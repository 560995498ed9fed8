// A page that is open for months meets another build of itself on the server: its files are not there any more, its words may be others.

import { storage } from './storage.ts'

const KEPT = 'freifahrt.renewed'
const NOT_AGAIN = 86_400 // seconds

/** The part of the world that is used; a test brings its own. */
export interface RenewWorld {
  /** The page as the server has it now; rejects without a server. */
  page(): Promise<string>
  /** The page as it stands here. */
  readonly here: string
  now(): number
  readonly kept: Pick<Storage, 'getItem' | 'setItem'>
  reload(): void
}

/** The address of the page's own script, whose name is a hash of all that the page is made of. */
const buildOf = (html: string): string | undefined => /<script[^>]*\ssrc="([^"]*assets\/[^"]+\.js)"/.exec(html)?.[1]

/** Reloads when the server has another build: once a day for each, however the next one is answered. Never rejects. */
export async function renewIfOther(world: RenewWorld = browserWorld()): Promise<void> {
  const there = buildOf(await world.page().catch(() => ''))
  const here = buildOf(world.here)
  if (there === undefined || here === undefined || there === here) return
  const [last, at] = (world.kept.getItem(KEPT) ?? '').split(' ')
  if (last === there && world.now() - Number(at) < NOT_AGAIN) return
  world.kept.setItem(KEPT, `${there} ${world.now()}`)
  world.reload()
}

const browserWorld = (): RenewWorld => ({
  async page() {
    const answer = await fetch(location.pathname, { cache: 'no-store' })
    return answer.ok ? answer.text() : ''
  },
  here: document.documentElement.outerHTML,
  now: () => Date.now() / 1000,
  kept: storage,
  reload: () => location.reload(),
})
