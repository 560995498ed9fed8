// Connections by address: one host must not use up all of them.

export class Addresses {
  private readonly limit: number
  private readonly open = new Map<string, number>()

  constructor(limit: number) {
    this.limit = limit
  }

  /** False when this address has as many as it may. */
  enter(address: string): boolean {
    const open = this.open.get(address) ?? 0
    if (open >= this.limit) return false
    this.open.set(address, open + 1)
    return true
  }

  leave(address: string): void {
    const left = this.open.get(address)! - 1
    if (left > 0) this.open.set(address, left)
    else this.open.delete(address)
  }
}
