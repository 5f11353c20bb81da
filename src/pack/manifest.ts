/**
 * The manifest of a pack: the name, size and SHA-256 of every other file, and the record that it belongs to. Names are
 * plain file names, so that unpacking writes no file elsewhere.
 */
import { createHash } from 'node:crypto'

export const MANIFEST = 'manifest.json'
export const CHECK_PAGE = 'HOW-TO-CHECK.txt'
/** Of all files, this one apart, as sha256sum(1) reads them. */
export const SUMS = 'SHA256SUMS'
const ABOUT = 'seized pack 2'
/** In the first version the page was not among the files, and there were no checksums. */
const FIRST = 'seized pack 1'

export interface PackedFile {
  readonly file: string
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

export interface Manifest {
  readonly about: string
  readonly case: string
  readonly exhibit: string
  /** Name of the ledger among the files. */
  readonly ledger: string
  readonly newestHead: string
  readonly files: readonly PackedFile[]
}

export function manifestText(manifest: Omit<Manifest, 'about'>): string {
  return `${JSON.stringify({ about: ABOUT, ...manifest }, null, 2)}\n`
}

/** @returns a message when the text is not a manifest */
export function readManifest(text: string): Manifest | string {
  let value: Partial<Manifest> | null
  try {
    value = JSON.parse(text) as Partial<Manifest> | null
  } catch (error) {
    if (error instanceof SyntaxError) return 'its manifest cannot be read'
    throw error
  }
  if (value?.about !== ABOUT && value?.about !== FIRST)
    return `its manifest does not begin with "${ABOUT}" or "${FIRST}"`
  const { ledger, files } = value
  const said = [value.case, value.exhibit, value.newestHead]
  if (!said.every((one) => typeof one === 'string')) return 'its manifest names no case, exhibit or head'
  if (!Array.isArray(files) || !files.every(isFile))
    return 'its manifest names a file without size and SHA-256'
  if (!files.some(({ file }) => file === ledger)) return 'its manifest names no ledger'
  const odd = files.find(({ file }) => !isPlainName(file))
  return odd ? `its manifest names a file outside of it: ${JSON.stringify(odd.file)}` : (value as Manifest)
}

/** Files that a manifest of that version does not list. */
export function besideManifest({ about }: Manifest): readonly string[] {
  return about === FIRST ? [MANIFEST, CHECK_PAGE] : [MANIFEST, SUMS]
}

/** @param files all files except the checksum file */
export function sumsText(files: readonly Pick<PackedFile, 'file' | 'sha256'>[]): string {
  return files.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join('')
}

export function isPlainName(name: string): boolean {
  return /^[^/\\\0]{1,200}$/.test(name) && name !== '.' && name !== '..'
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function isFile(value: unknown): value is PackedFile {
  const { file, bytes, sha256 } = (value ?? {}) as Partial<Record<keyof PackedFile, unknown>>
  return (
    typeof file === 'string' &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  )
}
