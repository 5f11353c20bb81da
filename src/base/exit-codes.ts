/**
 * The meaning of every exit code. Scripts in a laboratory depend on these; README's table is checked against this list.
 */

export const EXIT_CODES = [
  { name: 'complete', code: 0, words: 'complete, nothing found' },
  { name: 'incomplete', code: 3, words: 'nothing found, coverage incomplete' },
  { name: 'findings', code: 10, words: 'findings, complete' },
  { name: 'findingsIncomplete', code: 13, words: 'findings, coverage incomplete' },
  { name: 'usage', code: 2, words: 'usage or configuration: nothing was examined' },
  {
    name: 'ledgerDamaged',
    code: 4,
    words: 'the ledger is damaged, or does not match what it is compared with',
  },
  {
    name: 'tryAgain',
    code: 75,
    words: 'try again or elsewhere: ledger busy, disk full, mount or image away',
  },
  { name: 'interrupted', code: 130, words: 'interrupted by a person, resumable' },
  { name: 'bug', code: 1, words: 'a bug in seized' },
] as const

export type ExitName = (typeof EXIT_CODES)[number]['name']

export const EXIT = Object.fromEntries(EXIT_CODES.map(({ name, code }) => [name, code])) as Readonly<
  Record<ExitName, number>
>
