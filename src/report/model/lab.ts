/**
 * Statements that only a laboratory can make in a report (`--lab lab.json`). The report names missing statements as
 * missing; it never invents them.
 */
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'

/** The validation record of the installation that examined, and the parts of the examination that it does not cover. */
export interface Standing {
  /** `V-2026-11-26-3f2a9c118d04`. */
  readonly number: string
  /** Its day, ISO-8601. */
  readonly day: string
  readonly isFit: boolean
  readonly stale: readonly StaleFor[]
}

const STALE_FOR = ['version', 'binary', 'model', 'list-format', 'age'] as const
export type StaleFor = (typeof STALE_FOR)[number]

/** The laboratory's statements. @see ISO/IEC 17025:2017, 7.8.2.1, and 7.8.8 for `replaces` */
export interface Lab {
  readonly laboratory?: string
  readonly address?: string
  /** An accreditation mark, or "none". */
  readonly accreditation?: string
  readonly customer?: string
  readonly received?: string
  readonly issued?: string
  readonly authorisedBy?: string
  readonly deviations?: string
  readonly reportNumber?: string
  /** Number and date of the record that validates the method. */
  readonly validation?: string
  readonly replaces?: { readonly number: string; readonly why: string }
}

const TEXTS = [
  'laboratory',
  'address',
  'accreditation',
  'customer',
  'received',
  'issued',
  'authorisedBy',
  'deviations',
  'reportNumber',
  'validation',
] as const satisfies readonly (keyof Lab)[]

/** @throws UsageError when the file is not such a file, or contains unknown fields */
export function readLab(file: string): Lab {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageError(`--lab ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`--lab ${file} must be a JSON object.`)
  for (const [key, one] of Object.entries(value)) {
    if (key === 'replaces') {
      const { number, why } = (one ?? {}) as Partial<Record<'number' | 'why', unknown>>
      if (typeof number !== 'string' || typeof why !== 'string')
        throw new UsageError(`--lab ${file}: "replaces" needs "number" and "why", as texts.`)
    } else if (!(TEXTS as readonly string[]).includes(key))
      throw new UsageError(`--lab ${file}: "${key}" is none of ${TEXTS.join(', ')}, replaces.`)
    else if (typeof one !== 'string' || one.trim() === '')
      throw new UsageError(`--lab ${file}: "${key}" must be a text that says something.`)
  }
  return value as Lab
}
