/**
 * One digest a line, in hex; its length determines the algorithm.
 *
 * For 64 digits it does not: SHA-256, BLAKE3 and PDQ have equal length. Unless the operator or a first line names the
 * algorithm, an import is refused with a question. A PDQ list read as SHA-256 would match no content and look examined.
 * A scan takes them for SHA-256 and records that in warnings, ledger and report.
 */
import { UsageError } from '../../base/errors.ts'
import { type AlgorithmPlace, algorithmNamed, decodeHex, MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { lineExcerpt, TAKEN_FOR_SHA256, typeOption, wholeLines } from './text-lines.ts'

const HASH = 0x23
/** Hex lengths of digests that seized does not compute; such lines are rejected by name. */
const UNSUPPORTED: Readonly<Record<number, string>> = { 56: 'SHA-224', 96: 'SHA-384', 128: 'SHA-512' }

export const plainList: HashSetFormat = {
  id: 'plain',
  title: 'Plain list of hex digests',

  detect(head: Buffer, fileSize: number): Detection {
    const lines = wholeLines(head, fileSize).filter((line) => !line.startsWith('#'))
    const digests = lines.filter((line) =>
      /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i.test(line),
    )
    return {
      matches: digests.length > 0,
      reason:
        digests.length > 0
          ? `lines that are one hex digest and nothing else (${digests[0]!.length} digits in the first)`
          : 'no line is one hex digest and nothing else',
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    let declared: AlgorithmPlace | undefined = typeOption(options.type)
    let first = true
    let assumed = false

    return readLines(file, batch, (buffer, lineStart, end, line) => {
      let start = lineStart
      while (buffer[start] === 32 || buffer[start] === 9) start++
      if (first) {
        const named = algorithmIn(buffer.toString('latin1', start, Math.min(end, start + 20)))
        if (named !== undefined) {
          declared ??= named
          first = false
          return
        }
      }
      if (buffer[start] === HASH) return
      first = false
      const digits = end - start
      if (digits === 64 && declared === undefined && options.assumeSha256 && !assumed) {
        assumed = true
        options.onFacts?.({ note: TAKEN_FOR_SHA256 })
      }
      const algorithm = declared ?? (assumed && digits === 64 ? SHA256 : byLength(digits, line))
      if (algorithm === undefined) {
        batch.reject(line, notADigest(buffer, start, end))
      } else if (digits !== algorithm.bytes * 2) {
        batch.reject(line, `${digits} characters, where ${algorithm.title} has ${algorithm.bytes * 2}`)
      } else if (!decodeHex(buffer, start, batch.digests, batch.offset(algorithm), algorithm.bytes)) {
        batch.reject(line, notADigest(buffer, start, end))
      } else {
        batch.keep(line, algorithm.bit, Number.NaN, null, null)
      }
    })
  },
}

/** `sha256` or `# SHA-256` before the first digest names the algorithm of all. */
function algorithmIn(line: string): AlgorithmPlace | undefined {
  return algorithmNamed(line.replace(/^#\s*/, '').trim())
}

function byLength(digits: number, line: number): AlgorithmPlace | undefined {
  if (digits === 32) return MD5
  if (digits === 40) return SHA1
  if (digits === 64) {
    throw new UsageError(
      `Line ${line} of the list has 64 hex digits: that is SHA-256, BLAKE3 or PDQ, and nothing in the list says which. ` +
        'Say so with --type sha256, --type blake3 or --type pdq.',
    )
  }
  return undefined
}

function notADigest(buffer: Buffer, start: number, end: number): string {
  const unsupported = UNSUPPORTED[end - start]
  if (unsupported !== undefined && /^[0-9a-f]+$/i.test(buffer.toString('latin1', start, end))) {
    return `${unsupported} digests are not compared by this program`
  }
  return `not a hex digest: ${lineExcerpt(buffer, start, end)}`
}
