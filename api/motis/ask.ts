// A question to the plan threads, answered over HTTP.

import type { FastifyReply } from 'fastify'
import { goneSignal, sendBytes } from '#api/plugins/requests.ts'
import type { ApiQuestion } from '#api/questions.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { TransitService } from '#workers/service.ts'

/** @param span what has to be compiled for it; undefined when the answer depends on no day */
export async function ask(
  service: TransitService,
  reply: FastifyReply,
  question: ApiQuestion,
  span: readonly [UnixSeconds, UnixSeconds] | undefined,
  type = 'application/json',
): Promise<FastifyReply> {
  const bytes = await service.ask(question, span, { signal: goneSignal(reply) })
  return sendBytes(reply, bytes, type)
}
