/**
 * Finds the files of an image from its first file. This is the only part of reading an image that uses paths.
 * It runs in the main process; the parsers inherit descriptors.
 */
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { bytesOf } from '../../base/byte-string.ts'
import { printText } from '../../base/evidence-path.ts'
import { ImageRefused } from '../../wire/image-refused.ts'
import { namingOf } from './segment-names.ts'

/**
 * @param path of the first segment
 * @param extents names in the descriptor of a VMDK, as byte strings, from a confined process; null: `path` is no descriptor
 * @returns paths in order, `path` first
 * @throws ImageRefused when one in between is missing, when `path` is not the first, or when a descriptor names files elsewhere
 */
export function segmentsOf(path: string, extents: readonly string[] | null = null): readonly string[] {
  const folder = dirname(path)
  if (extents) return [path, ...extentPaths(path, folder, extents)]

  const name = basename(path)
  const striped = stripesOf(folder, name)
  if (striped) return striped
  const dot = name.lastIndexOf('.')
  const stem = name.slice(0, dot + 1)
  const naming = dot < 0 ? null : namingOf(name.slice(dot + 1))
  const own = naming?.numberOf(name.slice(dot + 1).toLowerCase()) ?? null
  if (!naming || own === null) return [path]

  const found = new Map<number, string>()
  for (const other of readdirSync(folder).sort()) {
    if (other.slice(0, dot + 1).toLowerCase() !== stem.toLowerCase()) continue
    const number = naming.numberOf(other.slice(dot + 1).toLowerCase())
    // Of two spellings of one segment (E02, e02), take the one whose case equals that of the first segment.
    if (number !== null && (!found.has(number) || other.startsWith(stem))) found.set(number, other)
  }
  found.set(own, name)
  dropChance(found)
  const last = Math.max(...found.keys())
  if (own > 0) {
    // A lone file that ends in a number is an image in one file.
    if (found.size === 1 && /^\d+$/.test(name.slice(dot + 1))) return [path]
    const first = stem + cased(naming.endingOf(0), name)
    throw new ImageRefused('segment-order', `${name} is not the first segment: give ${first}.`, {
      segment: name,
      first,
    })
  }
  const paths: string[] = []
  for (let number = 0; number <= last; number++) {
    const segment = found.get(number)
    if (segment === undefined) {
      const missing = stem + cased(naming.endingOf(number), name)
      throw new ImageRefused(
        'segment-missing',
        `Segment ${missing} is missing; ${found.get(last)} is there.`,
        {
          segment: missing,
          number: number + 1,
        },
      )
    }
    paths.push(join(folder, segment))
  }
  return paths
}

/**
 * Volumes `X_1.aff4`, `X_2.aff4` and so on. The first volume names all others, so its parser reports missing
 * ones.
 */
function stripesOf(folder: string, name: string): readonly string[] | null {
  const [, stem, ending] = /^(.+_)1(\.aff4)$/i.exec(name) ?? []
  if (stem === undefined || ending === undefined) return null
  const present = new Set(readdirSync(folder))
  const names = [name]
  while (present.has(`${stem}${names.length + 1}${ending}`)) names.push(`${stem}${names.length + 1}${ending}`)
  return names.map((one) => join(folder, one))
}

/**
 * Drops files that are segments by chance: `disk.raw` and `disk.log` beside `disk.E01` would be segments 9,211 and
 * 5,101.
 * A name in letters counts where half of the segments before it exist.
 */
function dropChance(found: Map<number, string>): void {
  let before = 0
  for (const [number, name] of [...found].sort(([a], [b]) => a - b)) {
    const inLetters = !/\d$/.test(name)
    if (inLetters && number > 2 * before + 1) found.delete(number)
    else before++
  }
}

/** Writes the extension in the case of the first file: `e02` as `E02` beside `X.E01`, `ex02` as `Ex02`. */
function cased(ending: string, like: string): string {
  const first = like.slice(like.lastIndexOf('.') + 1)
  if (first === first.toLowerCase()) return ending
  return first[1] === 'x'
    ? `${ending[0]?.toUpperCase()}${ending[1]}${ending.slice(2).toUpperCase()}`
    : ending.toUpperCase()
}

function extentPaths(path: string, folder: string, names: readonly string[]): string[] {
  const present = new Set(readdirSync(folder))
  return names.map((bytes) => {
    // Descriptors are written in UTF-8, or in the code page of a Windows machine.
    const utf8 = bytesOf(bytes).toString()
    const name = present.has(utf8) ? utf8 : bytes
    if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
      throw new ImageRefused(
        'segment-outside',
        `${basename(path)} names an extent outside of its folder: ${JSON.stringify(name)}.`,
        {
          segment: basename(path),
          extent: name,
        },
      )
    }
    if (!present.has(name)) {
      throw new ImageRefused(
        'segment-missing',
        `${printText(name)} is missing, which ${basename(path)} names.`,
        {
          segment: name,
        },
      )
    }
    return join(folder, name)
  })
}
