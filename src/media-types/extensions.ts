/**
 * Which extensions are usual for which content. A content under an unusual name is an attribute, not a finding: people
 * rename things for many reasons, and hiding is one of them.
 */

import { printName } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import { EMPTY } from './sample.ts'
import { MEDIA_TYPES } from './table.ts'

/**
 * Never stored: it depends on a name, and a reader computes it from name and content.
 * @param name the last name of a path, raw bytes
 * @returns null when the extension is usual, missing, or has no meaning (.tmp, .bak …)
 */
export function extensionMismatch(name: Buffer, mediaType: string): Attribute | null {
  const extension = extensionOf(name)
  if (extension === null || SAYS_NOTHING.has(extension) || mediaType === EMPTY) return null
  const usual = USUAL.get(mediaType)
  if (usual?.has(extension)) return null
  // Text and unrecognised content go by any name but that of something else.
  const isOpen = usual === undefined || usual.size === 0
  if (isOpen && !NAMED_BINARY.has(extension)) return null
  const shown = printName(Buffer.from(extension, 'latin1'))
  return attribute('wrong-extension', { extension: shown, mediaType })
}

// Longer ones are not extensions but parts of names.
const MAX_EXTENSION_BYTES = 16

function extensionOf(name: Buffer): string | null {
  const dot = name.lastIndexOf(0x2e)
  // A leading dot hides a file on Unix and begins no extension.
  if (dot <= 0 || dot === name.length - 1 || name.length - dot - 1 > MAX_EXTENSION_BYTES) return null
  const extension = name.toString('latin1', dot + 1).toLowerCase()
  // In a web address, a query string follows the extension.
  return /^[0-9]+$/.test(extension) || /[\s/?&=#%]/.test(extension) ? null : extension
}

const SAYS_NOTHING = new Set(
  'tmp temp bak old orig backup part partial crdownload download cache copy new save swp'.split(' '),
)

const USUAL: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  MEDIA_TYPES.flatMap(({ type, names }) =>
    names === undefined ? [] : [[type, new Set(wordsOf(names))] as const],
  ),
)

/** Names that text and private formats use too: TypeScript, game mods, key files, databases. */
const AMBIGUOUS = new Set(
  'ts xml mod db key pages numbers raw tod dia vst ai ram trp max exe doc dat'.split(' '),
)

/** Extensions that promise a binary format we know, so that text or noise under them is a mismatch. */
const NAMED_BINARY: ReadonlySet<string> = new Set(
  MEDIA_TYPES.flatMap(({ type, names }) =>
    /^(image|video|audio|application\/(pdf|zip|x-7z|vnd\.rar|gzip|x-sqlite3|vnd\.openxml))/.test(type)
      ? wordsOf(names ?? '')
      : [],
  ).filter((extension) => !AMBIGUOUS.has(extension)),
)

function wordsOf(names: string): string[] {
  return names.split(' ').filter((extension) => extension !== '')
}
