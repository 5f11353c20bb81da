/** The options for reading text: a legal basis, and the contents that must not be read. */
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { printable } from '../../base/printable.ts'
import { type PrivilegeList, parsePrivilegeList } from '../../privilege/privilege-list.ts'
import { textIndexPath } from '../../search/text-index-file.ts'

const BASIS_CHARS = 500

/** @returns the basis for plan, ledger and report; null when text is not read */
export function parseTextBasis(
  text: boolean | undefined,
  basis: string | undefined,
  keys?: string | undefined,
): string | null {
  if (text !== true && (basis === undefined || keys !== undefined)) return null
  if (text !== true)
    throw new UsageError(
      '--basis says why text is read or keys are used: give --text or --keys with it, or none.',
    )
  const stated = basis?.trim() ?? ''
  if (stated === '')
    throw new UsageError(
      '--text reads what people wrote, which needs a legal basis: add --basis "warrant 12/2026 …". It stands in ledger and report.',
    )
  if (stated.length > BASIS_CHARS)
    throw new UsageError(
      `--basis takes at most ${BASIS_CHARS} characters: name the document, do not quote it.`,
    )
  return stated
}

/** @param given codes (ISO 639-2), several in one text with commas. @returns each */
export function parseTextLanguages(given: readonly string[], textBasis: string | null): readonly string[] {
  const codes = given.flatMap((text) => text.split(',')).map((code) => code.trim())
  if (codes.length > 0 && textBasis === null)
    throw new UsageError(
      '--text-languages says how words in pictures are read: give --text and --basis with it.',
    )
  const wrong = codes.find((code) => !/^[a-z]{3}(_[a-z]{2,8})?$/.test(code))
  if (wrong !== undefined)
    throw new UsageError(
      `--text-languages takes codes of three letters with commas between, e.g. deu,kat; not “${printable(wrong, 40)}”.`,
    )
  return codes
}

/** @returns the basis for opening volumes, for plan, ledger and report; null without keys */
export function parseKeysBasis(keys: string | undefined, basis: string | undefined): string | null {
  if (keys === undefined) return null
  const stated = basis?.trim() ?? ''
  if (stated === '')
    throw new UsageError(
      '--keys opens what its owner locked, which needs a legal basis: add --basis "warrant 12/2026, key handed over 2026-11-20". It stands in ledger and report.',
    )
  if (stated.length > BASIS_CHARS)
    throw new UsageError(
      `--basis takes at most ${BASIS_CHARS} characters: name the document, do not quote it.`,
    )
  return stated
}

export function readPrivilegeList(file: string | undefined): PrivilegeList | null {
  if (file === undefined) return null
  try {
    return parsePrivilegeList(readFileSync(file, 'utf8'), file)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(
      `--privileged ${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`,
      { cause, code: 'list-unreadable' },
    )
  }
}

/** @param isAsked whether the stage text-read is asked for */
export function textWarning(basis: string, ledgerPath: string, isAsked: boolean): string {
  return isAsked
    ? `Text is read, on the stated basis: ${basis}. It is kept for searching in ${textIndexPath(ledgerPath)}: deleting that file deletes the text.`
    : `Text of records only is read, on the stated basis: ${basis}. The phase unknown is left out: the text of no content is read.`
}
