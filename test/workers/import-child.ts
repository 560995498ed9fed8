// Imports in a process of its own, saying each step, until it is done or killed.

import { type ImportJob, importNetwork } from '#workers/import.ts'

const job: ImportJob = JSON.parse(process.argv[2]!)
await importNetwork(job, { onProgress: ({ step, what }) => console.log(`${step} ${what}`) })
console.log('done')
