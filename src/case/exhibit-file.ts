/** Where the ledger of an exhibit is now: a case holds no copies, so its file may have moved or been replaced. */
import { lstatSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { SeizedError } from '../base/errors.ts'
import { readFirstHead } from '../ledger/read/first-head.ts'
import type { CaseExhibit } from './case-event.ts'

export type ExhibitFile =
  | { readonly is: 'here'; readonly path: string }
  /** `another`: a file is there, and it is not that ledger. */
  | { readonly is: 'missing' | 'link' | 'another' | 'unreadable'; readonly path: string }

/** @param root as caseRoot gives it. The recorded place first, then the place relative to the folder of the case. */
export function fileOf(root: string, exhibit: CaseExhibit): ExhibitFile {
  const first = stateAt(exhibit.path, exhibit.firstHead)
  if (first.is !== 'missing') return first
  const beside = resolve(dirname(root), exhibit.fromFolder)
  if (beside === exhibit.path) return first
  const second = stateAt(beside, exhibit.firstHead)
  return second.is === 'here' ? second : first
}

/** Path of a ledger from the folder of the case, for a case that moves together with its ledgers. */
export function fromFolder(root: string, path: string): string {
  return relative(dirname(root), path)
}

/** True where the path itself is a link: what it leads to can be changed without a trace at this place. */
export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

function stateAt(path: string, firstHead: string): ExhibitFile {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return { is: 'missing', path }
  if (stat.isSymbolicLink()) return { is: 'link', path }
  if (!stat.isFile()) return { is: 'another', path }
  try {
    return { is: readFirstHead(path) === firstHead ? 'here' : 'another', path }
  } catch (error) {
    if (error instanceof SeizedError) return { is: 'unreadable', path }
    throw error
  }
}
