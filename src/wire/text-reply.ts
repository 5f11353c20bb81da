/** Describes the text of one content; the text itself follows. */
import * as v from 'valibot'
import { COUNT, checked, type Message } from './checks.ts'
import { PRINTED_ATTRIBUTE, PRINTED_RESULT, printed, SCORE } from './printed.ts'
import { QUOTE_CHARACTERS } from './text.ts'

const SIGNAL = v.object({
  kind: v.literal('signal'),
  classifier: printed(100),
  rule: printed(100),
  stage: v.nullable(printed(100)),
  quote: v.pipe(
    v.string(),
    v.transform((quote) => quote.replace(/\s+/g, ' ')),
    printed(QUOTE_CHARACTERS - 1),
  ),
  start: COUNT,
  end: COUNT,
  messageIndex: v.nullable(COUNT),
})

const FINDING = v.variant('kind', [SCORE, SIGNAL, PRINTED_ATTRIBUTE])

const MOST_FINDINGS = 1000

/** Lines of one picture (formats/words), and words of these. */
const MOST_PLACES = 20_000
const PLACE = v.object({
  start: COUNT,
  end: COUNT,
  left: COUNT,
  top: COUNT,
  width: COUNT,
  height: COUNT,
  page: v.exactOptional(COUNT),
  ms: v.exactOptional(COUNT),
})

const REPLY = v.object({
  result: PRINTED_RESULT,
  findings: v.pipe(v.array(FINDING), v.maxLength(MOST_FINDINGS)),
  language: v.nullable(printed(20)),
  places: v.pipe(v.array(PLACE), v.maxLength(MOST_PLACES)),
  unsure: v.pipe(v.array(v.tuple([COUNT, COUNT])), v.maxLength(MOST_PLACES)),
})

export type TextFinding = Message<typeof FINDING>
export type ReadTextReply = Message<typeof REPLY>

/** @throws ImplausibleReply */
export function textReply(header: unknown): ReadTextReply {
  return checked(REPLY, header, 'a text')
}
