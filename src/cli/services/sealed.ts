/**
 * The steps after a seal: the custody log records it, and the numbers for the paper record are read from the sealed
 * file.
 *
 * A crash between the seal and the custody event leaves a sealed ledger without that event. `resume` then runs these
 * steps again, without the exhibit.
 */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { osAccount } from '../../base/os-account.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import type {
  EntryTotals,
  ExaminationFacts,
  LedgerReader,
  MediumFacts,
} from '../../contracts/ledger-reader.ts'
import type { ProgressEvent } from '../../contracts/progress.ts'
import { readAgainOf } from '../../contracts/read-again.ts'
import { appendCustody, custodyPath, readCustody } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { crashPoint } from '../../ledger/write/crash-hook.ts'
import { protectSealed } from '../../ledger/write/protect-sealed.ts'
import { incompleteTexts, omissionTexts, recoveredText } from '../../report/model/image-words.ts'
import { falselyReadNotExcluded, readAgainText } from '../../report/texts/read-again-text.ts'
import { sampleText } from '../../report/texts/sample-text.ts'
import { TextIndexWriter } from '../../search/text-index.ts'
import { TEXT_INDEX_MADE } from '../../search/text-index-check.ts'
import { textIndexPath } from '../../search/text-index-file.ts'
import { exitCodeOf } from './exit-code-of.ts'
import { noteHead } from './heads.ts'

export type Summary = Extract<ProgressEvent, { event: 'summary' }>

/** Records the seal in the custody log. @returns the last line of a run */
export async function sealedSummary(path: string, heads: string | undefined): Promise<Summary> {
  crashPoint('seal:before-custody')
  const ledgerSha256 = await fileSha256(path)
  const ledger = openLedger(path)
  try {
    const { evidenceDigest, analysisDigest } = ledger.seal!
    noteHead(path, ledger.chainHead, heads)
    const { head } = appendCustody(path, {
      event: 'sealed',
      operator: ledger.case.examiner,
      account: osAccount(),
      detail: { ledgerSha256, evidenceDigest, analysisDigest },
    })
    noteHead(path, head, heads)
    return summaryEvent(ledger, ledgerSha256)
  } finally {
    ledger.close()
  }
}

/** The last line of a run, from its sealed ledger. */
export function summaryEvent(ledger: LedgerReader, ledgerSha256: string): Summary {
  const summary = ledger.summary()
  const { evidenceDigest, analysisDigest } = ledger.seal!
  const again = readAgainOf(ledger)
  const samples = ledger.samples().map((one) => ({ ...one, says: sampleText(one, ledger.plan) }))
  return {
    event: 'summary',
    case: ledger.case,
    ledger: ledger.path,
    ...summary,
    places: ledger.placeCount(),
    clock: ledger.clock(),
    evidenceDigest,
    analysisDigest,
    chainHead: ledger.chainHead,
    custodyHead: ledger.newestHead(),
    ledgerSha256,
    exitCode: exitCodeOf(summary),
    image: recordedImageState(ledger),
    says: closingLines(ledger),
    ...(samples.length === 0 ? {} : { samples }),
    ...(again === null
      ? {}
      : {
          readAgain: {
            ...again,
            notExcluded: falselyReadNotExcluded(again.other),
            says: readAgainText(again),
          },
        }),
  }
}

/** The last lines of a run, beyond the counts. */
function closingLines(ledger: ExaminationFacts & MediumFacts & EntryTotals): string[] {
  const recovered = recoveredText(ledger)
  return [...(recovered === null ? [] : [recovered]), ...omissionTexts(ledger), ...incompleteTexts(ledger)]
}

/** The summary of a sealed ledger whose seal is recorded in the custody log. */
export async function readSummary(path: string): Promise<Summary> {
  const ledger = openLedger(path)
  try {
    return summaryEvent(ledger, await fileSha256(path))
  } finally {
    ledger.close()
  }
}

/** True when the custody log records the seal: nothing more is to be done. */
export function sealIsRecorded(path: string): boolean {
  return existsSync(custodyPath(path)) && readCustody(path).some(({ event }) => event === 'sealed')
}

/** Completes the steps that a crash just after the seal left undone. */
export async function finishSealed(path: string, heads: string | undefined): Promise<Summary> {
  protectSealed(path)
  if (existsSync(textIndexPath(path)))
    await recordTextIndex(path, new TextIndexWriter(textIndexPath(path)), heads)
  return sealedSummary(path, heads)
}

/**
 * The text index is outside the seal, so the custody log records its state at the end of the run. This function closes
 * the index.
 * Call it before the seal is recorded: once the log records the seal, no step is repeated.
 */
export async function recordTextIndex(
  ledgerPath: string,
  index: TextIndexWriter,
  heads: string | undefined,
): Promise<void> {
  const { contents } = index.finish()
  index.close()
  const ledger = openLedger(ledgerPath)
  const { examiner } = ledger.case
  ledger.close()
  const { head } = appendCustody(ledgerPath, {
    event: TEXT_INDEX_MADE,
    operator: examiner,
    account: osAccount(),
    detail: { file: basename(index.path), contents: String(contents), sha256: await fileSha256(index.path) },
  })
  noteHead(ledgerPath, head, heads)
}
