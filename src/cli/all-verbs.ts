/** All verbs, including those that describe the verbs themselves. */
import { UsageError } from '../base/errors.ts'
import { EXIT } from '../base/exit-codes.ts'
import { type AnyVerb, verb } from './arguments/verb.ts'
import { VERBS } from './verbs.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export const ALL_VERBS: readonly AnyVerb[] = [
  ...VERBS,
  verb({
    name: 'completions',
    summary: 'print what a shell completes: bash, zsh or fish',
    operands: [{ form: '<shell>', help: SHELLS.join(', '), offers: SHELLS }],
    options: {},
    load: async () => {
      const { completionsFor } = await import('./shell-completions.ts')
      return ([shell]) => {
        const known = SHELLS.find((one) => one === shell)
        if (!known)
          throw new UsageError(`completions knows ${SHELLS.join(', ')}; "${shell}" is none of them.`)
        process.stdout.write(completionsFor(known, ALL_VERBS))
        return EXIT.complete
      }
    },
  }),
  verb({
    name: 'man',
    summary: 'print the manual page: seized man | man -l -',
    operands: [],
    options: {},
    load: async () => {
      const { manualPage } = await import('./manual-page.ts')
      return () => {
        process.stdout.write(manualPage(ALL_VERBS))
        return EXIT.complete
      }
    },
  }),
]
