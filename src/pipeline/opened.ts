/**
 * Stage `opened`: container expansion. Containers yield derived entries, with hash lookup like any file.
 *
 * It works level by level: all containers of one depth are opened before deeper ones. Containers in one top-level file
 * are opened together in one pass. So the result does not depend on the number of workers or on interruptions.
 */

import { depthOf, listedPath, printPath } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Inside } from '../contracts/progress.ts'
import { notDone, type StageResult } from '../contracts/stage.ts'
import { budgetOf } from '../host/decoder/open-request.ts'
import { SIGNAL_DATABASE } from '../media-types/signal-files.ts'
import { planDigest } from '../plan.ts'
import { withPlace } from '../source/locked-places.ts'
import { isLent } from '../wire/passed-content.ts'
import { companionsInside } from './beside.ts'
import { lacksBeside } from './companion-files.ts'
import { type Asked, openAndCheck } from './digest-verification.ts'
import { lockFindings, SecretUses } from './file-locks.ts'
import type { ContentReader, Parts, PipelineStep, Unfolder } from './parts.ts'
import { Meter, namedBy, quarantined, type Run, untilPaused } from './run.ts'
import { outerOf } from './top-level.ts'

const PAGE_CONTENTS = 512

export const opened: PipelineStep = { phase: 'known', stages: ['opened'], run: openAllContainers }

async function openAllContainers(run: Run, parts: Parts): Promise<void> {
  if (!run.session.plan.options.open) return
  const { readers, match } = parts
  const meter = new Meter(run, 'known')
  const seed = planDigest(run.session.plan)
  const tell = (inside?: Inside) => {
    const { read, files, bytesRead, bytes } = run.session.counts
    meter.update({ entries: read, entriesTotal: files, bytes: bytesRead, bytesTotal: bytes, inside })
  }
  const uses = new SecretUses()
  for (;;) {
    const page = run.session.pendingContents('opened', null, PAGE_CONTENTS)
    if (page.length === 0 || run.signal.aborted) return uses.tell(run)
    const { children } = parts
    const depth = depthOf(page[0]!.path)
    const level = page.filter((content) => depthOf(content.path) === depth)
    const kept = level.filter((content) => quarantined(run, content))
    if (kept.length > 0) refuse(run, kept, notDone('privileged'))
    const groups = byOuter(level.filter((content) => !kept.includes(content)))
    for (let at = 0; at < groups.length && !run.signal.aborted; at += run.workers)
      await untilPaused(
        run,
        Promise.all(
          groups
            .slice(at, at + run.workers)
            .map((group) => openGroup(run, readers, children, { match, seed, tell, uses }, group)),
        ),
      )
    tell()
  }
}

function byOuter(contents: readonly PendingContent[]): PendingContent[][] {
  const groups = new Map<string, PendingContent[]>()
  for (const content of contents) {
    const outer = listedPath(content.path).bytes.toString('latin1')
    groups.set(outer, [...(groups.get(outer) ?? []), content])
  }
  return [...groups.values()]
}

async function openGroup(
  run: Run,
  readers: ContentReader,
  children: Unfolder,
  {
    tell,
    uses,
    ...asked
  }: Omit<Asked, 'gained'> & { readonly tell: (inside: Inside) => void; readonly uses: SecretUses },
  group: readonly PendingContent[],
): Promise<void> {
  const { session } = run
  const { limits } = session.plan
  const tooDeep = depthOf(group[0]!.path) > limits.containerDepth
  if (tooDeep)
    return refuse(
      run,
      group,
      notDone('over-container-limit', { code: 'over-depth', params: { limit: limits.containerDepth } }),
    )
  const outer = await outerOf(run, readers, group[0]!)
  if ('result' in outer) return refuse(run, group, outer)
  const budget = budgetOf(limits, session.derivedUsage(outer.path, depthOf(group[0]!.path)))
  const path = printPath(outer.path)
  const opening = openAndCheck(
    children,
    outer,
    group.map(({ path, content }) => ({ path, budget, packedBytes: Number(content.sizeBytes) })),
    { ...asked, gained: (members) => tell({ path, members }) },
  )
  const changed = await opening.then(outer.release, outer.release)
  const answers = await opening
  if (changed) return refuse(run, group, changed)
  const findings = isLent(outer.source) ? [IN_PLACE] : []
  const byPath = new Map(answers.map((answer) => [answer.opened.target.path, answer]))
  for (const parent of group) {
    const { opened, matches } = byPath.get(parent.path)!
    const { members, appendedAt } = opened
    const laidOver = depthOf(parent.path) === 1 ? (outer.beside ?? []) : companionsInside(run, parent.path)
    const result = lacksBeside(run, parent, laidOver, opened.result)
    const derived = members.map(({ entry, outcome, isDeleted }, i) => ({
      entry,
      outcome: withPlace(entry.path, outcome),
      match: matches[i]!,
      named: [...namedBy(run, entry.path), ...(isDeleted ? [DELETED_ROW] : [])],
    }))
    const locked = isLockedSignal(parent, result) ? [LOCKED_SIGNAL] : []
    uses.see(opened)
    const locks = lockFindings(parent, opened, result)
    session.recordOpened(parent, derived, {
      stage: 'opened',
      result,
      findings: [
        ...findings,
        ...locked,
        ...locks,
        ...(appendedAt === undefined ? [] : [appended(parent, appendedAt)]),
      ],
      preview: null,
    })
    for (const { entry, match } of derived)
      for (const hit of match?.hits ?? [])
        if (hit.meaning !== 'known') run.emit({ event: 'hit', path: entry.path, hit })
  }
}

const DELETED_ROW: Attribute = attribute('deleted-row', {})
const LOCKED_SIGNAL: Attribute = attribute('locked-store', { program: 'signal-database', form: 'database' })

/** The key of the Signal database is missing or wrong. */
function isLockedSignal({ content }: PendingContent, { result, ...of }: StageResult): boolean {
  return (
    content.mediaType === SIGNAL_DATABASE &&
    result === 'not-done' &&
    'reason' in of &&
    of.reason === 'encrypted'
  )
}

/** Attribute of a container that was too large for memory. */
const IN_PLACE: Attribute = attribute('opened-in-place', {})

function appended({ content }: PendingContent, at: number): Attribute {
  return attribute('appended-archive', { offset: at, mediaType: content.mediaType })
}

function refuse(run: Run, group: readonly PendingContent[], result: StageResult): void {
  run.session.recordExaminations(
    group.map(({ contentId }) => ({
      contentId,
      examination: { stage: 'opened', result, findings: [], preview: null },
    })),
  )
}
