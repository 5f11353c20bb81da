/**
 * The class of a host for analysis: hosts of one class run the same files of the program on processors with the same instructions, or
 * on the same accelerator with the same driver, and give equal results. Results of two classes never meet in one digest.
 */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Accelerator } from '../../contracts/accelerator.ts'

export interface ClassFacts {
  /** Digests of the program's files and of its runtime (parts/digest-parts.ts). */
  readonly partsSha256: string
  readonly nodeSha256: string
  /** Instructions that change how numeric code is dispatched, as the ledger records them. */
  readonly processorFeatures: string
  /** The processor multiplies bytes exactly (classify/eight-bits.ts). */
  readonly isExact: boolean
  /** Null: analysis runs on the main processor. */
  readonly accelerator: Accelerator | null
}

/** @returns SHA-256, lower-case hex */
export function lookClass({ accelerator, ...main }: ClassFacts): string {
  const facts = { arch: process.arch, ...main, ...(accelerator && { accelerator }) }
  return createHash('sha256').update('seized look class 1\0').update(canonicalJson(facts)).digest('hex')
}
