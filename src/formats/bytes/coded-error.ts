/** Errors that stop a parser, with a code. The caller that catches one converts it to a stage result. */
import type { Detail } from '../../contracts/detail.ts'

/** An error described by a detail; its message is only for a stack trace. */
export class CodedError extends Error {
  readonly detail: Detail

  constructor(detail: Detail, options?: ErrorOptions) {
    super(inShort(detail), options)
    this.detail = detail
  }
}

/** The own detail of a coded error; for an error of a library, its message. */
export function detailOf(error: unknown): Detail {
  if (error instanceof CodedError) return error.detail
  return libraryText(error instanceof Error ? error.message : String(error))
}

/** Longer text is cut. */
const TEXT_CHARACTERS = 1000

export function libraryText(text: string): Detail {
  return { code: 'library', params: { text: text.slice(0, TEXT_CHARACTERS) } }
}

/** Text of a detail inside another detail: the message of the library, else the code. */
export function inShort(detail: Detail): string {
  return detail.code === 'library' ? detail.params.text : detail.code
}
