import '../shared/style/base.css'
import './style/display.css'
import { keepPageOffline } from '../shared/offline.ts'
import { startPage } from '../shared/start.tsx'
import { Display } from './display.tsx'
import { readOptions } from './options.ts'

const options = readOptions(location.search, innerHeight > innerWidth)
document.documentElement.dataset.layout = options.layout
// paper is white, LEDs are dark; on a wall the room decides
const theme = options.layout === 'eink' ? 'light' : options.layout === 'led' ? 'dark' : options.theme
if (theme) document.documentElement.dataset.theme = theme
await startPage(shell => <Display options={options} {...shell} />, options.language)
keepPageOffline()
