/** Writes the deployer's sheet of one ledger as a page or as PDF/A with the quoted cards attached. */
import { MODELS_DIR } from '../../base/version.ts'
import type { CustodyRecord, LedgerIdentity, RunHistory } from '../../contracts/ledger-reader.ts'
import type { Exporter } from '../../report/export/exporter.ts'
import { NO_WISHES } from '../../report/export/wishes.ts'
import { withText, writeBytes } from '../../report/model/text-out.ts'
import { withTypesetter } from '../../report/pdf/typeset.ts'
import { recordPage } from '../page.ts'
import type { ReadRecord } from '../read-record.ts'
import { type QuotedCard, quotedCards } from './cards.ts'
import { deployerSheet, type QuotedLedger } from './sheet.ts'

/** @param validation null when no record was named */
export function deployerExporter(
  format: 'html' | 'pdf',
  { language, validation }: { readonly language: string; readonly validation: ReadRecord | null },
): Exporter {
  const sheetOf = (ledger: QuotedLedger) => {
    const cards = quotedCards(ledger.plan.models, MODELS_DIR)
    const document = deployerSheet(ledger, cards, validation, language)
    const english = document.unreviewed.length > 0 ? deployerSheet(ledger, cards, validation, 'en') : null
    return { cards, document, english }
  }
  const about = { id: 'deployer', title: 'The deployer’s sheet', leavesOut: {} }
  if (format === 'html')
    return {
      ...about,
      extension: '.html',
      async write(ledger, out) {
        const { document, english } = sheetOf(ledger)
        await withText(out, (page) => page.write(recordPage(document, english)))
      },
    }
  return {
    ...about,
    extension: '.pdf',
    isBinary: true,
    async write(ledger, out, _view, { allowUnconfined, standard } = NO_WISHES) {
      const { cards, document, english } = sheetOf(ledger)
      const job = { document: { ...document, english }, attachments: attached(cards) }
      const { pdf } = await withTypesetter(allowUnconfined, (typeset) =>
        typeset(job, { utc: newestUtc(ledger), standard, template: 'validation' }),
      )
      await writeBytes(out, pdf)
    },
  }
}

function attached(cards: readonly QuotedCard[]) {
  return cards.flatMap(({ use, text }) =>
    text === null
      ? []
      : [
          {
            name: `${use.id}.json`,
            mediaType: 'application/json',
            description: `The card of the model ${use.id}`,
            text,
          },
        ],
  )
}

/** The newest event of the record, so that one record gives one file. */
function newestUtc(ledger: LedgerIdentity & RunHistory & CustodyRecord): string {
  return ledger.custody().at(-1)?.utc ?? ledger.events()[0]?.utc ?? '1970-01-01T00:00:00.000Z'
}
