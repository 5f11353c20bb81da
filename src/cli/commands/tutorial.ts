/** `seized tutorial`: creates a small harmless exhibit and leads a new examiner through it. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { learnerHere, teach } from '../../validate/tutorial/tutorial.ts'
import type { Given } from '../arguments/option.ts'
import type { TUTORIAL } from '../arguments/options-table.ts'

/** Exit 0: the person reached the end; 130: the person left before. */
export async function tutorial(
  [where]: readonly string[],
  { operator }: Given<typeof TUTORIAL>,
): Promise<number> {
  const folder = resolve(where!)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`${folder} is not empty. Name a folder that is not there yet.`)
  mkdirSync(folder, { recursive: true })
  const learner = learnerHere()
  try {
    const { isFinished, questions, right } = await teach(folder, operator, learner)
    if (!isFinished) {
      process.stdout.write(`\nLeft. Begin again with a new folder; ${folder} may be removed.\n`)
      return EXIT.interrupted
    }
    process.stdout.write(
      `\nDone: ${right} of ${questions} answers right at the first try. All of it lies in ${folder} and may be removed.\n`,
    )
    return EXIT.complete
  } finally {
    learner.close()
  }
}
