/**
 * Writes chosen contents as they are into an encrypted ZIP, one after the other, each checked against its SHA-256. What a
 * crash left is gone on with: a content that is whole in the file is not read again.
 */
import { existsSync } from 'node:fs'
import { Writable } from 'node:stream'
import { UsageError } from '../base/errors.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import type { EntryView } from '../contracts/view.ts'
import type { ReaderPool } from '../host/reader/reader-pool.ts'
import { crashPoint } from '../ledger/write/crash-hook.ts'
import { AesZip } from '../pack/aes-zip.ts'
import { writeVics } from '../report/exchange/vics.ts'
import type { Wishes } from '../report/export/wishes.ts'
import { type ExhibitParts, readAgain } from './exhibit-contents.ts'
import { largeFiles, streamAgain } from './large-contents.ts'

export interface ExportAsked {
  readonly ledger: LedgerReader
  /** Working file: it is renamed when everything is in it. */
  readonly partial: string
  readonly passphrase: string
  readonly sha256s: readonly string[]
  readonly scale: Wishes['scale']
  /** Places of a content, in the order of the ledger. */
  readonly placesOf: (sha256: string) => readonly EntryView[]
  readonly parts: ExportParts
  /** Called before each content that is read, with the number of those that are done. */
  readonly at: (done: number) => void
  readonly signal: AbortSignal
}

/** Large contents go from the readers to the file piece by piece. */
type ExportParts = ExhibitParts & { readonly readers: ReaderPool }

export interface Exported {
  readonly files: readonly { readonly sha256: string; readonly file: string }[]
  /** Contents that could not be read as they were examined. */
  readonly failed: readonly { readonly sha256: string; readonly why: 'cannot-read' | 'differs' }[]
  readonly interrupted: boolean
}

/** A partial file is gone on with. @throws UsageError when its passphrase is another one */
export function openPartial(partial: string, passphrase: string): AesZip {
  if (!existsSync(partial)) return AesZip.create(partial, passphrase)
  const zip = AesZip.resume(partial, passphrase)
  if (zip === null)
    throw new UsageError(
      `${partial} was begun with another passphrase: give that one, or remove the file and begin anew.`,
    )
  // What stands behind the contents is written anew at the end.
  zip.cutTo((name) => name.startsWith(MEDIA))
  return zip
}

const MEDIA = 'media/'

/** The zip is finished unless a person interrupted. @param zip of {@link openPartial} */
export async function exportOriginals(zip: AesZip, asked: ExportAsked): Promise<Exported> {
  const { sha256s, placesOf, parts, at, signal } = asked
  const there = new Set(zip.entries.map(({ name }) => name))
  const files: { sha256: string; file: string }[] = []
  const failed: Exported['failed'][number][] = []
  for (const sha256 of sha256s) {
    if (signal.aborted) {
      zip.close()
      return { files, failed, interrupted: true }
    }
    const places = placesOf(sha256)
    const file = fileOf(sha256, places[0]?.content?.mediaType ?? '')
    if (!there.has(file)) {
      at(files.length)
      const why = await exportOne(zip, file, parts, places)
      if (why !== null) {
        failed.push({ sha256, why })
        continue
      }
      crashPoint('export:content')
    }
    files.push({ sha256, file })
  }
  const names = new Map(files.map((one) => [one.sha256, one.file]))
  zip.add('vics.json', await vicsOf(asked, (sha256) => names.get(sha256) ?? null))
  zip.add('SHA256SUMS', Buffer.from(files.map(({ sha256, file }) => `${sha256}  ${file}\n`).join('')))
  zip.finish()
  return { files, failed, interrupted: false }
}

/** @returns null when it is in the ZIP, durable */
async function exportOne(
  zip: AesZip,
  file: string,
  parts: ExportParts,
  places: readonly EntryView[],
): Promise<'cannot-read' | 'differs' | null> {
  const large = largeFiles(places)
  if (large.length > 0) return streamAgain(parts.readers, large, (sizeBytes) => zip.begin(file, sizeBytes))
  const read = await readAgain(parts, places)
  if ('refused' in read) return read.refused
  zip.add(file, read.bytes)
  read.bytes.fill(0)
  return null
}

/** Names of the exhibit stay in the VICS document: as names of files they could do harm. */
function fileOf(sha256: string, mediaType: string): string {
  return `${MEDIA}${sha256}.${EXTENSIONS[mediaType] ?? 'bin'}`
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/tiff': 'tif',
  'image/bmp': 'bmp',
  'image/heic': 'heic',
  'image/avif': 'avif',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'video/3gpp': '3gp',
  'application/pdf': 'pdf',
}

async function vicsOf(
  { ledger, scale }: ExportAsked,
  fileNamed: (sha256: string) => string | null,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(Buffer.from(piece))
      done()
    },
  })
  await writeVics([ledger], out, { scale }, fileNamed)
  return Buffer.concat(pieces)
}
