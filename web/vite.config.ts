// How the pages are built: one entry each, what they share in chunks of its own, the map only when one is shown. The service worker must
// lie where the pages lie and keep its name.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export default defineConfig({
  root: file('.'),
  base: './',
  // maplibre starts its worker as a module
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200, // kB: maplibre
    rolldownOptions: {
      checks: { pluginTimings: false }, // how long a build takes is no news to who starts a server
      input: {
        index: file('index.html'),
        display: file('display.html'),
        operations: file('operations.html'),
        missing: file('missing.html'),
        'service-worker': file('offline/service-worker.ts'),
      },
      output: {
        entryFileNames: chunk => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
})
