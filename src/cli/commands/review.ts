/** `seized review`: the page on which a person grades contents of a ledger, served to one browser on this machine. */

import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { osAccount } from '../../base/os-account.ts'
import { keepHeapSmall } from '../../base/small-heap.ts'
import { isCaseFolder, isCaseRoot } from '../../case/case-folder.ts'
import type { LedgerIdentity } from '../../contracts/ledger-reader.ts'
import type { Snapshot } from '../../ledger/read/snapshot.ts'
import { plural } from '../../report/texts/format.ts'
import { Acts } from '../../review/acts.ts'
import { scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import { actsWithoutKey, keysFor, NO_OWN_KEYS } from '../../review/keymap.ts'
import { gradedOnOthers } from '../../review/other-exhibits.ts'
import { digestOfPage, readPageFiles } from '../../review/page-files.ts'
import { NO_POLICY } from '../../review/policy.ts'
import type { Ending } from '../../review/run-route.ts'
import { IDLE_MS, ReviewServer, SILENCE_MS } from '../../review/server.ts'
import { ReviewSession } from '../../review/session.ts'
import type { Given } from '../arguments/option.ts'
import type { REVIEW } from '../arguments/options-table.ts'
import { openCase } from '../services/case-ledgers.ts'
import { closeReview as closed } from '../services/close-review.ts'
import { noteHead } from '../services/heads.ts'
import { openInBrowser, requireOpener } from '../services/open-in-browser.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { openSight } from '../services/review-sight.ts'
import { verifiedLedgersWithLogs } from '../services/verified-logs.ts'
import { type Reviewed, reviewCase } from './review-case.ts'

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
  keepHeapSmall()
  if (isCaseFolder(path)) return reviewCase(path, given, reviewed)
  if (given.exhibitAt.length > 0)
    throw new UsageError('--exhibit-at is of a review of a case: of one ledger give --image or --exhibit.')
  const opened = await openCase([path], { heads: given.heads }, { whileWritten: 'verify', told: saySoFar })
  const ledger = opened[0]!
  let head = ''
  try {
    const { caseId } = ledger.case
    const also =
      given.gradedAlso.length === 0 ? [] : await verifiedLedgersWithLogs(given.gradedAlso, given.heads)
    return await reviewed(ledger, given, {
      scaleTables: scaleTablesOf(ledger, given.scaleTable),
      others: gradedOnOthers(
        also.filter((one) => !isCaseRoot(one)),
        { path, caseId, scale: given.scale },
      ),
      onHead: (newest) => {
        head = newest
      },
    })
  } finally {
    ledger.close()
    if (head !== '') {
      noteHead(path, head, given.heads)
      process.stderr.write(`custody head     ${head}\n`)
    }
  }
}

async function reviewed(
  ...[ledger, given, { scaleTables, sight, ...more }]: Parameters<Reviewed>
): Promise<number> {
  const page = readPageFiles()
  const { scale, keymap } = keysFor(given.keymap ?? NO_OWN_KEYS, scaleCalled(given.scale, scaleTables))
  const silent = actsWithoutKey(keymap, scale)
  if (silent.length > 0)
    process.stderr.write(
      `seized: warning: the scale ${scale.id} uses keys of the page for its categories, so these acts have none: ${silent.join(', ')}. --keymap gives them others.\n`,
    )
  const { pass, sample = null, category } = given
  const session = new ReviewSession(ledger, {
    operator: given.operator.trim(),
    account: osAccount(),
    scale,
    keymap,
    pass,
    sample,
    categories: category,
    ...more,
    pageSha256: digestOfPage(page),
  })
  try {
    const ending = given.tui
      ? await inTerminal(session, given)
      : await served(session, page, given, sight ?? openSight)
    process.stdout.write(`${endingSaid(ending)}\n`)
    return ending.problem === null ? EXIT.complete : EXIT.tryAgain
  } finally {
    session.release()
  }
}

/** The page says PARTIAL; this message tells the person why, and how to see more. */
function saySoFar(ledger: LedgerIdentity, { utc }: Snapshot): void {
  process.stderr.write(
    `${printText(ledger.path)} is being written: this review is of what it held at ${utc}, from a copy. Decisions go into its custody log and stand after the seal. Open the review again for what is found later.\n`,
  )
}

/** @throws UsageError without a terminal, and for options that the terminal does not support */
async function inTerminal(session: ReviewSession, given: Given<typeof REVIEW>): Promise<Ending> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    throw new UsageError('--tui needs a terminal.')
  if (given.language !== 'en')
    throw new UsageError('--language is of the page: in the terminal labels are English.')
  if (given.image !== undefined || given.exhibit !== undefined)
    throw new UsageError('--tui reveals nothing: leave out --image and --exhibit, or use the page.')
  const { reviewInTerminal } = await import('../../tui/review.tsx')
  const { rules, detail } = heldTo(given)
  session.open(detail)
  const acts = new Acts(session, rules.needs[given.pass] ?? null)
  const problem = await reviewInTerminal(session, acts, process.stdout)
  return closed({ how: problem === null ? 'ended' : 'over', problem }, session, null, {})
}

async function served(
  session: ReviewSession,
  page: ReturnType<typeof readPageFiles>,
  given: Given<typeof REVIEW>,
  sight: typeof openSight,
): Promise<Ending> {
  if (given.open) requireOpener()
  const opened = await sight(session, given)
  const { reveals, screens } = opened
  if (reveals) session.seen = () => reveals.seen
  const interrupt = pauseOnSignals()
  try {
    const { rules, detail } = heldTo(given)
    session.open(detail)
    const acts = new Acts(session, rules.needs[given.pass] ?? null)
    const server = await ReviewServer.start(
      { session, acts, reveals, screens },
      {
        page,
        silenceMs: SILENCE_MS,
        idleMs: given.idle === undefined ? IDLE_MS : given.idle * MINUTE_MS,
        pauseMs: given.pauseAfter * MINUTE_MS,
        language: given.language,
        fromFile: given.open,
      },
    )
    const file = given.open ? openInBrowser(server.url) : null
    interrupt.signal.addEventListener('abort', () => server.stop({ how: 'interrupted', problem: null }))
    try {
      process.stdout.write(
        `${plural(session.contents.length, 'content')} in this pass. Open once, in a browser without extensions:\n  ${server.url}\nWhoever opens this address first has the review. Ctrl-C ends it.\n`,
      )
      return closed(await server.ended, session, opened, server.refusals)
    } finally {
      file?.close()
      await server.close()
    }
  } finally {
    interrupt.dispose()
    await opened.close()
  }
}

/** The rules of the session, and the digest of its policy for the log. */
function heldTo({ policy = NO_POLICY }: Given<typeof REVIEW>) {
  const { rules, sha256 } = policy
  return { rules, detail: sha256 === null ? {} : { policySha256: sha256 } }
}

const ENDED: Readonly<Record<Ending['how'], string>> = {
  ended: 'The review was ended.',
  left: 'The page was left or loaded again: the review has ended. Start it again to go on.',
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
