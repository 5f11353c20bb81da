/** What a run says of its hash lists: rows that are not compared, the list's own remarks, and assumptions about it. */
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import { isLeftOut, isOfDamage } from '../../match/index.ts'
import { formatCount, plural } from '../../report/texts/format.ts'

/** Rows that the message names. */
const SHOWN = 3

/** Lists with rows or digests that could not be read: a content of such a row is not found, or by less than the list says. */
export function listWarnings(hashSets: readonly HashSetInfo[]): readonly string[] {
  return hashSets.flatMap((set) => [
    ...(set.rejected > 0 && !isByRule(set) ? [rowsNotCompared(set)] : []),
    ...set.notes.filter(isOfDamage).map((note) => `${set.name}: ${note}.`),
  ])
}

export function listNotes(hashSets: readonly HashSetInfo[]): readonly string[] {
  return hashSets.flatMap((set) => [
    ...set.notes.filter((note) => !isOfDamage(note)).map((note) => `${set.name}: ${note}`),
    ...(isByRule(set) ? [rowsNotCompared(set)] : []),
  ])
}

/** Every rejected row is known, and left out by a rule that needs no action: zero bytes, too plain a picture. */
function isByRule({ rejected, rejectedRows }: HashSetInfo): boolean {
  return (
    rejected > 0 && rejected === rejectedRows.length && rejectedRows.every(({ reason }) => isLeftOut(reason))
  )
}

function rowsNotCompared({ name, rejected, rejectedRows, rowsRead }: HashSetInfo): string {
  const unread = rejectedRows.filter(({ reason }) => !isLeftOut(reason))
  const rows = (unread.length > 0 ? unread : rejectedRows)
    .slice(0, SHOWN)
    .map(({ line, reason }) => `line ${line}: ${reason}`)
    .join('; ')
  return `${name}: ${formatCount(rejected)} of ${plural(rowsRead, 'row')} of this hash list ${rejected === 1 ? 'is' : 'are'} not compared (${rows}${rejected > SHOWN ? ' …' : ''}). The report and \`seized hashset info\` name ${rejected === 1 ? 'it' : 'them'}.`
}
