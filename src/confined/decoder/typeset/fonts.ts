/** Reads the fonts that a PDF is set in. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { FONT_FACES } from '../../../contracts/font-faces.ts'

/** Index of the mono font. */
export const MONO = 2

export function readFonts(): readonly Buffer[] {
  const { resolve } = createRequire(import.meta.url)
  return FONT_FACES.map((face) => readFileSync(resolve(`@expo-google-fonts/${face}`)))
}
