import { expect, test } from 'vitest'
import { stepsOf } from '#api/render/steps.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile } from '#engine/street/profile.ts'
import { streets } from '../helpers/streets.ts'

test('of ways without a name it is told what they are', () => {
  const s = streets(`
    at a 0,0 at b 100,0 at c 100,100 at d 200,100 at e 200,200 at f 300,200
    a-b highway=footway
    b-c highway=cycleway
    c-d highway=residential name=Ring
    d-e highway=residential
    e-f railway=platform ref=1`)
  const path = streetPath(s.search, s.at('a'), s.at('f'), {
    ...{ profile: Profile.foot, maxSeconds: 3600, maxMatchingDistance: 10 },
  })
  expect(stepsOf(path!, 6).map(step => step.streetName || step.wayKind)).toEqual([
    ...['FOOTPATH', 'CYCLEWAY', 'Ring', 'ROAD', 'PLATFORM'],
  ])
})
