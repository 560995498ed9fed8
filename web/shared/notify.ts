// A word from the system while nobody looks at the page, if the reader has allowed it.

/** Never rejects. Phones take it from the service worker only, and throw at a page. */
export async function notify(title: string, options: NotificationOptions): Promise<void> {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
  try {
    new Notification(title, options)
  } catch {
    const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
    await worker?.showNotification(title, options).catch(() => {})
  }
}
