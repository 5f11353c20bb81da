/** Stage result for a content without an extractor. */
import { notApplicable, notDone, type StageResult } from '../../contracts/stage.ts'
import { holdsOthers } from '../../media-types/applies.ts'
import { HEAD_BYTES, TAIL_BYTES, UNRECOGNISED } from '../../media-types/sample.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { looksEncrypted } from '../signatures/noise.ts'

/** @param source null: the content arrives in pieces */
export function withoutOpener(mediaType: string, source: ByteSource | null, heldBytes: number): StageResult {
  if (ENCRYPTED.has(mediaType)) return notDone('encrypted')
  if (holdsOthers(mediaType)) return notDone('not-built')
  if (mediaType === UNRECOGNISED && source !== null && isNoise(source))
    return notDone('encrypted', { code: 'looks-encrypted', params: {} })
  // Without random access, embedded data was detected or is possible, but cannot be searched.
  return source === null ? tooLarge(heldBytes) : notApplicable('not-a-container')
}

const ENCRYPTED = new Set(['application/pgp-encrypted', 'application/x-luks-volume'])

function isNoise(source: ByteSource): boolean {
  const { sizeBytes } = source
  const tail = source.read(Math.max(0, sizeBytes - TAIL_BYTES), TAIL_BYTES)
  return looksEncrypted(source.read(0, HEAD_BYTES), tail, sizeBytes)
}

export function tooLarge(heldBytes: number): StageResult {
  return notDone('over-byte-limit', { code: 'over-bytes-of-format', params: { limit: heldBytes } })
}
