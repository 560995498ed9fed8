import { languages, nameOf } from './languages.ts'
import { useSetting } from './setting.ts'

export function LanguageChoice() {
  const { t, language, chooseLanguage } = useSetting()
  return (
    <select
      class="language"
      aria-label={t.language}
      value={language}
      onChange={event => chooseLanguage(event.currentTarget.value)}
    >
      {languages.map(code => (
        <option key={code} value={code} lang={code}>
          {nameOf(code)}
        </option>
      ))}
    </select>
  )
}
