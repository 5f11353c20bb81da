/** `seized terms import`: an agency's list into a store that only its passphrase opens. */
import { readFileSync, writeFileSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { seal, unseal } from './sealed-file.ts'
import type { Term } from './term.ts'
import { parseTermList } from './term-list.ts'

export interface ImportReport {
  readonly imported: number
  readonly duplicates: number
  readonly rejected: readonly { readonly row: number; readonly reason: string }[]
  readonly byLanguage: Readonly<Record<string, number>>
  readonly byCategory: Readonly<Record<string, number>>
  readonly expired: number
}

/**
 * @param list    CSV or JSON, by its name
 * @param store   written new; an existing file is not written over
 * @param today   ISO-8601 date
 */
export function importTerms(list: string, store: string, passphrase: string, today: string): ImportReport {
  const format = /\.json$/i.test(list) ? 'json' : /\.csv$/i.test(list) ? 'csv' : null
  if (!format) throw new UsageError('The term list must be a .csv or .json file.')
  const { terms, rejected, duplicates } = parseTermList(read(list), format)
  if (terms.length === 0) throw new UsageError('The term list holds no term that can be used.')
  const file = seal('terms', Buffer.from(JSON.stringify({ terms })), passphrase)
  try {
    writeFileSync(store, file, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw new UsageError(
      `The store ${store} could not be written (${(error as NodeJS.ErrnoException).code}).`,
      {
        cause: error,
      },
    )
  }
  return {
    imported: terms.length,
    duplicates,
    rejected,
    byLanguage: count(terms.map(({ language }) => language)),
    byCategory: count(terms.map(({ category }) => category)),
    expired: terms.filter(({ expires }) => expires !== null && expires < today).length,
  }
}

/** The terms of a store; they stay in memory. */
export function openTerms(store: string, passphrase: string): readonly Term[] {
  let file: Buffer
  try {
    file = readFileSync(store)
  } catch (error) {
    throw new UsageError(`The store ${store} could not be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    })
  }
  return (JSON.parse(unseal('terms', file, passphrase).toString('utf8')) as { terms: Term[] }).terms
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `The term list ${path} could not be read (${(error as NodeJS.ErrnoException).code}).`,
      {
        cause: error,
      },
    )
  }
}

function count(values: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value ?? 'unknown'] = (counts[value ?? 'unknown'] ?? 0) + 1
  return counts
}
