// Does a way lead over an elevator?

import type { Elevator } from './elevators.ts'
import type { Ground } from './ground.ts'
import type { Passage } from './passage.ts'

/** Who begins or ends right before one that is a node, and comes by the same street, goes through none. */
export function leadsOver({ streets }: Ground, { before, path, after }: Passage, elevator: Elevator): boolean {
  if ('pathway' in elevator) return [...before, ...after].some(({ pathway }) => pathway === elevator.pathway)
  const stretches = path?.stretches ?? []
  if ('edge' in elevator) return stretches.some(({ edge }) => edge === elevator.edge)
  const { edgeFrom, edgeTo } = streets!.graph
  const touching = stretches.filter(({ edge }) => edgeFrom[edge] === elevator.node || edgeTo[edge] === elevator.node)
  return touching.length > 1
}
