/** Notes about records of a list of which one digest is not compared. */
import type { RejectedRow } from '../records/record-batch.ts'

export function emptyBeside(count: number): string {
  return `${count} ${count === 1 ? 'record has' : 'records have'} the digest of zero bytes beside another digest: compared by the other alone`
}

const UNREAD_BESIDE = 'that cannot be read beside another'

/** True for a note of a list about damage, which is for a person to mend. */
export function isOfDamage(note: string): boolean {
  return note.includes(UNREAD_BESIDE)
}

export function unreadBeside(count: number, { line, reason }: RejectedRow): string {
  const have = count === 1 ? 'record has a digest' : 'records have a digest'
  return `${count} ${have} ${UNREAD_BESIDE}: compared by the other alone; the first at line ${line}: ${reason}`
}
