// Traces, when somebody wants them: one span per request, with the caller's own as its parent (W3C traceparent). The packages are loaded
// only then.

import type { FastifyRequest } from 'fastify'
import type { App } from '#api/fastify.ts'
import { OTHER } from './metrics.ts'

export interface Tracing {
  /** Hangs spans around the app's requests. */
  install(app: App): void
  /** Sends what is left. */
  close(): Promise<void>
}

/** @param endpoint OTLP over HTTP, as in OTEL_EXPORTER_OTLP_ENDPOINT: `/v1/traces` is added */
export async function startTracing(endpoint: string): Promise<Tracing> {
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api')
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'freifahrt' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('freifahrt')
  const spans = new WeakMap<FastifyRequest, ReturnType<typeof tracer.startSpan>>()
  return {
    install(app) {
      app.addHook('onRequest', (request, _reply, done) => {
        const route = request.routeOptions.url ?? OTHER
        const attributes = { 'http.request.method': request.method, 'http.route': route, 'request.id': request.id }
        const caller = parseTraceparent(request.headers.traceparent)
        const parent = caller ? trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true }) : ROOT_CONTEXT
        const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent)
        spans.set(request, span)
        done()
      })
      app.addHook('onResponse', (request, reply, done) => {
        const span = spans.get(request)
        span?.setAttribute('http.response.status_code', reply.statusCode)
        if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
        span?.end()
        done()
      })
    },
    close: () => provider.shutdown(),
  }
}

/** `00-<trace id>-<span id>-<flags>`; anything else is nobody's trace. */
export function parseTraceparent(header: string | string[] | undefined) {
  const m = /^[0-9a-e][0-9a-f]-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(header ?? ''))
  if (!m || /^0+$/.test(m[1]!) || /^0+$/.test(m[2]!)) return undefined
  return { traceId: m[1]!, spanId: m[2]!, traceFlags: Number.parseInt(m[3]!, 16) }
}
