/** A place in a text that a rule or a small model marks, with its words. */
import { parseStoredJson, storedJson } from '../base/stored-json.ts'
import type { Params } from '../contracts/coded.ts'
import type { Signal } from '../contracts/finding.ts'
import { shortened } from './bounded-text.ts'
import type { FindingKind } from './finding-kind.ts'

export const signal: FindingKind<Signal, 'signal'> = {
  kind: 'signal',
  table: 'signal',
  columns: [
    'classifier text',
    'rule text',
    'rule_stage text?',
    'quote text',
    'start_at int',
    'end_at int',
    'message_index int?',
    'details text?',
  ],
  digest: 'opinions',
  shown: 'true',
  isShown: () => true,
  // Not its place in the text: another extractor of the same text counts letters otherwise.
  compared: { section: 'signals', key: ({ classifier, rule, quote }) => [classifier, rule, quote] },
  counted: null,
  searchText: ({ classifier, rule, stage, quote }) => `${classifier} ${rule} ${stage ?? ''}: ${quote}`,
  toRow: (one) => [
    one.classifier,
    one.rule,
    one.stage,
    shortened(one.quote),
    one.start,
    one.end,
    one.messageIndex,
    one.details === undefined ? null : storedJson(one.details),
  ],
  fromRow: (row) => ({
    kind: 'signal',
    classifier: row.classifier as string,
    rule: row.rule as string,
    stage: row.rule_stage as string | null,
    quote: row.quote as string,
    start: Number(row.start_at),
    end: Number(row.end_at),
    messageIndex: row.message_index === null ? null : Number(row.message_index),
    ...(row.details !== null && { details: parseStoredJson(row.details as string) as Params }),
  }),
  says: { rule: 'text', quote: 'text' },
  params: ({ rule, quote }) => ({ rule, quote }),
  record: ({ classifier, rule, stage, quote, start, end, messageIndex }) => ({
    classifier,
    rule,
    stage,
    quote,
    start,
    end,
    messageIndex,
  }),
}
