/** Last output of a process that ended by itself, in one line: from a stack trace, the line with the error. */
import { printable } from './printable.ts'

const MOST_CHARACTERS = 300
/** `Error: Cannot find module 'x'`, `TypeError [ERR_X]: …`, and messages of the loader of shared objects. */
const SAYS_WHAT =
  /^(\w*Error\b[^:]*:|.*\b(cannot open shared object|undefined symbol|Illegal instruction|ERR_DLOPEN_FAILED)\b)/

/** @param how an exit code or a signal */
export function lastWords(how: string, printed: string): string {
  const lines = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |Node\.js v)/.test(line))
  const line = lines.find((one) => SAYS_WHAT.test(one)) ?? lines.at(-1)
  return printable(line === undefined ? how : `${how}: ${line}`, MOST_CHARACTERS)
}
