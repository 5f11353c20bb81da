/**
 * Asks before the first process that meets hostile bytes: can this machine confine it? Where it cannot, the
 * command starts no process unless a person passed --allow-unconfined.
 * The code that starts processes asks again, so that no caller can skip the question.
 */
import { UsageError } from '../../base/errors.ts'
import { keepsRoot } from '../../process/drop-root.ts'
import { type Confinement, missingOf } from './held.ts'
import { requireInspectable } from './inspect.ts'
import { type Tools, tools } from './tools.ts'

/** This machine cannot keep processes from its files, and the operator did not allow that. */
export class Unconfined extends UsageError {
  constructor({ missing, succeeded }: Pick<Confinement, 'missing' | 'succeeded'>) {
    const why = missing.length > 0 ? `missing: ${missing.join(', ')}` : `it could ${succeeded.join(', ')}`
    super(
      `Processes that read hostile bytes cannot be kept from the files of this machine (${why}). Use a machine with util-linux 2.40 or later and a kernel with Landlock and seccomp, or say --allow-unconfined: ledger and report then say so.`,
      { code: 'unconfined' },
    )
  }
}

const KEPT = {
  'only-root':
    'In this user namespace root is the only account, and processes that read hostile bytes could not give its rights up. Start seized as an ordinary account, or in a container that maps a range of accounts (rootless Podman does with /etc/subuid).',
  'no-right':
    'Here root may not become another account (CAP_SETUID and CAP_SETGID are missing), and processes that read hostile bytes could not give its rights up. Start seized as an ordinary account: the container image does, unless it is told --user 0.',
} as const

/** Per command: the operator passed --allow-unconfined. */
let allowed = false

/** Every command that starts such a process calls this once, before the first one. @throws Unconfined */
export function requireConfinement(allowUnconfined: boolean): void {
  allowed ||= allowUnconfined
  requireInspectable(allowed)
  requireConfined(tools(), allowed)
  const kept = keepsRoot()
  if (kept !== null) throw new UsageError(KEPT[kept], { code: 'unconfined' })
}

/** @throws Unconfined where these tools cannot keep a process from files and the operator did not allow that */
export function requireConfined(having: Tools, allowUnconfined = allowed): void {
  if (allowUnconfined || allowed) return
  const missing = missingOf(having)
  if (missing.includes('landlock') || missing.includes('seccomp'))
    throw new Unconfined({ missing, succeeded: [] })
}
