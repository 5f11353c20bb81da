/**
 * Writes the facts of a run: its starts with their inputs, the binaries in use, and the confinement of its children.
 */
import type { ConfinementTrial, RunStart } from '../../contracts/ledger.ts'
import type { Db } from '../format/database.ts'
import type { Put } from './appender.ts'

export function startsOf(db: Db): number {
  return db.prepare('SELECT count(*) FROM start').pluck().get() as number
}

/** @param number of the start, counted from 1 */
export function putStart(put: Put, number: number, { kind, root, inputs, parts }: RunStart): void {
  put('start', [number, kind, root])
  for (const { role, file, sha256, declared, text } of inputs)
    put('input', [number, role, file, sha256 === null ? null : hex(sha256), declared, text])
  for (const { kind: part, name, version, sha256, bytes } of parts)
    put('part', [number, part, name, version, sha256 === null ? null : hex(sha256), bytes])
}

/** @param start number of the start at which the confinement was tried */
export function putConfinement(put: Put, start: number, trials: readonly ConfinementTrial[]): void {
  for (const { child, attempt, held, detail } of trials)
    put('confinement', [start, child, attempt, held ? 1 : 0, detail])
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}
