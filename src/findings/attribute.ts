/** A neutral fact of a content or an entry, as a code with parameters (contracts/attribute.ts). */

import { parseStoredJson, storedJson } from '../base/stored-json.ts'
import type { Attribute, AttributeParams } from '../contracts/attribute.ts'
import type { Params } from '../contracts/coded.ts'
import { shortenedParams } from './bounded-text.ts'
import type { FindingKind } from './finding-kind.ts'
import { attributeOf } from './older-attribute.ts'
import { NO_TIME, TIME } from './time-columns.ts'

export const attribute: FindingKind<Attribute, 'attribute'> = {
  kind: 'attribute',
  table: 'attribute',
  columns: ['code text', 'params text', ...TIME],
  digest: 'opinions',
  // No rule begins with another one: most contents have some, and of each that is shown a view is made.
  shown: "code = 'listed-beginning'",
  isShown: isListedBeginning,
  // Neutral facts are no findings, and a newer program knows more of them of every picture.
  compared: {
    section: 'matches',
    key: (one) =>
      isListedBeginning(one)
        ? [(one.params as AttributeParams<'listed-beginning'>).meaning ?? 'illegal']
        : null,
  },
  counted: null,
  searchText: attributeText,
  toRow: ({ code, params }) => [code, storedJson(shortenedParams(params)), ...NO_TIME],
  fromRow: (row) => attributeOf(row.code as string, parseStoredJson(row.params as string)),
  // Its words are those of its own code.
  says: {},
  params: () => ({}),
  record: ({ code, params }) => ({ code, params }),
}

/** `camera-model: Example 3`: the code and its values. */
export function attributeText({ code, params }: Attribute): string {
  const values = Object.values(params as Params).map((value) =>
    Array.isArray(value) ? value.join(' ') : value,
  )
  return `${code}: ${values.join(' ')}`
}

function isListedBeginning({ code }: Attribute): boolean {
  return code === 'listed-beginning'
}
