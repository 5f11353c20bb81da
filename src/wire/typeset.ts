/** Messages to a child that sets a report: data only, never markup. */

export const PDF_STANDARDS = ['a-3a', 'ua-1'] as const
export type PdfStandard = (typeof PDF_STANDARDS)[number]

/** Templates of a document; both take their words from data. */
const PDF_TEMPLATES = ['court', 'validation'] as const
export type PdfTemplate = (typeof PDF_TEMPLATES)[number]

export interface TypesetHeader {
  /** ISO-8601 UTC: the document's date, so that one record gives one file, byte for byte. */
  readonly utc: string
  /** The typesetter refuses a document that breaks this standard; it supports one at a time. */
  readonly standard: PdfStandard
  readonly template: PdfTemplate
}

/** The bytes of a job, as JSON. */
export interface TypesetJob {
  readonly document: unknown
  readonly attachments: readonly TypesetAttachment[]
}

export interface TypesetAttachment {
  readonly name: string
  readonly mediaType: string
  readonly description: string
  readonly text: string
}

export type TypesetReply =
  | {
      readonly done: true
      /** Number of characters that no font has; they are printed as escapes. */
      readonly escaped: number
      readonly pages: number
    }
  | { readonly done: false; readonly why: string }
