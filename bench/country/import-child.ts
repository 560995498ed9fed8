// One import in a process of its own, so that its CPU and its memory are its own: FEED OUT [AREA] → a line of JSON.

import { importNetwork } from '#workers/import.ts'

const [from, out, area] = process.argv.slice(2) as [string, string, string?]
await importNetwork({ gtfs: [{ tag: 'bench', from }], out, ...(area && { area }) })
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS * 1024 }))
