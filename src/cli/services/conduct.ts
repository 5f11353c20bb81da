/**
 * Conducts a run for `scan` and `resume`: opens the parts, runs the pipeline, seals, prints the summary.
 *
 * The first Ctrl-C pauses after the current batch; a second one ends at once. The ledger stays resumable either way.
 */

import { InstallationBroken } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { keepHeapSmall } from '../../base/small-heap.ts'
import type { OpenHead } from '../../classify/head-card.ts'
import type { CaseInfo, Exhibit, ModelUse } from '../../contracts/case.ts'
import type { ListedHeaderHashes } from '../../contracts/hash-set.ts'
import { lacksLists } from '../../contracts/incomplete.ts'
import { CHILD_CANNOT_START, INSTALLATION_BROKEN } from '../../contracts/installation.ts'
import type { ConfinementTrial } from '../../contracts/ledger.ts'
import type { Secret } from '../../contracts/lock.ts'
import type { Session } from '../../contracts/session.ts'
import { isStageAsked } from '../../contracts/stage.ts'
import { inspectedKinds } from '../../host/confine/inspect.ts'
import { ChildStartFailed } from '../../host/decoder/child-starter.ts'
import { ChildPool, type DecoderKind } from '../../host/decoder/pool.ts'
import type { ReaderPool } from '../../host/reader/reader-pool.ts'
import { type ExactMatcher, falseMatchStatement, makeNearFinder } from '../../match/index.ts'
import { examine } from '../../pipeline/examine.ts'
import type { LookHosts, Parts } from '../../pipeline/parts.ts'
import type { Run } from '../../pipeline/run.ts'
import { planDigest } from '../../plan.ts'
import type { PrivilegeList } from '../../privilege/privilege-list.ts'
import { sayOfImage } from '../../report/model/image-words.ts'
import { TextIndexWriter } from '../../search/text-index.ts'
import { textIndexPath } from '../../search/text-index-file.ts'
import type { Source } from '../../source/source.ts'
import type { TermFinder } from '../../terms/term-finder.ts'
import type { ProgressKind } from '../arguments/options.ts'
import { createProgress } from '../progress/index.ts'
import { newestSeenUtc, noteHead } from './heads.ts'
import { installationOr } from './installation.ts'
import { listNotes, listWarnings } from './list-remarks.ts'
import { pauseOnSignals } from './pause.ts'
import { recordTextIndex, sealedSummary } from './sealed.ts'
import { textWarning } from './text-options.ts'
import { withheldFrom } from './withheld-looks.ts'

export interface Conduct {
  readonly session: Session
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly matcher: ExactMatcher
  /** Both were started before the lists were loaded, so that they are ready in time; this function closes them. */
  readonly readers: ReaderPool
  readonly source: Source
  /** What holds of the confinement of those that list, walk and read, in words for the ledger. */
  readonly wall: Promise<Readonly<Record<string, string>>>
  readonly workers: number
  /** Hosts that analyse contents for this run; null: none; `keys`: none, because keys were given. */
  readonly lookHosts: Omit<LookHosts, 'looked'> | 'keys' | null
  /** Continue where decoding processes cannot be confined from files. */
  readonly allowUnconfined: boolean
  readonly progress: ProgressKind
  readonly privileged: PrivilegeList | null
  /** Of the keys file; empty: none. */
  readonly secrets: readonly Secret[]
  readonly terms: TermFinder | null
  /** Heads of the agency that the plan names. */
  readonly ownHeads: readonly OpenHead[]
  readonly beginnings: ListedHeaderHashes | null
  readonly warnings: readonly string[]
  /** Facts for the record, which need no action of a person. */
  readonly notes: readonly string[]
  /** `--verbose`: notes are printed in full. */
  readonly verbose: boolean
  /** `--heads`: location of the journal of heads. */
  readonly heads: string | undefined
}

const SEALED_ALREADY =
  'The ledger is sealed already: the run ends by itself once its file is hashed and the custody log is written.'

/** Words for a developer: no installed program stops a process for a debugger. */
const INSPECTED = 'Processes stop for a debugger and are not confined (SEIZED_INSPECT): the ledger says so.'

export async function conduct(given: Conduct): Promise<number> {
  const { session, exhibit, matcher, readers, source } = given
  keepHeapSmall()
  const newestSeen = newestSeenUtc(given.heads)
  const progress = createProgress(
    given.progress,
    { stdout: process.stdout, stderr: process.stderr },
    given.verbose,
  )
  const interrupt = pauseOnSignals()
  let isPaused = false
  const children = new ChildPool({
    workers: given.workers,
    plan: session.plan,
    allowUnconfined: given.allowUnconfined,
    privileged: given.privileged?.senders ?? null,
    secrets: given.secrets,
    heads: given.ownHeads,
    feeding: () => readers.startFeeder(),
    confined: (kind, held) => {
      // A child that was still starting when the run paused gets no job.
      if (isPaused) return
      session.recordEvent('children-started', held)
      session.recordConfinement(trialsOf(kind, held))
    },
  })
  let textIndex: TextIndexWriter | null = null
  let brokenAt: string | null = null
  const near = session.plan.phases.includes('unknown')
    ? makeNearFinder(matcher.pdqRecords(), matcher.hasherRecords(session.plan.models))
    : null
  const withheld = withheldFrom(given.lookHosts, given.ownHeads.length)
  const parts: Parts = {
    readers,
    match: (content) => matcher.match(content.digests, content.sizeBytes),
    near: near && ((hashes) => near.find(hashes)),
    named: (digests, sizeBytes) => matcher.matchNamed(digests, sizeBytes),
    children,
    lookHosts:
      given.lookHosts !== null && given.lookHosts !== 'keys' && withheld === null
        ? { ...given.lookHosts, looked: (header, cells) => children.lookedElsewhere(header, cells) }
        : null,
    textIndex: () => {
      textIndex ??= new TextIndexWriter(textIndexPath(session.path))
      return textIndex
    },
  }
  if (inspectedKinds.length > 0)
    session.recordEvent('processes-inspected', { kinds: inspectedKinds.join(', ') })
  try {
    progress.on({
      event: 'started',
      case: given.case,
      ledger: session.path,
      planDigest: planDigest(session.plan),
    })
    const warnings = [
      ...(lacksLists(session.plan) ? [sayOfImage('incomplete-no-list')] : []),
      ...(inspectedKinds.length > 0 ? [INSPECTED] : []),
      ...given.warnings,
      ...listWarnings(matcher.hashSets),
      ...hashersWithoutList(session.plan.models, matcher),
    ]
    if (withheld !== null) session.recordEvent('look-shards-withheld', { why: withheld })
    const notes = [
      ...given.notes,
      ...listNotes(matcher.hashSets),
      ...(withheld === null ? [] : [withheld]),
      ...(near && near.records > 0
        ? [falseMatchStatement(near.records, session.plan.options.orientations ? 8 : 1)]
        : []),
    ]
    for (const message of warnings) progress.on({ event: 'warning', message })
    for (const message of notes) progress.on({ event: 'note', message })
    const { textBasis } = session.plan.options
    if (textBasis !== null) progress.on({ event: 'warning', message: textSaid(session, textBasis) })
    const run: Run = {
      session,
      exhibit,
      workers: given.workers,
      newestSeen,
      source,
      emit: (event) => {
        // The ledger was closed in the same turn.
        if (event.event === 'paused') isPaused = true
        progress.on(event)
      },
      privileged: given.privileged,
      terms: given.terms,
      beginnings: given.beginnings,
      signal: interrupt.signal,
    }
    session.recordConfinement(trialsOf(exhibit.image ? 'image' : 'mount', await given.wall))
    const ending = await examine(run, parts)
    if (ending.kind === 'paused') {
      noteHead(session.path, session.chainHead, given.heads)
      return EXIT.interrupted
    }
    // The ledger is sealed, so a run can no longer be paused; the message tells the person.
    interrupt.signal.addEventListener('abort', () =>
      progress.on({ event: 'warning', message: SEALED_ALREADY }),
    )
    if (textIndex) await recordTextIndex(session.path, textIndex, given.heads)
    const summary = await sealedSummary(session.path, given.heads)
    progress.on(summary)
    return summary.exitCode
  } catch (error) {
    const cause = await installationOr(error)
    if (cause instanceof InstallationBroken || cause instanceof ChildStartFailed) {
      // The ledger records this first; resume continues after the installation is repaired.
      const event = cause instanceof InstallationBroken ? INSTALLATION_BROKEN : CHILD_CANNOT_START
      session.recordEvent(event, { process: cause.process, said: cause.said })
      brokenAt = session.chainHead
    }
    throw cause
  } finally {
    await progress.close()
    if (textIndex && (given.progress === 'lines' || given.progress === 'tui'))
      process.stdout.write(`${textSaid(session, session.plan.options.textBasis ?? '')}\n`)
    source.end()
    await readers.close()
    ;(textIndex as TextIndexWriter | null)?.close()
    await children.close()
    if (brokenAt !== null) {
      session.close()
      noteHead(session.path, brokenAt, given.heads)
    }
    matcher.close()
    interrupt.dispose()
  }
}

function textSaid({ path, plan }: Session, basis: string): string {
  return textWarning(basis, path, isStageAsked('text-read', plan))
}

function hashersWithoutList(models: readonly ModelUse[], matcher: ExactMatcher): string[] {
  const listed = new Set(matcher.hasherRecords(models).map(({ hasher }) => hasher.id))
  return models.flatMap(({ id, hasher }) =>
    hasher === undefined || listed.has(id)
      ? []
      : [
          `The agency's hasher ${id} is compared with nothing: no list holds hashes named ${hasher.listField}.`,
        ],
  )
}

/** Confinement tests of one process, one row each. @param child what a decoder decodes, or the kind of exhibit that a process reads */
function trialsOf(
  child: DecoderKind | 'image' | 'mount',
  confinement: Readonly<Record<string, string>>,
): ConfinementTrial[] {
  return Object.entries(confinement)
    .filter(([attempt]) => attempt !== 'succeeded' && attempt !== 'missing')
    .map(([attempt, detail]) => ({ child, attempt, held: detail.startsWith('yes'), detail }))
}
