// What stands where no page is: that, in the reader's words, and the way home.

import '../shared/style/base.css'
import { render } from 'preact'
import { firstTexts, preferredLanguage } from '../shared/languages.ts'

const language = preferredLanguage()
const t = await firstTexts(language)
document.documentElement.lang = language
document.documentElement.dir = t.direction
document.title = `${t.noPage} · Freifahrt`
render(
  <main class="missing">
    <h1>{t.noPage}</h1>
    <p>
      <a href="./">{t.display.toStart}</a>
    </p>
  </main>,
  document.getElementById('app')!,
)
