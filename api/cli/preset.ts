// A city known by name, made ready: fetched and imported, or left alone when nothing has changed at its sources.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { ConditionSource, RealtimeSource } from '#workers/messages.ts'
import { readManifest } from '#workers/network-files.ts'
import { findPreset, presetJob } from '#workers/presets.ts'
import { importWithProgress } from './import.ts'
import { reportText } from './import-report.ts'

/**
 * @param data where networks and downloads are kept
 * @param base asks a mirror, or a server on this machine, instead of the sources themselves
 */
export async function installPreset(
  name: string,
  data: string,
  base: string | undefined,
): Promise<{
  readonly dir: string
  readonly sources: readonly RealtimeSource[]
  readonly conditions: readonly ConditionSource[]
}> {
  const preset = findPreset(name, base)
  const job = presetJob(preset, data)
  try {
    console.log(reportText(await importWithProgress(job)))
  } catch (error) {
    // sources that cannot be reached just now are no reason to stay closed
    if (!(error instanceof FreifahrtError) || error.code !== 'FETCH_FAILED' || !isThere(job.out)) throw error
    console.error(`${error.message}; serving the network of the last import`)
  }
  return { dir: job.out, sources: preset.realtime, conditions: preset.conditions }
}

function isThere(dir: string): boolean {
  try {
    readManifest(dir)
    return true
  } catch {
    return false
  }
}
