/** The manifest of a pack: every file in it by name, size and SHA-256. Names are plain, so that nothing is written elsewhere. */
import { createHash } from 'node:crypto'

export const MANIFEST = 'manifest.json'
export const CHECK_PAGE = 'HOW-TO-CHECK.txt'
const ABOUT = 'seized pack 1'

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

/** @returns a sentence when it is none */
export function readManifest(text: string): Manifest | string {
  let value: Partial<Manifest> | null
  try {
    value = JSON.parse(text) as Partial<Manifest> | null
  } catch (error) {
    if (error instanceof SyntaxError) return 'its manifest cannot be read'
    throw error
  }
  if (value?.about !== ABOUT) return `its manifest does not begin with "${ABOUT}"`
  const { ledger, files } = value
  if (!Array.isArray(files) || !files.every(isFile))
    return 'its manifest names a file without size and SHA-256'
  if (!files.some(({ file }) => file === ledger)) return 'its manifest names no ledger'
  const odd = files.find(({ file }) => !isPlainName(file))
  return odd ? `its manifest names a file outside of it: ${JSON.stringify(odd.file)}` : (value as Manifest)
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

export function checkPage({ case: caseId, exhibit, ledger, newestHead }: Omit<Manifest, 'about'>): string {
  return `Case ${caseId}, exhibit ${exhibit}

1. Each file: its SHA-256 stands in ${MANIFEST} (sha256sum *).
2. The record: seized verify ${ledger}
   Its newest head when this was packed: ${newestHead}
3. Without that program: the record is an SQLite file; its format, chain and digests are described in FORMAT.md of seized.
4. Signatures and time stamps, where there are any, with OpenSSL alone:
   openssl cms -verify -cades -binary -inform DER -in signature-N.p7s -content statement-N.json -CAfile AUTHORITY.pem -purpose any
   openssl ts -verify -data statement-N.json -in time-stamp-N.tsr -CAfile AUTHORITY.pem
`
}
