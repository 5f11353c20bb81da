/** A refusal whose sentence is among the labels of the page: it is said there in the language of the page. */
import { type SeizedError, UsageError } from '../base/errors.ts'
import type { Params } from '../contracts/coded.ts'
import en from '../report/texts/en.json' with { type: 'json' }
import { Message } from '../report/texts/message.ts'
import type { Refusal } from './said.ts'

export type RefusalWord = Extract<keyof typeof en.page, `refused-${string}`>

/** Its message is the English sentence, for the log and for other programs that ask. */
export class PageRefusal extends UsageError {
  readonly word: RefusalWord
  readonly params: Readonly<Record<string, string | number>>

  constructor(word: RefusalWord, params: Readonly<Record<string, string | number>> = {}) {
    super(new Message(en.page[word], 'en').write(params satisfies Params))
    this.word = word
    this.params = params
  }
}

/** What the page is told of an error. */
export function refusalOf(error: SeizedError): Refusal {
  if (!(error instanceof PageRefusal)) return { refused: error.message }
  const { message, word, params } = error
  return { refused: message, word, params }
}
