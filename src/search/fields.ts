/**
 * The fields of a query: one row for each field. Parser, refusals, help and docs/reference/text.md are generated from
 * this table, and a test checks that each field is answered.
 */
export interface FieldRow {
  /** Notation before the value. */
  readonly form: string
  readonly means: string
  /** Kind of numbers that a range of this field bounds; null for a field of words. */
  readonly range: 'bytes' | 'fraction' | 'whole' | null
}

export const FIELD_TABLE = {
  text: { form: 'text:WORD', means: 'in the text alone', range: null },
  name: { form: 'name:TEXT', means: 'part of the name, or the whole of it with * and ?', range: null },
  path: { form: 'path:TEXT', means: 'the same of the path as reports print it', range: null },
  type: { form: 'type:image/*', means: 'media type: image, image/*, image/jpeg or jpeg', range: null },
  size: {
    form: 'size:>1M',
    means: 'bytes of a file: >, >=, <, <=, 1M..5M; k, M, G, T are powers of 1000, Ki to Ti of 1024',
    range: 'bytes',
  },
  status: {
    form: 'status:deleted',
    means:
      'live; deleted (with orphan, carved and overwritten ones); deleted-overwritten, orphan, carved; of its file',
    range: null,
  },
  digest: { form: 'digest:HEX', means: 'any digest of the content', range: null },
  hit: {
    form: 'hit:TEXT',
    means: 'list, meaning or category of a hit, conflict, near match or reference, or any',
    range: null,
  },
  lead: { form: 'lead:TEXT', means: 'classifier or label of a lead, or any', range: null },
  score: { form: 'score:>=0.9', means: 'score of a lead, from 0 to 1', range: 'fraction' },
  signal: { form: 'signal:TEXT', means: 'rule or stage of a text sign, or any', range: null },
  priority: { form: 'priority:<=2', means: 'review priority, or none', range: 'whole' },
  decided: {
    form: 'decided:TEXT',
    means: 'any or none, or person, scale, category or scale:category of a decision that stands',
    range: null,
  },
  tag: { form: 'tag:TEXT', means: 'tag that a person put on the content, or any or none', range: null },
  person: {
    form: 'person:TEXT',
    means: 'person of a record on the device that names the content, or any or none',
    range: null,
  },
  direction: {
    form: 'direction:sent',
    means: 'sent, received or shared, as a record on the device says of the content, or any or none',
    range: null,
  },
  camera: { form: 'camera:TEXT', means: 'make, model or serial number that a picture names', range: null },
  gps: {
    form: 'gps:54..55/25..26',
    means: 'position that the content names, in degrees south..north/west..east, or any (scan --gps)',
    range: null,
  },
  country: {
    form: 'country:TEXT',
    means: 'country of a position that the content names, as the map data call it (scan --gps)',
    range: null,
  },
  attr: { form: 'attr:TEXT', means: 'code and values of an attribute', range: null },
  speech: {
    form: 'speech:>0.1',
    means: 'share of speech in a sound or video, from 0 to 1, or any (scan --text)',
    range: 'fraction',
  },
  lang: { form: 'lang:lt', means: 'language of the text', range: null },
  from: { form: 'from:2026-01-01', means: 'modified then or later', range: null },
  to: { form: 'to:2026-02-28', means: 'modified then or earlier', range: null },
} as const satisfies Readonly<Record<string, FieldRow>>

export type FieldName = keyof typeof FIELD_TABLE

export const FIELD_NAMES = Object.keys(FIELD_TABLE) as FieldName[]

export function isField(word: string): word is FieldName {
  return Object.hasOwn(FIELD_TABLE, word)
}

/** The fields in the notation of the help. */
export function fieldLines(): string {
  const rows = Object.values(FIELD_TABLE)
  const width = Math.max(...rows.map(({ form }) => form.length))
  return rows.map(({ form, means }) => `  ${form.padEnd(width)}  ${means}`).join('\n')
}
