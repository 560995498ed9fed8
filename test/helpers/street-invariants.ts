// What holds for every way on streets; gives what does not.

import { metresBetween } from '#engine/core/geo.ts'
import type { StreetPath } from '#engine/street/path.ts'
import type { Point } from './streets.ts'

export function pathProblems(path: StreetPath, from: Point, to: Point, speed: number): string[] {
  const { points, steps, metres, seconds } = path
  const length = lineMetres(points)
  const problems: string[] = []
  const claim = (holds: boolean, text: string): void => void (holds || problems.push(text))
  claim(points[0] === from.lat && points[1] === from.lon, 'begins where asked')
  claim(points.at(-2) === to.lat && points.at(-1) === to.lon, 'ends where asked')
  // positions are rounded to a centimetre, and the places on an edge to a millimetre
  claim(
    Math.abs(length - metres) <= 0.1 + points.length * 0.02 + metres * 0.001,
    `the line is ${length} m long, the way ${metres} m`,
  )
  claim(seconds + 1 >= (metres / speed) * 0.999, `${metres} m in ${seconds} s`)
  claim(steps.length > 0 && steps.every(s => s.points.length >= 2), 'every step has points')
  claim(
    steps.slice(1).every(s => s.relativeDirection !== 'DEPART'),
    'departs once',
  )
  claim(
    steps.slice(1).every((s, i) => s.points[0] === steps[i]!.points.at(-2) && s.points[1] === steps[i]!.points.at(-1)),
    'steps join',
  )
  const told = steps.reduce((sum, s) => sum + s.metres, 0)
  claim(Math.abs(told - metres) <= 0.5, `steps tell ${told} of ${metres} m`)
  return problems
}

export function lineMetres(points: readonly number[]): number {
  let metres = 0
  for (let i = 0; i + 3 < points.length; i += 2)
    metres += metresBetween(points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!)
  return metres
}
