// What a page remembers from one visit to the next: a few short texts. Where the browser forbids it, or has no room left, the page lives without.

export const storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = {
  getItem: key => tried(() => localStorage.getItem(key)) ?? null,
  setItem: (key, value) => tried(() => localStorage.setItem(key, value)),
  removeItem: key => tried(() => localStorage.removeItem(key)),
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
