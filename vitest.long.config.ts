import { mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'

// what takes minutes: outages, soak, thousands of clients. One file at a time, so that their figures mean something
const long = mergeConfig(config, {
  test: { fileParallelism: false, testTimeout: 60 * 60_000, hookTimeout: 5 * 60_000 },
})
export default { ...long, test: { ...long.test, include: ['test/long/**/*.long.ts'] } }
