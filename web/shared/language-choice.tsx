import { useEffect, useState } from 'preact/hooks'
import { useAgain } from './connection.ts'
import { languages, nameOf } from './languages.ts'
import { useSetting } from './setting.ts'

/** A language whose words do not come is said, and taken as soon as they do. */
export function LanguageChoice() {
  const { t, language, chooseLanguage } = useSetting()
  const [failed, setFailed] = useState<string>()
  const again = useAgain(failed !== undefined)
  const choose = (next: string) =>
    chooseLanguage(next).then(
      () => setFailed(undefined),
      () => setFailed(next),
    )
  useEffect(() => {
    if (failed) choose(failed)
  }, [again])
  return (
    <>
      <select
        class="language"
        aria-label={t.language}
        value={language}
        onChange={event => choose(event.currentTarget.value)}
      >
        {languages.map(code => (
          <option key={code} value={code} lang={code}>
            {nameOf(code)}
          </option>
        ))}
      </select>
      {failed && (
        <p class="language-failed" role="alert">
          {t.languageFailed(nameOf(failed))}
          <button type="button" class="quiet" onClick={() => choose(failed)}>
            {t.tryAgain}
          </button>
        </p>
      )}
    </>
  )
}
