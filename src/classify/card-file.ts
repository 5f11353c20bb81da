/** A card and the file that it pins, as an installation or an examiner holds them. Each kind of card checks its own fields. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isScarce } from '../base/scarce.ts'
import { ModelRefused } from './model-card.ts'
import type { Fail } from './strict-fields.ts'

/** What the card says of its role, before anything else of it is checked; null: it says none, or is no card at all. */
export function roleOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly role?: unknown } | null)?.role ?? null
  } catch (error) {
    // Reading it as a picture model's card then reports the fault.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** @param fail refuses the card where it is not JSON */
export function cardJson(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return fail('it is not JSON')
  }
}

/** @throws ModelRefused where the file is missing or has another digest than the card pins */
export function readPinned(file: string, pinned: string): Buffer {
  const bytes = readNamed(file)
  const sha256 = sha256Of(bytes)
  if (sha256 !== pinned)
    throw new ModelRefused(`${file} was refused: its card pins SHA-256 ${pinned}, the file has ${sha256}.`)
  return bytes
}

/** @throws ModelRefused where the file cannot be read */
export function readNamed(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    // A machine short of resources proves no fault of the file.
    if (isScarce(error)) throw error
    throw new ModelRefused(`${file} could not be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    })
  }
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
