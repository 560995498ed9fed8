import '../shared/style/base.css'
import { startPage } from '../shared/start.tsx'

startPage(() => <p>…</p>)
