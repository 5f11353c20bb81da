/** What is said of a content that no opener is for. */
import { notApplicable, notDone, type StageResult } from '../../contracts/stage.ts'
import { holdsOthers } from '../../media-types/applies.ts'
import { HEAD_BYTES, TAIL_BYTES, UNRECOGNISED } from '../../media-types/sample.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { looksEncrypted } from '../signatures/noise.ts'

/** @param source null: it comes in pieces */
export function withoutOpener(mediaType: string, source: ByteSource | null, heldBytes: number): StageResult {
  if (ENCRYPTED.has(mediaType)) return notDone('encrypted')
  if (holdsOthers(mediaType)) return notDone('not-built')
  if (mediaType === UNRECOGNISED && source !== null && isNoise(source))
    return notDone('encrypted', { code: 'looks-encrypted', params: {} })
  // Something was noticed in or behind it, or may be there.
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
