/** `seized case serve`: the review of a case for several persons, each named by a client certificate. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { keepHeapSmall } from '../../base/small-heap.ts'
import { eventBy } from '../../case/case-event.ts'
import { appendToCase } from '../../case/case-folder.ts'
import { AssignedContents } from '../../case/policy/assigned-contents.ts'
import { CaseProgress } from '../../case/serve/case-progress.ts'
import { CaseServer } from '../../case/serve/case-server.ts'
import { WhoKnows } from '../../case/serve/free-work.ts'
import { Leases } from '../../case/serve/leases.ts'
import { authorityOf } from '../../case/serve/listen-at.ts'
import { People } from '../../case/serve/people.ts'
import { Refusals } from '../../case/serve/refusals.ts'
import { Seats } from '../../case/serve/seats.ts'
import { digestsOf, readServerKeys, stampOf } from '../../case/serve/server-keys.ts'
import type { CustodyEventName } from '../../contracts/custody.ts'
import { pageWords } from '../../report/texts/page-words.ts'
import { scaleCalled } from '../../review/deciding.ts'
import { readPageFiles } from '../../review/page-files.ts'
import type { Ending } from '../../review/run-route.ts'
import { IDLE_MS, SILENCE_MS } from '../../review/server.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_SERVE } from '../arguments/options-table.ts'
import { openedCase } from '../services/case-folders.ts'
import { exhibitsAt, triedSecrets } from '../services/case-sight.ts'
import { type JoinedCase, withJoinedCase } from '../services/joined-case.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { policyOf, underPolicy } from '../services/policy-of-case.ts'
import { reviewsOfPersons } from '../services/served-review.ts'

const MINUTE_MS = 60_000
const RENEW_MS = 2000

export async function serve([folder]: readonly string[], given: Given<typeof CASE_SERVE>): Promise<number> {
  keepHeapSmall()
  const opened = openedCase(folder!, given.heads)
  if (opened.state.persons.size === 0)
    throw new UsageError(
      `Case ${printText(opened.state.caseNumber)} names no persons: seized case person names who may come, and in which role.`,
    )
  readServerKeys(given)
  underPolicy(given, policyOf(opened.state), 'peer')
  const atHand = exhibitsAt(given, opened.state)
  return withJoinedCase(resolve(folder!), opened, { ...given, heads: given.heads, atHand }, (joined) =>
    served(joined, given, atHand),
  )
}

async function served(
  joined: JoinedCase,
  given: Given<typeof CASE_SERVE>,
  atHand: ReadonlyMap<string, string>,
): Promise<number> {
  const { opened, ledgers, ofCase, onHead, scaleTables } = joined
  const { root } = ofCase
  const page = readPageFiles()
  const scale = scaleCalled(given.scale, scaleTables)
  const keys = readServerKeys(given)
  const secrets = await triedSecrets(ledgers, atHand, given)
  const people = new People(root)
  const terms = { size: given.lease, lastsMs: given.leaseMinutes * MINUTE_MS }
  const onExhibits = ledgers.map(({ path, case: { exhibitId } }) => ({ exhibit: exhibitId, path }))
  const leases = new Leases(terms, new WhoKnows(root), new AssignedContents(root, onExhibits))
  const times = {
    silenceMs: SILENCE_MS,
    idleMs: given.idle === undefined ? IDLE_MS : given.idle * MINUTE_MS,
  }
  const seats = new Seats(leases, times, ({ name }, { how, problem }) => {
    process.stderr.write(`${printText(name)}: ${how}${problem === null ? '' : ` (${printText(problem)})`}.\n`)
  })
  const countAlso = [...given.countAlso, ...ledgers.map(({ path }) => path)]
  const log = (event: CustodyEventName, operator: string | null, detail: Readonly<Record<string, string>>) =>
    onHead(appendToCase(root, [eventBy({ event, operator, detail })])[0]!.head)
  let progress: CaseProgress | null = null
  const refusals = new Refusals(root, onHead)
  const server = new CaseServer({
    page,
    people,
    refusals,
    seats,
    leases,
    open: reviewsOfPersons(joined, { ...given, countAlso }, { page, scale, atHand, secrets, people }),
    authorityOf: (port) => authorityOf(given.listen, given.name, port),
    pauseMs: given.pauseAfter * MINUTE_MS,
    language: given.language,
    board: (role) => {
      progress ??= new CaseProgress({
        ...{ ofCase, countAlso, scale: scale.id },
        ...{ people, seats, leases },
      })
      return progress.board(role)
    },
    greetBoard: ({ name }, role) => ({
      ...pageWords(given.language),
      at: 'board',
      caseId: opened.state.caseNumber,
      operator: name,
      isLead: role === 'lead',
    }),
    logReassigned: ({ name, certificate }, detail) =>
      log('work-reassigned', name, { ...detail, certificate }),
  })
  const interrupt = pauseOnSignals()
  let ending: Ending = { how: 'over', problem: null }
  try {
    await server.start(given.listen, keys)
    const { operator = null } = given
    log('case-served', operator, { at: server.url, scale: scale.id, ...digestsOf(keys) })
    const renewing = setInterval(renewal(server, given), RENEW_MS)
    interrupt.signal.addEventListener('abort', () => server.stop({ how: 'interrupted', problem: null }))
    process.stdout.write(
      `Served to the persons of the case, over TLS 1.3 with their certificates:\n  ${server.url}\nCtrl-C ends it.\n`,
    )
    ending = await server.ended
    clearInterval(renewing)
    await server.close(ending)
    refusals.flush(true)
    log('case-serving-ended', operator, { how: ending.how, ...refusals.totals })
  } finally {
    interrupt.dispose()
  }
  process.stdout.write(
    `The case is no longer served${ending.problem === null ? '' : ` (${printText(ending.problem)})`}. What was decided is in its log and in the custody logs of its ledgers.\n`,
  )
  return ending.problem === null ? EXIT.complete : EXIT.tryAgain
}

/** A new list of revoked certificates holds at once. Half a file is no list: it is read again when it is whole. */
function renewal(server: CaseServer, given: Given<typeof CASE_SERVE>): () => void {
  let stamp = stampOf(given.crl)
  return () => {
    const now = stampOf(given.crl)
    if (now === stamp || now === '') return
    try {
      server.renew(readServerKeys(given))
      stamp = now
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      process.stderr.write(`seized: warning: ${error.message}\n`)
    }
  }
}
