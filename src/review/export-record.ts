/** The paper record of an export of originals: what left, on what basis, by whom, and how a recipient checks it. */
import { printPath, printText } from '../base/evidence-path.ts'
import { VERSION } from '../base/version.ts'
import type { CustodyRecord, ExaminationFacts, LedgerIdentity } from '../contracts/ledger-reader.ts'
import { ContentLookup } from '../ledger/read/content-lookup.ts'
import { SearchFacts } from '../ledger/read/search-facts.ts'
import type { ChosenContents } from './chosen-contents.ts'
import type { Exported } from './export-originals.ts'

export interface RecordedExport {
  readonly out: string
  readonly zipSha256: string
  /** Number of the custody event that began it. */
  readonly begun: number
  readonly exported: Exported
  readonly chosen: ChosenContents
}

export function exportRecord(
  ledger: LedgerIdentity & ExaminationFacts & CustodyRecord,
  by: { readonly operator: string; readonly second: string | null; readonly basis: string },
  { out, zipSha256, begun, exported, chosen }: RecordedExport,
): string {
  const { caseId, exhibitId } = ledger.case
  const [lookup, facts] = [new ContentLookup(ledger.path), new SearchFacts(ledger.path, ledger.plan)]
  try {
    const placeOf = (sha256: string) => {
      const [entry] = lookup.placesOf(lookup.bySha256(sha256)!.id)
      return entry === undefined ? '' : printPath(facts.view(entry).entry.path)
    }
    return [
      'EXPORT OF ORIGINALS',
      '',
      `case          ${printText(caseId)}`,
      `exhibit       ${printText(exhibitId)}`,
      `basis         ${printText(by.basis)}`,
      `exported by   ${printText(by.operator)}`,
      ...(by.second === null ? [] : [`with          ${printText(by.second)}`]),
      `time (UTC)    ${new Date().toISOString()}`,
      `program       seized ${VERSION}`,
      `file          ${printText(out)}`,
      `SHA-256       ${zipSha256}`,
      `custody log   event ${begun} began it`,
      `ledger        ${ledger.newestHead()}`,
      '',
      'The ZIP is encrypted (WinZip AES-256). Its passphrase travels another way. It holds the contents as they are,',
      'vics.json (VICS 2.0, with RelativeFilePath) and SHA256SUMS.',
      '',
      `${exported.files.length} of ${chosen.sha256s.length} chosen contents:`,
      ...exported.files.map(({ sha256 }) => `${sha256}  ${placeOf(sha256)}`),
      ...(exported.failed.length === 0 ? [] : ['', 'Not exported:']),
      ...exported.failed.map(({ sha256, why }) => `${sha256}  ${why}  ${placeOf(sha256)}`),
      ...(chosen.quarantined === 0
        ? []
        : ['', `${chosen.quarantined} chosen contents are in quarantine and did not leave.`]),
      '',
      'Signature: ____________________    Second person: ____________________',
      '',
    ].join('\n')
  } finally {
    lookup.close()
    facts.close()
  }
}
