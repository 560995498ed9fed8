import '../shared/style/base.css'
import './style/board.css'
import './style/journey.css'
import '../shared/style/map.css'
import { startPage } from '../shared/start.tsx'
import { App } from './app.tsx'

startPage(App)
