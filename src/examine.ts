/**
 * The straight line: inventory → known → unknown → seal. Read second, after contracts/.
 *
 * Each stage takes up where the ledger says it stands, so a fresh scan and a resumed one are the same code. An abort
 * (Ctrl-C) ends the running stage after its current batch; the ledger stays open for `seized resume`.
 */
import type { Content } from './contracts/content.ts'
import type { MatchResult, Seal } from './contracts/ledger.ts'
import type { Phase } from './contracts/stage.ts'
import { inventory } from './stages/inventory.ts'
import { known, type Readers } from './stages/known.ts'
import { type Looker, type LookLists, lookedAt } from './stages/looked-at.ts'
import { opened, type Unfolder } from './stages/opened.ts'
import type { ContentReader, Run } from './stages/run.ts'
import { type TextIndex, type TextReaders, textRead } from './stages/text-read.ts'

/** The parts that read, match and look. Opened before the line starts, closed by whoever opened them. */
export interface Parts {
  readonly readers: Readers & ContentReader
  readonly match: (content: Content) => MatchResult
  readonly near: LookLists['near']
  /** Started once, when the first content needs them: children are dear. */
  readonly children: () => Promise<Looker & Unfolder & TextReaders>
  /** Made when text is read, which needs a legal basis in the plan. */
  readonly textIndex: () => TextIndex
}

export type Ending = { readonly kind: 'sealed'; readonly seal: Seal } | { readonly kind: 'paused' }

export async function examine(run: Run, parts: Parts): Promise<Ending> {
  const { session } = run
  const asked = (phase: Phase) => session.plan.phases.includes(phase)

  if (!session.inventoryDone) {
    announce(run, 'inventory')
    await inventory(run)
  }
  if (asked('known') && !run.signal.aborted) {
    announce(run, 'known')
    await known(run, parts.readers, parts.match)
  }
  if (asked('known') && session.plan.options.open && !run.signal.aborted) {
    await opened(run, parts.readers, parts.children, parts.match)
  }
  if (asked('unknown') && !run.signal.aborted) {
    announce(run, 'unknown')
    await lookedAt(run, parts.readers, await parts.children(), parts)
  }
  if (asked('unknown') && session.plan.options.textBasis !== null && !run.signal.aborted) {
    await textRead(run, parts.readers, await parts.children(), parts.textIndex())
  }
  if (run.signal.aborted) {
    session.recordEvent('paused', { reason: 'interrupted by the operator' })
    session.close()
    run.emit({ event: 'paused' })
    return { kind: 'paused' }
  }
  parts.readers.rest()
  announce(run, 'seal')
  return { kind: 'sealed', seal: session.seal() }
}

function announce(run: Run, phase: Phase | 'seal'): void {
  const { counts } = run.session
  run.emit({ event: 'phase', phase, entriesTotal: counts.entries, bytesTotal: counts.bytes })
}
