/** What a check of this machine says: how it stands, what was found, and what a person should do about it. */

/** `todo`: a scan would be refused or would not be what it should; `advice`: it works, and could work better. */
export type CheckState = 'ok' | 'advice' | 'todo'

export interface Check {
  readonly name: string
  readonly state: CheckState
  readonly found: string
  /** One sentence for an examiner; null when there is nothing to do. */
  readonly todo: string | null
  /** What the command ends with when this is the worst of what must be done. */
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
