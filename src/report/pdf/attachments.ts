/**
 * Attachments of a PDF for programs: the data behind its pages. The ledger itself is not attached. The size is
 * limited, because attachments are held in memory.
 */
import { VERSION } from '../../base/version.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import type { EntryViews, LedgerReader } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import type { TypesetAttachment } from '../../wire/typeset.ts'
import { entryRecord, jsonLine } from '../exchange/jsonl.ts'
import { say } from '../texts/say.ts'

export interface Attached {
  readonly files: readonly TypesetAttachment[]
  /** Whether the findings of all exhibits are attached; otherwise the code of the sentence on what is left out. */
  readonly findings: 'all' | 'attached-in-part' | 'not-attached'
}

/**
 * Limit, some 7,500 places of findings. Measured: a report with 8 MB of them took 381 MB of memory, with 24 MB 723 MB.
 */
const MOST_CHARACTERS = 12 << 20

/**
 * @param caseLog events of the log of the case; empty for a report of no case
 * @param most maximum number of characters of the findings of all exhibits together
 */
export function attachmentsOf(
  ledgers: readonly LedgerReader[],
  caseLog: readonly CustodyEvent[] = [],
  most = MOST_CHARACTERS,
): Attached {
  const [findings, texts] = findingsOf(ledgers, most)
  const files = ledgers.flatMap((ledger, i) => filesOf(ledger, texts?.[i] ?? '', ledgers.length > 1))
  return { files: [...(caseLog.length === 0 ? [] : [logFile('case-log-', caseLog)]), ...files], findings }
}

function findingsOf(
  ledgers: readonly EntryViews[],
  most: number,
): readonly [Attached['findings'], readonly string[] | null] {
  const all = within(ledgers, () => true, most)
  if (all) return ['all', all]
  const saidByLists = within(ledgers, isMoreThanLead, most)
  return saidByLists ? ['attached-in-part', saidByLists] : ['not-attached', null]
}

function isMoreThanLead({ hits, conflicts, near, references }: EntryView): boolean {
  return [hits, conflicts, near, references].some((list) => list.length > 0)
}

/** @returns null when the text exceeds the limit */
function within(
  ledgers: readonly EntryViews[],
  isWanted: (view: EntryView) => boolean,
  most: number,
): readonly string[] | null {
  let left = most
  const texts: string[] = []
  for (const ledger of ledgers) {
    const lines: string[] = []
    for (const view of ledger.findings()) {
      if (!isWanted(view)) continue
      const line = `${jsonLine(entryRecord(view))}\n`
      left -= line.length
      if (left < 0) return null
      lines.push(line)
    }
    texts.push(lines.join(''))
  }
  return texts
}

function filesOf(ledger: LedgerReader, findings: string, isOneOfSeveral: boolean): TypesetAttachment[] {
  const of = isOneOfSeveral ? `${slug(ledger.case.exhibitId)}-` : ''
  const { seal, planDigest, chainHead, tool } = ledger
  const summary = {
    case: ledger.case,
    madeWith: `seized ${VERSION}`,
    examinedWith: tool,
    seal: seal && { utc: seal.utc, evidenceDigest: seal.evidenceDigest, analysisDigest: seal.analysisDigest },
    inventoryDigest: ledger.inventoryDigest(),
    planDigest,
    chainHead,
    newestHead: ledger.newestHead(),
    summary: ledger.summary(),
  }
  const all = [
    {
      name: 'ledger-summary.json',
      mediaType: 'application/json',
      description: say('attached-summary'),
      text: `${jsonLine(summary)}\n`,
    },
    {
      name: 'findings.jsonl',
      mediaType: 'application/jsonl',
      description: say('attached-findings'),
      text: findings,
    },
    logFile('', ledger.custody()),
  ]
  // Empty attachments are dropped: the typesetter divides by the size of an attachment.
  return all.filter(({ text }) => text !== '').map((one) => ({ ...one, name: `${of}${one.name}` }))
}

/** A name of its own for the log of the case: an exhibit may be called "case". */
function logFile(of: 'case-log-' | '', events: readonly CustodyEvent[]): TypesetAttachment {
  return {
    name: `${of}custody.jsonl`,
    mediaType: 'application/jsonl',
    description: say('attached-custody'),
    text: events.map(({ fact: _, ...event }) => `${jsonLine(event)}\n`).join(''),
  }
}

/** A file name that every operating system accepts. */
function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 60)
}
