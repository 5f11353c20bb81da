/**
 * The one question before the first process that meets hostile bytes, of any kind: can this machine confine it? Where it cannot,
 * nothing is started unless a person allowed that for this command; what starts processes asks again, so that no way leads past it.
 */
import { UsageError } from '../../base/errors.ts'
import { type Confinement, missingOf } from './held.ts'
import { type Tools, tools } from './tools.ts'

/** Processes can reach files here, and nobody allowed that. */
export class Unconfined extends UsageError {
  constructor({ missing, succeeded }: Pick<Confinement, 'missing' | 'succeeded'>) {
    const why = missing.length > 0 ? `missing: ${missing.join(', ')}` : `it could ${succeeded.join(', ')}`
    super(
      `Processes that read hostile bytes cannot be kept from the files of this machine (${why}). Use a machine with util-linux 2.40 or later and a kernel with Landlock and seccomp, or say --allow-unconfined: ledger and report then say so.`,
      { code: 'unconfined' },
    )
  }
}

/** Of this command: a person said --allow-unconfined. */
let allowed = false

/** Asked once by every command that starts such a process, before the first one. @throws Unconfined */
export function requireConfinement(allowUnconfined: boolean): void {
  allowed ||= allowUnconfined
  requireConfined(tools(), allowed)
}

/** @throws Unconfined where these tools do not keep a process from files, and nobody allowed that */
export function requireConfined(having: Tools, allowUnconfined = allowed): void {
  if (allowUnconfined || allowed) return
  const missing = missingOf(having)
  if (missing.includes('landlock') || missing.includes('seccomp'))
    throw new Unconfined({ missing, succeeded: [] })
}
