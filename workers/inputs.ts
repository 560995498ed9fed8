// What an import reads: files that are here or have to be fetched, the tags of the feeds, the area.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type Area, parseArea } from '#feeds/area.ts'
import { download, sha256Of } from '#feeds/download.ts'
import type { FeedChoice, ImportJob, ImportProgress } from './import.ts'
import { type Manifest, readManifest } from './network-files.ts'

/** A file of the import, wherever it came from. */
export interface InputFile {
  readonly path: string
  /** See nameOfInput. */
  readonly from: string
  /** '' for a folder. */
  readonly sha256: string
  readonly bytes: number
}

const isUrl = (from: string): boolean => /^https?:\/\//i.test(from)

/** For people: the file's name, or the address without its keys. */
export const nameOfInput = (from: string): string => (isUrl(from) ? withoutSecrets(from) : basename(resolve(from)))

type Downloading = Pick<ImportJob, 'out' | 'downloads' | 'allowHosts'>

const downloadPath = (
  url: string,
  { out, downloads = join(dirname(resolve(out)), 'downloads') }: Downloading,
): string => resolve(downloads, fileNameOf(url))

/** The files in which an import keeps what it downloads. */
export const downloadsOf = (job: ImportJob): string[] =>
  [...job.gtfs.map(({ from }) => from), ...(job.osm === undefined ? [] : [job.osm])]
    .filter(from => isUrl(from) && URL.canParse(from))
    .map(url => downloadPath(url, job))

/** The file itself, fetched first if it is an address. Throws FETCH_FAILED, FILE_MISSING. */
export async function fetchInput(
  from: string,
  job: Downloading,
  onProgress: (progress: ImportProgress) => void,
): Promise<InputFile> {
  if (isUrl(from)) {
    const shown = nameOfInput(from)
    const { allowHosts = [] } = job
    const { path, sha256, bytes } = await download(from, downloadPath(from, job), {
      allowHosts,
      onProgress: (done, total) =>
        onProgress({ step: 'download', what: shown, done, ...(total !== undefined && { total }) }),
    })
    return { path, from: shown, sha256, bytes }
  }
  const info = statSync(from, { throwIfNoEntry: false })
  if (!info) throw new FreifahrtError('FILE_MISSING', from, 'no such file or folder')
  if (info.isDirectory()) return { path: from, from: nameOfInput(from), sha256: '', bytes: 0 }
  return { path: from, from: nameOfInput(from), sha256: await sha256Of(from), bytes: info.size }
}

/** host_path_name.zip: two feeds called latest.zip stay apart, and so do two that differ in their query, which may hold a key. */
export function fileNameOf(url: string): string {
  const { host, pathname, search } = new URL(url)
  const query = search === '' ? '' : `${createHash('sha256').update(search).digest('hex').slice(0, 12)}_`
  return `${query}${`${host}${pathname}`.replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(-150)}`
}

/** Throws BAD_REQUEST, FILE_MISSING. */
export function readArea(area: string): Area {
  if (!/\.(geo)?json$/i.test(area)) return parseArea(area)
  if (!existsSync(area)) throw new FreifahrtError('FILE_MISSING', area, 'no such file')
  return parseArea(readFileSync(area, 'utf8'))
}

// Names that say nothing: the folder above them does (…/nv_free/latest.zip).
const GENERIC = /^(latest|current|gtfs|feed|data|download|google[-_]?transit|transit|export)$/i

/** A tag per feed, all different, without '_', which ends a tag in public ids. Throws BAD_REQUEST for a given one that will not do. */
export function chooseTags(feeds: readonly FeedChoice[]): string[] {
  const tags: string[] = []
  for (const { tag, from } of feeds) {
    if (tag !== undefined && !/^[A-Za-z0-9.-]{1,32}$/.test(tag))
      throw new FreifahrtError('BAD_REQUEST', `tag ${tag}`, 'a tag is up to 32 letters, digits, dots and hyphens')
    if (tag !== undefined && tags.includes(tag)) throw new FreifahrtError('BAD_REQUEST', `tag ${tag}`, 'given twice')
    const wish = tag ?? tagFrom(from)
    let free = wish
    for (let n = 2; tags.includes(free); n++) free = `${wish}-${n}`
    tags.push(free)
  }
  return tags
}

function tagFrom(from: string): string {
  const parts = (isUrl(from) ? new URL(from).pathname : resolve(from)).split('/').filter(part => part !== '')
  const names = parts.reverse().map(part =>
    part
      .replace(/(\.(zip|gtfs))+$/i, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 32),
  )
  return names.slice(0, 2).find(name => name !== '' && !GENERIC.test(name)) ?? 'feed'
}

/** The network at `out`, if it was made from the very same files. */
export function madeFromSame(
  { out, area }: Pick<ImportJob, 'out' | 'area'>,
  feeds: readonly (InputFile & { readonly tag: string })[],
  map: InputFile | undefined,
): Manifest | undefined {
  let manifest: Manifest
  try {
    manifest = readManifest(out)
  } catch {
    return undefined
  }
  const same =
    manifest.area === area &&
    manifest.map?.sha256 === map?.sha256 &&
    manifest.feeds.length === feeds.length &&
    feeds.every(
      (feed, i) =>
        feed.sha256 !== '' && feed.tag === manifest.feeds[i]!.tag && feed.sha256 === manifest.feeds[i]!.sha256,
    )
  return same ? manifest : undefined
}

/** What may be missing against the network that is there, before a feed counts as published by halves. */
const MAY_LOSE = 0.2

/** Throws FEED_SHRUNK when the new network would have lost more than a fifth of the stops or trips of the one at `out`, made from the same feeds. */
export function refuseShrunk({ out, area, gtfs }: ImportJob, counts: Readonly<Record<string, number>>): void {
  let before: Manifest
  try {
    before = readManifest(out)
  } catch {
    return
  }
  if (before.area !== area || before.feeds.map(({ tag }) => tag).join() !== chooseTags(gtfs).join()) return
  for (const what of ['stops', 'trips']) {
    const [had, has] = [before.counts[what] ?? 0, counts[what] ?? 0]
    if (has < had * (1 - MAY_LOSE))
      throw new FreifahrtError('FEED_SHRUNK', out, `${has} ${what}, there were ${had}: the network in force stays`)
  }
}
