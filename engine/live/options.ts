// What an operator may say about one realtime source: where a producer does not keep to the specification, or where it leaves a choice.

export interface SourceOptions {
  /** Added runs that name no route are shown as a bus without a name instead of being dropped (F9). */
  readonly addedWithoutRoute?: boolean
}
