/**
 * References that belong to entries (findings/stated-reference.ts), completed with a fact of the whole ledger: whether
 * the referenced content is on the exhibit.
 */
import type { Attribute } from '../../contracts/attribute.ts'
import type { Reference } from '../../contracts/finding.ts'
import { IS_STATED_REFERENCE, statedReference } from '../../findings/stated-reference.ts'
import type { Db } from '../format/database.ts'

const DIGESTS = ['md5', 'sha1', 'sha256'] as const

export class StatedReferences {
  readonly #db: Db
  /** Built on first use: most ledgers contain no such references. */
  #here: ReadonlySet<string> | null = null

  constructor(db: Db) {
    this.#db = db
  }

  /** Separates the attributes of one entry into references and remaining attributes. */
  apart(attributes: readonly Attribute[]): {
    readonly references: readonly Reference[]
    readonly attributes: readonly Attribute[]
  } {
    const references = attributes.flatMap((one) => this.of(one) ?? [])
    return references.length === 0
      ? { references, attributes }
      : { references, attributes: attributes.filter((one) => statedReference(one, false) === null) }
  }

  of(one: Attribute): Reference | null {
    const reference = statedReference(one, false)
    if (reference === null) return null
    this.#here ??= digestsHere(this.#db)
    return { ...reference, found: this.#here.has(`${reference.algorithm}:${reference.digest}`) }
  }
}

function digestsHere(db: Db): ReadonlySet<string> {
  const ofAlgorithm = (algorithm: (typeof DIGESTS)[number]) =>
    db
      .prepare<[], string>(
        `SELECT DISTINCT '${algorithm}:' || named.hex FROM (
           SELECT json_extract(params, '$.digest') AS hex, unhex(json_extract(params, '$.digest')) AS digest
           FROM entry_attribute WHERE ${IS_STATED_REFERENCE} AND json_extract(params, '$.algorithm') = '${algorithm}'
         ) named JOIN content c ON c.${algorithm} = named.digest`,
      )
      .pluck()
      .all()
  return new Set(DIGESTS.flatMap(ofAlgorithm))
}
