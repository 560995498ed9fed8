// Connections by address: one host must not use up all of them.

import { subscriberOf } from '#engine/core/address.ts'

export class Addresses {
  private readonly limit: number
  private readonly open = new Map<string, number>()

  constructor(limit: number) {
    this.limit = limit
  }

  /** False when this address has as many as it may. */
  enter(address: string): boolean {
    const subscriber = subscriberOf(address)
    const open = this.open.get(subscriber) ?? 0
    if (open >= this.limit) return false
    this.open.set(subscriber, open + 1)
    return true
  }

  leave(address: string): void {
    const subscriber = subscriberOf(address)
    const left = this.open.get(subscriber)! - 1
    if (left > 0) this.open.set(subscriber, left)
    else this.open.delete(subscriber)
  }
}
