# Freifahrt in a container: dependencies as the lockfile says, no install scripts, not root. Data lie in /data; everything else may be read-only.
FROM node:26-slim AS build
WORKDIR /freifahrt
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY . .
# the pages, once, so that nothing has to be written later
RUN node -e "import('./web/build.ts').then(web => web.ensureWebBuilt(process.cwd()))"

FROM node:26-slim
# /tmp may be the only place to write to; each thread that ends leaves an arena behind: with two of them, and large blocks given back at once, malloc
# holds 33 MB after twelve swaps, not 107
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/compiled MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144
WORKDIR /freifahrt
COPY --from=build /freifahrt ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/live').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "api/cli.ts"]
CMD ["serve", "--preset", "dortmund", "--data", "/data", "--host", "0.0.0.0"]
