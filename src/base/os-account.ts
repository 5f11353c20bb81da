/** Who runs this process, as the operating system names it. */
import { userInfo } from 'node:os'

export function osAccount(): string {
  try {
    return userInfo().username
  } catch (error) {
    // No entry in the password file: the number is what the system knows.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
