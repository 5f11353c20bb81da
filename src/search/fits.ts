/** Whether a text is what the value of a field names: part of it, or the whole of it with `*` or `?`. */
import picomatch from 'picomatch'
import { foldWords } from './fold-words.ts'

/** `image`, `image/*`, `image/jpeg` or `jpeg`. */
export function typeFits(type: string, value: string): boolean {
  if (type === value) return true
  return value.includes('*') ? fits(type, value) : type.startsWith(`${value}/`) || type.endsWith(`/${value}`)
}

/** Part of it, or the whole of it where the value has `*` or `?`; case and accents do not count. */
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
