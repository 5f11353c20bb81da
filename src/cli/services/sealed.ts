/**
 * What follows a seal: the custody log learns of it, and the numbers for the paper record are read from the sealed file.
 *
 * A crash between the seal and the custody event leaves a sealed ledger of which nothing outside says so: `resume` then
 * comes here again, without the exhibit.
 */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { osAccount } from '../../base/os-account.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
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

/** The last words of a run, which the counts do not say. */
function closingLines(ledger: LedgerReader): string[] {
  const recovered = recoveredText(ledger)
  return [...(recovered === null ? [] : [recovered]), ...omissionTexts(ledger), ...incompleteTexts(ledger)]
}

/** Of a ledger that is sealed and of which the custody log knows. */
export async function readSummary(path: string): Promise<Summary> {
  const ledger = openLedger(path)
  try {
    return summaryEvent(ledger, await fileSha256(path))
  } finally {
    ledger.close()
  }
}

/** True when the custody log knows of the seal: nothing is left to do. */
export function sealIsRecorded(path: string): boolean {
  return existsSync(custodyPath(path)) && readCustody(path).some(({ event }) => event === 'sealed')
}

/** Does what a crash just after the seal left undone. */
export async function finishSealed(path: string, heads: string | undefined): Promise<Summary> {
  protectSealed(path)
  if (existsSync(textIndexPath(path)))
    await recordTextIndex(path, new TextIndexWriter(textIndexPath(path)), heads)
  return sealedSummary(path, heads)
}

/**
 * The index lies outside the seal: the custody log says what it was when the run ended. Closes it.
 * To be called before the seal is recorded: of a log that says that the ledger was sealed nothing is left to do.
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
