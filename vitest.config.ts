import { defineConfig } from 'vitest/config'
import { PATIENCE } from './test/helpers/until.ts'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/global.ts',
    // forks, not threads: tests start worker threads and piscina pools of their own
    pool: 'forks',
    maxWorkers: 2,
    // a test may wait for some things one after the other
    testTimeout: 3 * PATIENCE,
    hookTimeout: 3 * PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
  },
})
