// A word from the system: from the page itself, on phones from its service worker, and never against the reader's will.

import { afterEach, expect, test, vi } from 'vitest'
import { notify } from '../../web/shared/notify.ts'

afterEach(() => vi.unstubAllGlobals())

const told: string[] = []
const options: NotificationOptions = { body: 'U42 is cancelled.' }

function world(permission: NotificationPermission, ofPage: (title: string) => void): Promise<string[]> {
  told.length = 0
  class Told {
    static readonly permission = permission
    constructor(title: string) {
      ofPage(title)
    }
  }
  vi.stubGlobal('Notification', Told)
  const showNotification = async (title: string) => void told.push(`worker: ${title}`)
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: async () => ({ showNotification }) } })
  return notify('Home', options).then(() => told)
}

test('where the page may tell it, where only its worker may, and where nobody may', async () => {
  expect(await world('granted', title => told.push(`page: ${title}`))).toEqual(['page: Home'])
  expect(
    await world('granted', () => {
      throw new TypeError('Illegal constructor')
    }),
  ).toEqual(['worker: Home'])
  expect(await world('denied', title => told.push(title))).toEqual([])
})

test('a browser that knows of neither is no problem', async () => {
  vi.stubGlobal('navigator', {})
  await expect(notify('Home', options)).resolves.toBeUndefined()
})
