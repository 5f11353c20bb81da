/**
 * The record as PDF/A-3a, set by the confined typesetter, with the record's JSON attached. The same record gives the
 * same bytes.
 */
import { withTypesetter } from '../report/pdf/typeset.ts'
import type { RecordDocument } from './document.ts'

/** @param record bytes of record.json */
export function recordPdf(
  document: RecordDocument,
  english: RecordDocument | null,
  record: string,
  { utc, allowUnconfined }: { readonly utc: string; readonly allowUnconfined: boolean },
): Promise<Buffer> {
  const attachments = [
    {
      name: 'record.json',
      mediaType: 'application/json',
      description: 'The record for programs',
      text: record,
    },
  ]
  return withTypesetter(allowUnconfined, async (typeset) => {
    const { pdf } = await typeset(
      { document: { ...document, english }, attachments },
      { utc, standard: 'a-3a', template: 'validation' },
    )
    return pdf
  })
}
