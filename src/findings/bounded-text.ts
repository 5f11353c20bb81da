/** Text of the exhibit that a ledger keeps with a finding: at most 200 characters (invariant 7). */
import type { Params } from '../contracts/coded.ts'

const TEXT_CHARACTERS = 200

/** Counts characters, not UTF-16 units, so that a text cut by an extractor is not cut again. */
export function shortened(text: string): string {
  if (text.length <= TEXT_CHARACTERS) return text
  const characters = [...text]
  return characters.length <= TEXT_CHARACTERS ? text : `${characters.slice(0, TEXT_CHARACTERS - 1).join('')}…`
}

export function shortenedParams(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? shortened(value) : value,
    ]),
  )
}
