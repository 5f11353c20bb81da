/** Encodes one entry for the digests. */
import { escapeName } from '../../base/evidence-path.ts'
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import { WHOLE_PATH } from '../format/as-newest.ts'
import type { CanonicalEncoder } from '../format/encode.ts'
import { digestAt, type FactRow } from '../format/entry-facts.ts'
import type { DigestForm } from './digest-form.ts'
import { ENVIRONMENT } from './digest-stream.ts'
import type { ContentFindings } from './finding-digests.ts'

export function encodeEntry(
  encoder: CanonicalEncoder,
  path: Buffer,
  row: FactRow,
  form: DigestForm,
  exact: ContentFindings,
): void {
  encoder.text('entry')
  encoder.blob(path)
  encodeFacts(encoder, row, form, exact)
}

/**
 * Encodes a derived entry with the last step of its path only, because the copy of the container that was opened may
 * differ.
 */
export function encodeDerived(
  encoder: CanonicalEncoder,
  row: FactRow,
  form: DigestForm,
  exact: ContentFindings,
): void {
  encoder.text('derived')
  encoder.blob(lastStep(row))
  encodeFacts(encoder, row, form, exact)
}

function encodeFacts(
  encoder: CanonicalEncoder,
  row: FactRow,
  form: DigestForm,
  exact: ContentFindings,
): void {
  encoder.text(row.kind)
  if (form.ofImages) {
    encoder.text(row.status)
    encoder.value('text', row.basis)
  }
  encoder.value('int', sizeOf(row))
  encoder.value('blob', row.link_target)
  encoder.value('int', row.modified_s)
  encoder.value('int', row.modified_ns)
  encoder.value('text', row.modified_s === null ? null : row.time_basis!.split(',')[0]!)
  const { result, reason } = readOf(row)
  if (reason !== null && isEnvironmentDependent(reason)) {
    encoder.text(ENVIRONMENT)
    return
  }
  encoder.value('text', result)
  encoder.value('text', reason)
  if (row.content === null) return
  for (const algorithm of ALGORITHMS) encoder.blob(digestAt(row, algorithm))
  encoder.int(row.content_size)
  encoder.text(row.matched_result)
  encoder.value('text', row.matched_reason)
  exact.encode(encoder, Number(row.content), 'matched')
}

const ALGORITHMS = ['sha256', 'md5', 'sha1', 'blake3'] as const

export function encodeInventoried(encoder: CanonicalEncoder, path: Buffer, row: FactRow): void {
  encoder.text('entry')
  encoder.blob(path)
  encoder.text(row.kind)
  encoder.text(row.status)
  encoder.value('int', sizeOf(row))
  const { reason } = readOf(row)
  if (reason !== null && isEnvironmentDependent(reason)) encoder.text(ENVIRONMENT)
  else encoder.value('blob', row.content === null ? null : digestAt(row, 'sha256'))
}

/**
 * A decoder makes a video frame; it is not copied out of the file. Its bytes are only as reliable as the recorded
 * binaries.
 */
export function isRendered({ step, name }: FactRow): boolean {
  return step === WHOLE_PATH ? lastStepOf(name).subarray(0, FRAME.length).equals(FRAME) : step === 'frame'
}

/** The size of a directory depends on the file system, so it is left out. */
function sizeOf(row: FactRow): bigint | null {
  return row.kind === 'file' ? row.size : null
}

function readOf(row: FactRow): { readonly result: string | null; readonly reason: string | null } {
  return row.walk_result === null
    ? { result: row.read_result, reason: row.read_reason }
    : { result: row.walk_result, reason: row.walk_reason }
}

function lastStep({ step, name }: FactRow): Buffer {
  return step === WHOLE_PATH ? lastStepOf(name) : Buffer.concat([Buffer.from(`${step}:`), escapeName(name)])
}

function lastStepOf(path: Buffer): Buffer {
  return path.subarray(path.lastIndexOf(0) + 1)
}

const FRAME = Buffer.from('frame:')
