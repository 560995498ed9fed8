// Lets a page be opened without a server: the service worker keeps the files that the page itself has just used.

export interface KeepMessage {
  readonly keep: { readonly page: string; readonly files: readonly string[] }
}

/** Call when the page stands, so that all its files are known. Quietly does nothing where there are no service workers (plain http). */
export async function keepPageOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker
    .register('./service-worker.js', { scope: './' })
    .catch(() => undefined)
  if (!registration) return
  await navigator.serviceWorker.ready
  const page = new URL(location.pathname, location.href).href
  const files = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter(name => name.startsWith(location.origin) && /\/(assets\/|icon\.svg)/.test(name))
  const message: KeepMessage = { keep: { page, files: [...new Set(files)] } }
  registration.active?.postMessage(message)
}
