/** Whether a text matches the value of a field: part of the text, or the whole text with `*` or `?`. */
import picomatch from 'picomatch'
import { foldWords } from './fold-words.ts'

/** `image`, `image/*`, `image/jpeg` or `jpeg`. */
export function typeFits(type: string, value: string): boolean {
  if (type === value) return true
  return value.includes('*') ? fits(type, value) : type.startsWith(`${value}/`) || type.endsWith(`/${value}`)
}

/** Matches part of the text, or the whole text where the value has `*` or `?`. Case and accents are ignored. */
export function fits(text: string, value: string): boolean {
  const [folded, wanted] = [foldWords(text), foldWords(value)]
  return /[*?]/.test(wanted) ? globFor(wanted)(folded) : folded.includes(wanted)
}

const globs = new Map<string, (text: string) => boolean>()

function globFor(glob: string): (text: string) => boolean {
  const known = globs.get(glob)
  if (known) return known
  const made = picomatch(glob, { dot: true, bash: true, nonegate: true })
  globs.set(glob, made)
  return made
}

/** Whether a value asks for any value at all. */
export function isAny(value: string): boolean {
  return value.toLowerCase() === 'any'
}
