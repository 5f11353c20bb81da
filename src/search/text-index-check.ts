/**
 * Checks that a text index is the original one: the custody log contains its SHA-256. People see quotations from the
 * index, and the ledger's seal does not cover it.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { LedgerDamaged } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import { readCustody } from '../ledger/custody/custody.ts'
import { textIndexPath } from './text-index-file.ts'

export const TEXT_INDEX_MADE = 'text-index-made'

export interface TextIndexChecked {
  /** A message where the index is not the original one. */
  readonly problem: string | null
  /** A message where no comparison was possible, and a person must know. */
  readonly note: string | null
}

const NOTHING_TO_SAY: TextIndexChecked = { problem: null, note: null }

/**
 * Call this for a ledger whose custody log was verified. @param isSealed before sealing, no digest of the index is
 * recorded
 */
export function checkTextIndex(ledgerPath: string, isSealed: boolean): TextIndexChecked {
  const path = textIndexPath(ledgerPath)
  const made = readCustody(ledgerPath).findLast(({ event }) => event === TEXT_INDEX_MADE)
  if (!existsSync(path))
    return made
      ? { problem: null, note: `The text index ${path} is not here: it was deleted, moved or left out.` }
      : NOTHING_TO_SAY
  if (!isSealed)
    return {
      problem: null,
      note: `The text index ${path} is compared with nothing: its SHA-256 is logged when the ledger is sealed.`,
    }
  const logged = made?.detail.sha256
  if (logged === undefined)
    return {
      problem: `a text index lies beside the ledger, and the custody log does not say that one was made: ${path}`,
      note: null,
    }
  const sha256 = sha256Of(path)
  return sha256 === logged
    ? NOTHING_TO_SAY
    : {
        problem: `the text index is not the one that was made: ${path} has the SHA-256 ${sha256}, the custody log says ${printText(logged)}`,
        note: null,
      }
}

/** @throws LedgerDamaged where quotations of the index cannot be believed */
export function requireTextIndexAsMade(ledgerPath: string, isSealed: boolean): void {
  const { problem } = checkTextIndex(ledgerPath, isSealed)
  if (problem !== null)
    throw new LedgerDamaged(
      `${problem}. Nothing is quoted from it: delete it, or put back the one that was made.`,
    )
}

/** Digests of files that were hashed completely, with their file state: a review needs its index at every search. */
const known = new Map<string, { readonly stamp: string; readonly sha256: string }>()
const PIECE_BYTES = 1 << 20

function sha256Of(path: string): string {
  const stamp = stampOf(path)
  const before = known.get(path)
  if (before?.stamp === stamp) return before.sha256
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let n = readSync(file, piece); n > 0; n = readSync(file, piece)) hash.update(piece.subarray(0, n))
  } finally {
    closeSync(file)
  }
  const sha256 = hash.digest('hex')
  if (stampOf(path) === stamp) known.set(path, { stamp, sha256 })
  return sha256
}

function stampOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}
