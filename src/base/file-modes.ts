/**
 * Read access to written files: the owner alone, unless SEIZED_UMASK gives another policy (three octal digits, as in
 * umask(1); 027 lets the group read).
 */
import { UsageError } from './errors.ts'

/** No rights for group and others. */
const OWN = 0o077

/** Default for tests that do not start the program. */
let taken = 0o022

/** Sets the umask for all new files of this process and its children. @throws UsageError */
export function takeUmask(env: NodeJS.ProcessEnv): void {
  taken = umaskOf(env.SEIZED_UMASK)
  process.umask(taken)
}

/** Bits of a mode that the policy permits. */
export function permitted(mode: number): number {
  return mode & ~taken
}

/** Bits of a mode that the policy forbids. */
export function forbidden(mode: number): number {
  return mode & taken
}

function umaskOf(text: string | undefined): number {
  if (text === undefined || text === '') return OWN
  // The owner must be able to continue a run that he began.
  if (/^0?0[0-7]{2}$/.test(text)) return Number.parseInt(text, 8)
  throw new UsageError(
    `SEIZED_UMASK is ${JSON.stringify(text)}: three octal digits are wanted, the first of them 0 (077, 027, 007).`,
  )
}
