import { findProgram } from './program.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** A Chromium that page tests may drive: `$CHROMIUM`, else the first found on PATH. */
export const findChromium = (): string | undefined => findProgram(process.env.CHROMIUM, names)
