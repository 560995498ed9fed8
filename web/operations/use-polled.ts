import { useEffect, useState } from 'preact/hooks'

const ASK_AGAIN = 3 // seconds, as long as nothing is known

/** The newest answer, asked for again every so many seconds; what is known stays while the server is away. `ask` must be a stable function. */
export function usePolled<T>(ask: () => Promise<T>, every: number): T | undefined {
  const [told, setTold] = useState<T>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let over = false
    let known = false
    const go = async (): Promise<void> => {
      const news = await ask().catch(() => undefined)
      if (over) return
      if (news !== undefined) setTold(news)
      known ||= news !== undefined
      timer = setTimeout(go, (known ? every : ASK_AGAIN) * 1000)
    }
    go()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [ask, every])
  return told
}
