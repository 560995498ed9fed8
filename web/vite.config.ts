// How the page is built: one entry, the map in a chunk of its own that loads only when a map is shown.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // maplibre starts its worker as a module
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200, // kB: maplibre
  },
})
