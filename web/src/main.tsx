import { render } from 'preact'
import './style/base.css'
import './style/board.css'
import './style/journey.css'
import './style/map.css'
import { App } from './app.tsx'

render(<App />, document.getElementById('app')!)
