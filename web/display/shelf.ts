// Where a display keeps what it must still know after a restart without a server: a few named values, in IndexedDB.

export interface Shelf {
  keys(): Promise<readonly string[]>
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown): Promise<void>
  remove(key: string): Promise<void>
}

/** For as long as the page lives; also what stands in where a browser has no storage. */
export function memoryShelf(): Shelf {
  const values = new Map<string, unknown>()
  return {
    keys: async () => [...values.keys()],
    get: async <T>(key: string) => values.get(key) as T | undefined,
    set: async (key, value) => void values.set(key, value),
    remove: async key => void values.delete(key),
  }
}

const STORE = 'values'

export async function openShelf(name: string): Promise<Shelf> {
  const opened = await open(name).catch(() => undefined)
  if (!opened) return memoryShelf()
  const ask = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    result(work(opened.transaction(STORE, mode).objectStore(STORE)))
  return {
    keys: async () => (await ask('readonly', store => store.getAllKeys())).map(String),
    get: key => ask('readonly', store => store.get(key)),
    set: async (key, value) => void (await ask('readwrite', store => store.put(value, key))),
    remove: key => ask('readwrite', store => store.delete(key)),
  }
}

/** Async: where storage is forbidden, to ask for it throws. */
async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return result(request)
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
