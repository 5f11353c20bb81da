/**
 * `seized hashset export`: writes a list, or the records of a compiled index, in a format that other programs read.
 *
 * It writes records only, and no file or path. The result counts every record and field that the format cannot express.
 */
import { existsSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { EXPORT_WRITERS, type ExportedRecord, type ExportFormat } from './formats/export-formats.ts'
import { type IntakeOptions, takeIn } from './formats/intake.ts'
import { TextFile } from './formats/text-file.ts'
import { isIndexFile } from './index/block-file.ts'
import { IndexReader } from './index/index-reader.ts'
import {
  ALTERNATIVE,
  type AlgorithmPlace,
  algorithmsIn,
  type ListAlgorithm,
  PDQ,
  VPDQ,
  WIDE_BYTES,
} from './records/algorithms.ts'

export interface ExportOptions extends Omit<IntakeOptions, 'extras'> {
  /** The one that `plain` writes; without it, that of the first record. */
  readonly algorithm?: ListAlgorithm
}

export interface ExportResult {
  readonly records: number
  /** Records that the format cannot express, by reason. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Fields lost from records that it can express: categories, sizes, digests, extras. */
  readonly notCarried: Readonly<Record<string, number>>
  readonly sha256: string
}

/**
 * @param source a list in any format, or a compiled index (its records come in the order of their digests)
 * @param target must not exist; it appears when the export is complete
 */
export async function exportHashSet(
  source: string,
  target: string,
  format: ExportFormat,
  options: ExportOptions = {},
): Promise<ExportResult> {
  if (existsSync(target)) throw new UsageError(`${target} exists: export never overwrites.`)
  if (!Object.hasOwn(EXPORT_WRITERS, format)) {
    throw new UsageError(
      `There is no export format "${format}". Formats: ${Object.keys(EXPORT_WRITERS).join(', ')}.`,
    )
  }
  const writer = EXPORT_WRITERS[format](options)
  const file = new TextFile(target)
  const leftOut: Record<string, number> = {}
  const notCarried: Record<string, number> = {}
  let records = 0
  const write = (record: ExportedRecord): void => {
    const { text, lost } = writer.record(record, records + 1)
    if (text === null) for (const reason of lost) count(leftOut, reason)
    else {
      records++
      file.write(text)
      for (const what of lost) count(notCarried, what)
    }
  }
  try {
    file.write(writer.begin)
    await eachRecord(source, options, write)
    file.write(writer.end)
    return { records, leftOut, notCarried, sha256: file.finish() }
  } catch (error) {
    file.abandon()
    throw error
  }
}

async function eachRecord(
  source: string,
  options: ExportOptions,
  use: (record: ExportedRecord) => void,
): Promise<void> {
  if (!isIndexFile(source)) {
    await takeIn(source, { ...options, extras: true }, (batch) => {
      for (let i = 0; i < batch.count; i++) {
        const bytes = batch.digests.subarray(i * WIDE_BYTES, (i + 1) * WIDE_BYTES)
        use(recordOf(batch.present[i]!, bytes, batch.sizes[i]!, batch.categories[i]!, batch.extras[i]!))
      }
    })
    return
  }
  const reader = new IndexReader(source)
  try {
    for (const { record, present, words, size, category } of reader.candidates()) {
      const bytes = new Uint8Array(words.buffer, words.byteOffset, WIDE_BYTES)
      use(recordOf(present, bytes, size, category, reader.extras(record)))
    }
  } finally {
    reader.close()
  }
}

function recordOf(
  present: number,
  bytes: Uint8Array,
  size: number,
  category: string | null,
  extras: Buffer | null,
): ExportedRecord {
  return {
    digests: new Map(
      algorithmsIn(present & ~ALTERNATIVE.bit).map((place): [AlgorithmPlace, string] => {
        // Of a frame its hash; its video and second are extras.
        const length = place === VPDQ ? PDQ.bytes : place.bytes
        const hex = Buffer.from(bytes.subarray(place.at, place.at + length)).toString('hex')
        return [place === VPDQ ? PDQ : place, hex]
      }),
    ),
    sizeBytes: Number.isNaN(size) ? null : size,
    category,
    extras: extras === null ? {} : (JSON.parse(extras.toString()) as Record<string, unknown>),
  }
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1
}
