/** A neutral fact of a content or an entry, as a code with parameters (contracts/attribute.ts). */

import { parseStoredJson, storedJson } from '../base/stored-json.ts'
import type { Attribute } from '../contracts/attribute.ts'
import { shortenedParams } from './bounded-text.ts'
import type { FindingKind } from './finding-kind.ts'
import { attributeOf } from './older-attribute.ts'
import { NO_TIME, TIME } from './time-columns.ts'

export const attribute: FindingKind<Attribute, 'attribute'> = {
  kind: 'attribute',
  table: 'attribute',
  columns: ['code text', 'params text', ...TIME],
  digest: 'opinions',
  // A rule may give a priority to one; the reader leaves out what got none.
  shown: 'true',
  counted: null,
  searched: true,
  toRow: ({ code, params }) => [code, storedJson(shortenedParams(params)), ...NO_TIME],
  fromRow: (row) => attributeOf(row.code as string, parseStoredJson(row.params as string)),
  // Its words are those of its own code.
  says: {},
  params: () => ({}),
  record: ({ code, params }) => ({ code, params }),
}
