/** Compares a manifest with its record, and a folder with the files that its manifest names. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { besideManifest, MANIFEST, type Manifest, readManifest, SUMS, sumsText } from './manifest.ts'

/** Facts of a ledger and its custody log, for comparison with the manifest. */
export interface RecordSays {
  readonly case: string
  readonly exhibit: string
  /** Newest head of the custody log. */
  readonly newestHead: string
  /** Every head of chain and custody log. */
  readonly heads: ReadonlySet<string>
}

/**
 * @param isAsPacked true: the custody log equals the packed one byte for byte @returns a message for each difference
 */
export function sayingProblems(manifest: Manifest, says: RecordSays, isAsPacked: boolean): readonly string[] {
  const other = (what: string, stated: string, held: string) =>
    stated === held
      ? []
      : [`the manifest names the ${what} ${JSON.stringify(stated)}, the record says ${JSON.stringify(held)}`]
  const isHead = isAsPacked ? manifest.newestHead === says.newestHead : says.heads.has(manifest.newestHead)
  return [
    ...other('case', manifest.case, says.case),
    ...other('exhibit', manifest.exhibit, says.exhibit),
    ...(isHead
      ? []
      : [
          `the manifest names the head ${JSON.stringify(manifest.newestHead)}, which is not the newest that was packed`,
        ]),
  ]
}

export interface Beside {
  /** A sentence each. */
  readonly problems: readonly string[]
  readonly notes: readonly string[]
}

/** Null where no manifest of a pack that names this ledger is next to it. @param custody path of the log */
export function comparePackBeside(ledger: string, custody: string, says: RecordSays): Beside | null {
  const folder = dirname(ledger)
  const manifest = manifestIn(folder)
  if (manifest === null) return null
  if (typeof manifest === 'string') return { problems: [`the pack beside it: ${manifest}`], notes: [] }
  if (manifest.ledger !== basename(ledger)) return null
  const problems: string[] = []
  const notes: string[] = []
  let isAsPacked = true
  for (const { file, sha256 } of manifest.files) {
    const path = join(folder, file)
    if (!existsSync(path)) problems.push(`${file} of the pack is missing`)
    else if (sha256Of(path) !== sha256) {
      if (path !== custody) problems.push(`${file} is not the file that was packed`)
      else {
        isAsPacked = false
        notes.push(
          'The custody log went on since it was packed: what follows the head of the manifest was added here.',
        )
      }
    }
  }
  if (besideManifest(manifest).includes(SUMS)) problems.push(...sumProblems(folder, manifest))
  return { problems: [...problems, ...sayingProblems(manifest, says, isAsPacked)], notes }
}

/** @returns null where there is no manifest of a pack; a message for a manifest that is not valid */
function manifestIn(folder: string): Manifest | string | null {
  const path = join(folder, MANIFEST)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null
  const text = readFileSync(path, 'utf8')
  // Other programs have manifests too.
  return text.includes('"seized pack ') ? readManifest(text) : null
}

/** The checksum file must name every file with the digest in the manifest, and the manifest itself. */
function sumProblems(folder: string, manifest: Manifest): readonly string[] {
  const path = join(folder, SUMS)
  if (!existsSync(path)) return [`${SUMS} of the pack is missing`]
  const own = { file: MANIFEST, sha256: sha256Of(join(folder, MANIFEST)) }
  return readFileSync(path, 'utf8') === sumsText([own, ...manifest.files])
    ? []
    : [`${SUMS} is not the file that was packed, or the manifest is not`]
}

const PIECE_BYTES = 1 << 20

function sha256Of(path: string): string {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let n = readSync(file, piece); n > 0; n = readSync(file, piece)) hash.update(piece.subarray(0, n))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
