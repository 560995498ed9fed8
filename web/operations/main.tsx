import '../shared/style/base.css'
import '../shared/style/connection.css'
import '../shared/style/map.css'
import './style/operations.css'
import { keepPageOffline } from '../shared/offline.ts'
import { startPage } from '../shared/start.tsx'
import { App } from './app.tsx'

await startPage(App)
keepPageOffline()
