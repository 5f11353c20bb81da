/**
 * Parts of an exhibit that were not examined, derived from its ledger. Every edition and every export uses this one
 * function.
 */
import type { ByteClass } from '../../contracts/image-exhibit.ts'
import { cutBytes } from '../../contracts/image-state.ts'
import type { ExaminationFacts, LedgerReader, MediumFacts } from '../../contracts/ledger-reader.ts'
import { OMISSIONS, type Omission } from '../../contracts/omission.ts'

/** Omissions in the order of OMISSIONS; empty for a mount, whose remarks state its limits. */
export function omissionsOf(ledger: ExaminationFacts & MediumFacts): readonly Omission[] {
  const { image } = ledger.exhibit
  if (!image) return []
  const classes = ledger.byteClasses()
  const bytes = (...names: readonly ByteClass[]) =>
    classes.reduce((sum, one) => (names.includes(one.class) ? sum + one.bytes : sum), 0)
  const cut = cutBytes(image)
  const { gone } = ledger.deletedFiles()
  const found: readonly Omission[] = [
    { code: 'cut', bytes: cut },
    { code: 'damaged', bytes: Math.max(0, bytes('damaged') - (cut ?? 0)) },
    { code: 'unreadable-at-acquisition', bytes: bytes('unreadable-at-acquisition') },
    { code: 'encrypted', bytes: bytes('encrypted') },
    { code: 'not-read', bytes: bytes('not-read', 'bad') },
    ...unsearched(ledger, bytes('unallocated', 'gaps'), bytes('slack')),
    ...counted('shadow-copies', lostShadowCopies(ledger)),
    ...counted('snapshots', snapshots(image.remarks)),
    ...(gone.entries === 0
      ? []
      : [{ code: 'deleted-content' as const, bytes: gone.bytes, count: gone.entries }]),
  ]
  return OMISSIONS.flatMap((code) => found.filter((one) => one.code === code && one.bytes !== 0))
}

/**
 * Carving finds files with a known structure in free space. Slack is searched for header hashes of listed contents, and
 * beside carving, with a legal basis, for runs of text.
 */
function unsearched({ plan }: ExaminationFacts, freeBytes: number, slackBytes: number): Omission[] {
  const { remains, textBasis } = plan.options
  const searched = remains === undefined ? 'not' : 'beginnings'
  return [
    ...(remains === 'carve' ? [] : [{ code: 'free-space' as const, bytes: freeBytes, searched } as const]),
    {
      code: 'slack',
      bytes: slackBytes,
      searched: remains === 'carve' && textBasis !== null ? 'text' : searched,
    },
  ]
}

function counted(code: 'shadow-copies' | 'snapshots', count: number): Omission[] {
  return count === 0 ? [] : [{ code, bytes: null, count }]
}

const LOST_COPIES: ReadonlySet<string> = new Set(['shadow-copy-damaged', 'shadow-copy-elsewhere'])

function lostShadowCopies(ledger: MediumFacts): number {
  const problems = ledger.ranges().flatMap((one) => one.problems)
  return problems.filter(({ code }) => LOST_COPIES.has(code)).length
}

function snapshots(remarks: NonNullable<LedgerReader['exhibit']['image']>['remarks']): number {
  return remarks.reduce(
    (sum, { code, params }) => (code === 'snapshots-not-read' ? sum + Number(params.count) : sum),
    0,
  )
}
