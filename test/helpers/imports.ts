// Which folder may import which, as rules over source text: the checker behind test/architecture.test.ts.

import { posix } from 'node:path'

/** Top folder → what else it may import: folders (`#…` paths), and packages by name ('*' = any). */
const folders: Record<string, { readonly folders: readonly string[]; readonly packages: readonly string[] }> = {
  engine: { folders: [], packages: ['flatbush', 'flatqueue'] },
  feeds: { folders: ['engine'], packages: ['*'] },
  workers: { folders: ['feeds', 'engine'], packages: ['*'] },
  api: { folders: ['workers', 'engine'], packages: ['*'] },
}

/** Inside engine/: folder → the folders it may import besides itself. The search does not know streets; only plan/ joins the two. */
const engineFolders: Record<string, readonly string[]> = {
  core: [],
  timetable: ['core'],
  station: ['core', 'timetable'],
  street: ['core', 'timetable', 'station'],
  ground: ['core'],
  places: ['core', 'timetable', 'street'],
  footpaths: ['core', 'timetable'],
  live: ['core', 'timetable', 'footpaths'],
  conditions: ['core', 'live'],
  horizon: ['core', 'timetable', 'footpaths', 'live', 'conditions'],
  transit: ['core', 'timetable', 'footpaths', 'live', 'horizon'],
  board: ['core', 'timetable', 'footpaths', 'live', 'horizon'],
  fleet: ['core', 'timetable', 'footpaths', 'live', 'horizon'],
  access: ['core', 'timetable', 'footpaths', 'live', 'conditions', 'station', 'street', 'transit'],
  plan: [
    'core',
    'timetable',
    'footpaths',
    'live',
    'conditions',
    'horizon',
    'station',
    'street',
    'access',
    'transit',
    'board',
  ],
}

/** Inside api/: what answers look like, and who writes them, know nobody else there. */
const apiFolders: Record<string, readonly string[]> = {
  contract: ['api/contract/', 'api/live/rows/'],
  rows: ['api/contract/', 'api/live/rows/'],
  render: ['api/contract/', 'api/live/rows/', 'api/render/'],
}

/** The one place where the server's side reaches into web/: building the page. */
const exceptions = new Set(['web/build.ts'])

/** What would make the engine depend on anything but its arguments. */
const impure =
  /\bprocess\b|\bDate\.now\b|\bnew Date\(\s*\)|\bTemporal\b|\bperformance\b|\bconsole\b|\bMath\.random\b|\bPromise\b|\basync\b|\bawait\b|\bset(?:Timeout|Interval|Immediate)\b|\bglobalThis\b|\bimport\.meta\b/

/** `source` without comments; with `strings` false, its texts are emptied too. Good enough for code without quotes in regular expressions. */
function withoutComments(source: string, strings: boolean): string {
  return source.replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    piece => (piece.startsWith('/') ? ' ' : strings ? piece : "''"),
  )
}

/** Module specifiers that the file names: static and dynamic imports, re-exports, and worker files given as URLs. */
export function importsOf(source: string): string[] {
  const code = withoutComments(source, true)
  const statements =
    /(?<!['"])\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1|\bnew URL\(\s*(['"])([^'"\n]+\.ts)\3\s*,\s*import\.meta\.url/g
  return [...code.matchAll(statements)].map(m => m[2] ?? m[4]!)
}

/** What a file of the four folders does that it may not; `path` from the project's root, with slashes. */
export function violations(path: string, source: string): string[] {
  const top = path.split('/')[0]!
  const allowed = folders[top]
  if (!allowed) return []
  const found = importsOf(source).flatMap(from => {
    const reason = badImport(path, top, allowed, from)
    return reason === undefined ? [] : [`imports ${from}: ${reason}`]
  })
  const code = withoutComments(source, false)
  if (top === 'engine') {
    const word = impure.exec(code)?.[0]
    if (word !== undefined) found.push(`is not pure: ${word}`)
  }
  if (/\bexport\s*\*/.test(code)) found.push('re-exports a whole module')
  if (/\bexport default\b/.test(code) && !path.startsWith('api/')) found.push('has a default export')
  return found
}

function badImport(
  path: string,
  top: string,
  allowed: { readonly folders: readonly string[]; readonly packages: readonly string[] },
  from: string,
): string | undefined {
  if (from.startsWith('.')) {
    const target = posix.join(posix.dirname(path), from)
    if (exceptions.has(target) && top === 'api') return undefined
    if (!target.startsWith(`${top}/`)) return `a relative path leaves ${top}/`
    return badInside(path, target)
  }
  if (from.startsWith('#')) {
    const target = from.slice(1)
    const folder = target.split('/')[0]!
    if (folder === top) return badInside(path, target)
    return allowed.folders.includes(folder) ? undefined : `${top}/ may not know ${folder}/`
  }
  if (allowed.packages.includes('*')) return undefined
  return allowed.packages.includes(from) ? undefined : `${top}/ may only use ${allowed.packages.join(', ')}`
}

function badInside(path: string, target: string): string | undefined {
  if (path.startsWith('engine/')) return badInsideEngine(path, target)
  const own = /^api\/(contract|render|live\/(?=rows\/))/.test(path) ? posix.basename(posix.dirname(path)) : ''
  const known = apiFolders[own]
  return !known || known.some(folder => target.startsWith(folder)) ? undefined : `api/${own} may not know ${target}`
}

function badInsideEngine(path: string, target: string): string | undefined {
  const from = path.split('/')[1]!
  const to = target.split('/')[1]!
  if (from === to) return undefined
  const known = engineFolders[from]
  if (!known) return `engine/${from} is a new folder: say in test/helpers/imports.ts what it may know`
  return known.includes(to) ? undefined : `engine/${from} may not know engine/${to}`
}
