// Reading aloud, by the voices of the device itself: now and then, and whenever a key is pressed (a button at the stop is one).

import { useCallback, useEffect, useRef } from 'preact/hooks'

/** @param every seconds between two readings; undefined: only when asked @returns reads now */
export function useSpeech(text: string, language: string, every: number | undefined): () => void {
  const latest = useRef(text)
  latest.current = text
  const speak = useCallback(() => {
    if (!('speechSynthesis' in globalThis)) return
    const words = new SpeechSynthesisUtterance(latest.current)
    words.lang = language
    speechSynthesis.cancel()
    speechSynthesis.speak(words)
  }, [language])
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.target === document.body && (event.key === ' ' || event.key === 'Enter')) speak()
    }
    addEventListener('keydown', pressed)
    const timer = every === undefined ? undefined : setInterval(speak, every * 1000)
    return () => {
      removeEventListener('keydown', pressed)
      clearInterval(timer)
    }
  }, [speak, every])
  return speak
}
