/**
 * Extended attributes of an entry, by name and size: what browsers and systems note beside a file (where it was downloaded
 * from), and the alternate data streams of NTFS, which ntfs-3g presents as attributes. Their contents are not hashed.
 *
 * Node has no call for them; the library is a thin one over llistxattr(2) and lgetxattr(2) that ships prebuilt. It takes
 * paths as text: of entries whose names are not UTF-8 nothing is listed.
 */
import { isUtf8 } from 'node:buffer'
import { createRequire } from 'node:module'
import { printText } from '../../base/evidence-path.ts'
import { type Attribute, attribute } from '../../contracts/attribute.ts'

const library = loaded()

/** False on a platform for which the library is not built. */
export const canListExtendedAttributes = library !== null

// Labels and access lists of the system that wrote the files: on every file of a telephone, and no lead.
const OF_THE_SYSTEM = /^(security|system|trusted)\./
/** Those that say in plain text where a file came from. */
const ORIGINS = /(^|\.)(Zone\.Identifier|xdg\.(origin|referrer)\.url)$/
const MOST = 32

const NOT_SUPPORTED = 95
const VANISHED = 2

export class ExtendedAttributes {
  /** Devices that have none: asking costs more than an answer, because a refusal is an exception. */
  readonly #without = new Set<bigint>()

  /** @param at a path without symbolic links on its way */
  of(at: Buffer, device: bigint): readonly Attribute[] {
    if (library === null || this.#without.has(device) || !isUtf8(at)) return NONE
    const path = at.toString()
    let names: readonly string[]
    try {
      names = library.listAttributesSync(path)
    } catch (error) {
      const errno = errnoIn(error)
      if (errno === NOT_SUPPORTED) this.#without.add(device)
      return errno === NOT_SUPPORTED || errno === VANISHED
        ? NONE
        : [attribute('extended-attributes-unlisted', { text: (error as Error).message })]
    }
    if (names.length === 0) return NONE
    const told = names.filter((name) => !OF_THE_SYSTEM.test(name)).sort()
    const found = told.slice(0, MOST).map((name) => described(path, name))
    return told.length > MOST
      ? [...found, attribute('extended-attributes-left-out', { attributes: told.length - MOST })]
      : found
  }
}

const NONE: readonly Attribute[] = []

/** Without `bytes`: not readable, or longer than the kernel hands out. */
function described(path: string, raw: string): Attribute {
  const content = contentOf(path, raw)
  const name = printText(raw)
  if (content === null) return attribute('extended-attribute', { name })
  const bytes = content.length
  if (!ORIGINS.test(raw)) return attribute('extended-attribute', { name, bytes })
  const text = printText(content.toString().trim().replace(/\s+/g, ' '))
  return attribute('extended-attribute', { name, bytes, text })
}

function contentOf(path: string, name: string): Buffer | null {
  try {
    return library!.getAttributeSync(path, name)
  } catch {
    return null
  }
}

/** The library's errors carry the number in their text only. */
function errnoIn(error: unknown): number {
  return Number(/os error (\d+)/.exec((error as Error).message)?.[1] ?? 0)
}

function loaded(): typeof import('@napi-rs/xattr') | null {
  try {
    return createRequire(import.meta.url)('@napi-rs/xattr') as typeof import('@napi-rs/xattr')
  } catch {
    return null
  }
}
