/** Listed entries that are not live. */
import type { Recovered } from '../../contracts/entry.ts'
import type { Db } from '../format/database.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import { Paths } from './paths.ts'

const SQL = `SELECT above, step, name, status, basis, notes FROM entry WHERE parent IS NULL AND status <> 'live'`

interface RecoveredRow extends Omit<Recovered, 'notes'> {
  readonly notes: string | null
}

/** By the bytes of their path as Latin-1. */
export function recovered(db: Db): ReadonlyMap<string, Recovered> {
  const paths = new Paths(db)
  const rows = db.prepare<[], NodeRow & RecoveredRow>(SQL).all()
  return new Map(
    rows.map(({ status, basis, notes, ...row }) => [
      paths.bytesOf(row).toString('latin1'),
      { status, basis, notes: notes?.split(',') ?? [] },
    ]),
  )
}
