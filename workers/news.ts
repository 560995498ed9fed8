// What a realtime source says, on its way from whoever asks it to whoever applies it: within a thread, or over Redis.

export type News =
  /** `at`: when it was heard, Unix milliseconds; absent for just now. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly at?: number }
  /** The server says that nothing is new. */
  | { readonly kind: 'unchanged' }
  /** There was no message; `reason` is the error's code. */
  | { readonly kind: 'failure'; readonly reason: string }
