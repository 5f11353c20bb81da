/** What stops a parser, as a code: whoever catches it makes a stage result of it. */
import type { Detail } from '../../contracts/detail.ts'

/** An error that says what it is by a detail; its message is for a stack trace. */
export class CodedError extends Error {
  readonly detail: Detail

  constructor(detail: Detail, options?: ErrorOptions) {
    super(inShort(detail), options)
    this.detail = detail
  }
}

/** What an error of a library says; of one of ours, its own detail. */
export function detailOf(error: unknown): Detail {
  if (error instanceof CodedError) return error.detail
  return libraryText(error instanceof Error ? error.message : String(error))
}

/** More is cut off by whoever takes it. */
const TEXT_CHARACTERS = 1000

export function libraryText(text: string): Detail {
  return { code: 'library', params: { text: text.slice(0, TEXT_CHARACTERS) } }
}

/** A detail inside another one: what a library printed, else the code. */
export function inShort(detail: Detail): string {
  return detail.code === 'library' ? detail.params.text : detail.code
}
