// What a process has to tell its operators beside requests: a line of JSON in the same shape as theirs, or words where somebody sits before it.

import { hostname } from 'node:os'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { Settings } from '../settings.ts'

export type TellTrouble = (where: string, error: unknown) => void

/** pino's number for a warning. */
const WARNING = 40

/** @param log `nothing`: nobody is told @param out a terminal is told in words, anything else in JSON */
export function troubleLog(
  { log }: Pick<Settings, 'log'>,
  out: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr,
): TellTrouble {
  if (log === 'nothing') return () => {}
  return (where, error) => {
    const msg = `${where}: ${saidBy(error)}`
    if (out.isTTY) return void out.write(`${msg}\n`)
    const stack = error instanceof Error && !(error instanceof FreifahrtError) ? { stack: error.stack } : {}
    const line = { level: WARNING, time: Date.now(), pid: process.pid, hostname: hostname(), where, msg, ...stack }
    out.write(`${JSON.stringify(line)}\n`)
  }
}

/** What an error says; those of sockets have at times a code alone, or causes alone. */
export function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  return error.message || code || (error instanceof AggregateError && error.errors.map(saidBy).join('; ')) || error.name
}
