/** `seized review`: the page on which a person grades what a ledger holds, served to one browser on this machine. */

import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { osAccount } from '../../base/os-account.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { plural } from '../../report/format.ts'
import { Acts } from '../../review/acts.ts'
import { scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import { digestOfPage, readPageFiles } from '../../review/page-files.ts'
import { type Ending, IDLE_MS, ReviewServer, SILENCE_MS } from '../../review/server.ts'
import { ReviewSession } from '../../review/session.ts'
import { noteHead } from '../heads.ts'
import { pauseOnSignals } from '../pause.ts'
import type { Given } from '../table/option.ts'
import type { REVIEW } from '../table/options.ts'
import { verifyFirst } from '../verified.ts'

const MINUTE_MS = 60_000

export async function review([file]: readonly string[], given: Given<typeof REVIEW>): Promise<number> {
  const path = resolve(file!)
  const operator = given.operator.trim()
  if (operator === '') throw new UsageError('--operator is empty.')
  const { pass, sample = null, category } = given
  if (pass !== 'peer' && (sample !== null || category.length > 0))
    throw new UsageError(
      '--sample and --category say what is graded a second time: they belong to --pass peer.',
    )
  await verifyFirst(path, { heads: given.heads })
  const page = readPageFiles()
  const ledger = openLedger(path)
  let head = ''
  try {
    const scale = scaleCalled(given.scale, scaleTablesOf(ledger, given.scaleTable))
    const session = new ReviewSession(ledger, {
      operator,
      account: osAccount(),
      scale,
      pass,
      sample,
      categories: category,
      onHead: (newest) => {
        head = newest
      },
      pageSha256: digestOfPage(page),
    })
    try {
      session.open()
      const ending = await served(session, page, given)
      process.stdout.write(`${endingSaid(ending)}\n`)
      return ending.problem === null ? EXIT.complete : EXIT.tryAgain
    } finally {
      session.release()
    }
  } finally {
    ledger.close()
    if (head !== '') {
      noteHead(path, head, given.heads)
      process.stderr.write(`custody head     ${head}\n`)
    }
  }
}

async function served(
  session: ReviewSession,
  page: ReturnType<typeof readPageFiles>,
  { idle, pauseAfter }: Given<typeof REVIEW>,
): Promise<Ending> {
  const server = await ReviewServer.start(
    { session, acts: new Acts(session) },
    {
      page,
      silenceMs: SILENCE_MS,
      idleMs: idle === undefined ? IDLE_MS : idle * MINUTE_MS,
      pauseMs: pauseAfter * MINUTE_MS,
    },
  )
  const interrupt = pauseOnSignals()
  interrupt.signal.addEventListener('abort', () => server.stop({ how: 'interrupted', problem: null }))
  try {
    process.stdout.write(
      `${plural(session.contents.length, 'content')} in this pass. Open once, in a browser without extensions:\n  ${server.url}\nWhoever opens this address first has the review. Ctrl-C ends it.\n`,
    )
    const ending = await server.ended
    try {
      session.close(ending.how, server.refusals)
      return ending
    } catch (error) {
      // The log is gone or full: what was decided stands, the end is not in it.
      const why = error instanceof Error ? error.message : String(error)
      return {
        how: 'over',
        problem: `${ending.problem ?? ''} The end of the review is not in the custody log (${why}).`.trim(),
      }
    }
  } finally {
    interrupt.dispose()
    await server.close()
  }
}

const ENDED: Readonly<Record<Ending['how'], string>> = {
  ended: 'The review was ended on the page.',
  interrupted: 'The review was ended here.',
  silent: 'The browser fell silent: the review has ended.',
  idle: 'Nobody did anything for a while: the review has ended.',
  over: 'The review could not go on.',
}

function endingSaid({ how, problem }: Ending): string {
  return [ENDED[how], problem === null ? '' : printText(problem), 'What was decided is in the custody log.']
    .filter((part) => part !== '')
    .join(' ')
}
