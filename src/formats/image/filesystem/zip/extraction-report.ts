/**
 * `report.xml` of a UFDR: statements of the extraction program about each file in the archive.
 *
 * The report is often hundreds of megabytes. It is read in pieces, and only entries that name a member are kept.
 * @see IPED (sepinf-inc), UfedXmlReader: the elements and attributes of these reports
 */
import { StringDecoder } from 'node:string_decoder'
import { Parser } from 'htmlparser2'
import type { StatedHash } from '../../../../contracts/content-place.ts'
import type { Medium } from '../../../../contracts/image.ts'

export interface ReportedFile {
  /** On the phone. */
  readonly path: string
  readonly deleted: boolean
  readonly hashes: readonly StatedHash[]
}

const PIECE_BYTES = 256 * 1024
const MOST_TEXT = 8192
/** Some hundred bytes each: no report of a phone has more. */
const MOST_FILES = 2_000_000
const DIGESTS: Readonly<Record<string, StatedHash['algorithm']>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA256: 'sha256',
}
const DIGITS = { md5: 32, sha1: 40, sha256: 64 } as const

export function isExtractionReport(report: Medium): boolean {
  const head = Buffer.alloc(Math.min(4096, report.sizeBytes))
  report.readInto(head, 0)
  return head.includes('<project')
}

/** A file as the report has it, whether its content was put into the archive or not. */
export interface Reported {
  readonly path: string
  readonly sizeBytes: number | null
  readonly deleted: boolean
  readonly hashes: readonly StatedHash[]
  /** Name of the member with its content, `/` between folders; null: none. */
  readonly member: string | null
}

/** @returns files by the name of their member, `/` between folders */
export function reportedFiles(report: Medium): ReadonlyMap<string, ReportedFile> {
  const files = new Map<string, ReportedFile>()
  eachReported(piecesOf(report), ({ member, path, deleted, hashes }) => {
    if (member !== null && files.size < MOST_FILES) files.set(member, { path, deleted, hashes })
  })
  return files
}

function* piecesOf(report: Medium): Generator<Buffer> {
  const piece = Buffer.alloc(PIECE_BYTES)
  for (let at = 0; at < report.sizeBytes; ) {
    const got = report.readInto(piece, at)
    if (got === 0) return
    at += got
    yield piece.subarray(0, got)
  }
}

/** @param pieces each is used up before the next is requested */
export function eachReported(pieces: Iterable<Buffer>, take: (file: Reported) => void): void {
  let file: { path: string; size: string; deleted: boolean; items: Map<string, string> } | null = null
  let item: string | null = null
  let text = ''
  const parser = new Parser(
    {
      onopentag(name, { path = '', size = '', deleted = '', name: called = '' }) {
        if (name === 'file') file = { path, size, deleted: deleted === 'Deleted', items: new Map() }
        else if (name === 'item' && file !== null) {
          item = called
          text = ''
        }
      },
      ontext(more) {
        if (item !== null && text.length < MOST_TEXT) text += more
      },
      onclosetag(name) {
        if (name === 'item' && item !== null) {
          file?.items.set(item, text.trim())
          item = null
        } else if (name === 'file' && file !== null) {
          take({
            path: file.path,
            sizeBytes: /^\d{1,15}$/.test(file.size) ? Number(file.size) : null,
            deleted: file.deleted,
            hashes: hashesOf(file.items),
            member: file.items.get('Local Path')?.replaceAll('\\', '/') ?? null,
          })
          file = null
        }
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  const decoder = new StringDecoder('utf8')
  for (const piece of pieces) parser.write(decoder.write(piece))
  parser.end(decoder.end())
}

function hashesOf(items: ReadonlyMap<string, string>): StatedHash[] {
  return Object.entries(DIGESTS).flatMap(([name, algorithm]) => {
    const hex = items.get(name)?.toLowerCase() ?? ''
    return hex.length === DIGITS[algorithm] && /^[0-9a-f]+$/.test(hex) ? [{ algorithm, hex }] : []
  })
}
