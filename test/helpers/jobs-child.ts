// Begins a job and never ends it.

import { jobsInRedis } from '#workers/redis/jobs.ts'

await jobsInRedis({
  ...JSON.parse(process.argv[2]!),
  onTrouble: () => {},
  run: ({ name }: { name: string }) => {
    console.log(name)
    return new Promise(() => {})
  },
})
