/** The answer for a content that could not be read. */
import { NotRead } from '../../wire/not-read.ts'
import type { NotReadTuple } from '../../wire/reader.ts'

/** @throws any other error: a fault of ours is no fact about the content */
export function notRead(error: unknown): NotReadTuple {
  if (!(error instanceof NotRead)) throw error
  return [error.reason, error.bytesRead, error.detail]
}
