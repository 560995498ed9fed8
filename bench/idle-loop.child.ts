// The other end of `idleControl`: between two words it does nothing.

import { watchLoop } from './loop.ts'

const loop = watchLoop()
process.on('message', (word: 'begin' | 'end') => {
  if (word === 'begin') loop.begin()
  process.send!(word === 'end' ? loop.end() : 0)
})
process.send!(0)
