/** The result of one check of this machine: its state, the facts, and what a person should do. */

/** `todo`: a scan would be refused or unreliable; `advice`: a scan works, but could work better. */
export type CheckState = 'ok' | 'advice' | 'todo'

export interface Check {
  readonly name: string
  readonly state: CheckState
  readonly found: string
  /** One sentence for an examiner; null when there is nothing to do. */
  readonly todo: string | null
  /** Exit code of the command when this is the worst `todo`. */
  readonly exit?: 'usage' | 'ledgerDamaged' | 'tryAgain'
}

export function ok(name: string, found: string): Check {
  return { name, state: 'ok', found, todo: null }
}

export function advice(name: string, found: string, todo: string): Check {
  return { name, state: 'advice', found, todo }
}

export function todo(
  name: string,
  found: string,
  what: string,
  exit: NonNullable<Check['exit']> = 'usage',
): Check {
  return { name, state: 'todo', found, todo: what, exit }
}
