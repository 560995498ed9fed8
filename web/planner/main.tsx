import '../shared/style/base.css'
import '../shared/style/connection.css'
import './style/search.css'
import './style/board.css'
import './style/journey.css'
import './style/rider.css'
import '../shared/style/map.css'
import './style/print.css'
import { keepPageOffline } from '../shared/offline.ts'
import { startPage } from '../shared/start.tsx'
import { App } from './app.tsx'

await startPage(App)
keepPageOffline()
