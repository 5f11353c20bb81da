/**
 * The user's folder for data that the program keeps between commands (XDG base directory specification,
 * XDG_STATE_HOME).
 */
import { isAbsolute, join } from 'node:path'

/** @returns null where there is no home folder: an account without an entry in the system's list, a service */
export function stateFile(name: string): string | null {
  const { XDG_STATE_HOME: asked, HOME: home } = process.env
  if (asked && isAbsolute(asked)) return join(asked, 'seized', name)
  return home && isAbsolute(home) ? join(home, '.local', 'state', 'seized', name) : null
}
