/** A database login, parsed from the command line. */
import { UsageError } from '../../base/errors.ts'
import { ROLES, type RoleName } from '../schema/roles.ts'

export interface Login {
  readonly role: RoleName
  readonly name: string
}

/** @param text `worker=scan1` */
export function parseLogin(text: string): Login {
  const [, role = '', name = ''] = /^([a-z]+)=([a-z_][a-z0-9_-]{0,62})$/.exec(text) ?? []
  if (!(role in ROLES))
    throw new UsageError(
      `--login takes ROLE=NAME with ${Object.keys(ROLES).join(', ')} and a name in lower case; "${text}" does not have that shape.`,
    )
  return { role: role as RoleName, name }
}
