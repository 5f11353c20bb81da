/**
 * The operator's declaration of a list: `illegal:list.txt`, `known:os.hashdeep`, `vics-us:projectvic.json`.
 *
 * The word before the first colon is a meaning, for a list without categories, or a scale, for a list with categories.
 * The program never infers a meaning from a file's name or format: a public list was once taken for contraband that
 * way.
 */

import { UsageError } from '../base/errors.ts'
import { type HashSetDeclaration, MEANINGS, type Meaning } from '../contracts/hash-set.ts'

const SCALE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/

/** @throws UsageError when it is not `meaning:FILE` or `scale:FILE` */
export function parseHashSetDeclaration(text: string): HashSetDeclaration {
  const colon = text.indexOf(':')
  const word = colon === -1 ? '' : text.slice(0, colon)
  const file = text.slice(colon + 1)
  if (colon === -1 || !SCALE_ID.test(word)) {
    throw new UsageError(
      `"${text}" does not say what the list means. Write illegal:FILE, interest:FILE or known:FILE for a list without ` +
        'categories, and SCALE:FILE (for example vics-us:FILE) for a list with them.',
    )
  }
  if (file === '') throw new UsageError(`"${text}" names no file after the colon.`)
  return {
    file,
    declared: isMeaning(word) ? { kind: 'meaning', meaning: word } : { kind: 'scale', scale: word },
  }
}

function isMeaning(word: string): word is Meaning {
  return (MEANINGS as readonly string[]).includes(word)
}
