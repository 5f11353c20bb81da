/** `seized resume`: continues a paused or interrupted ledger, on the same exhibit and with the same plan. */

import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { multipliesBytesExactly } from '../../classify/eight-bits.ts'
import { isScreened } from '../../classify/index.ts'
import type { Exhibit, Plan } from '../../contracts/case.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import type { RunInput } from '../../contracts/ledger.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { heldBefore } from '../../contracts/shared-looks.ts'
import { languagesIn } from '../../contracts/words-in-pictures.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { declarationOf } from '../../ledger/read/run-facts.ts'
import { resumeLedger } from '../../ledger/write/session.ts'
import { alternativesOf, loadHashSets, parseHashSetDeclaration } from '../../match/index.ts'
import { digestPartsAside } from '../../parts/index.ts'
import { makePlan, planDigest } from '../../plan.ts'
import { privilegeListOf } from '../../privilege/quarantine.ts'
import { requireTextIndexKept } from '../../search/text-index-file.ts'
import { mountNotes, mountWarnings } from '../../source/mount/remarks.ts'
import type { Given } from '../arguments/option.ts'
import type { RESUME } from '../arguments/options-table.ts'
import { createProgress } from '../progress/index.ts'
import { acceleratorOf, requireSameAccelerator, tryAccelerator } from '../services/accelerator.ts'
import { conduct } from '../services/conduct.ts'
import { requireSameFilesOpened } from '../services/files-opened-again.ts'
import { writtenSince, writtenText } from '../services/image-since.ts'
import { imageWarnings } from '../services/image-warnings.ts'
import { openedIn, requireSameOpened, secretsFor } from '../services/keys-again.ts'
import { listedHeaderHashes } from '../services/listed-header-hashes.ts'
import { lookHostsAt } from '../services/look-hosts.ts'
import { modelsFor } from '../services/models-for.ts'
import { allowedBy, openExhibit } from '../services/open-exhibit.ts'
import { reopenHeads } from '../services/own-heads.ts'
import { passphraseOnce } from '../services/passphrase.ts'
import { sameExhibit } from '../services/same-image.ts'
import { reopenScanTerms } from '../services/scan-terms.ts'
import { finishSealed, readSummary, sealIsRecorded } from '../services/sealed.ts'
import { tellOfLists } from '../services/telling.ts'
import { toolParts } from '../services/tool-info.ts'
import { requireSameMachine } from '../services/transcript-class.ts'

export async function resume([ledger]: readonly string[], given: Given<typeof RESUME>): Promise<number> {
  const path = resolve(ledger!)
  const { workers, progress } = given
  if (isSealed(path)) return finish(path, given)
  const before = readBefore(path, given)
  const accelerator = acceleratorOf(given.accelerator)
  requireSameAccelerator(before.plan.options.accelerator ?? null, accelerator)
  const secrets = secretsFor(before.plan, given.keys)
  const opened = await openExhibit(before.mount, allowedBy(given), undefined, secrets)
  requireSameOpened(before.opened, opened.locks)
  // Only the ledger contains the damage that an earlier verification of the image found.
  const exhibit = { ...opened.exhibit, ...(before.exhibit.image ? { image: before.exhibit.image } : {}) }
  requireSameExhibit(before.exhibit, opened.exhibit)
  const { allowUnconfined } = given
  await requireSameFilesOpened({ ledger: path, plan: before.plan, opened, secrets, allowUnconfined })
  const { limits, options: chosen } = before.plan
  const written = await writtenSince(opened.held, before.begun, limits.readStallMs)
  const readers = opened.startReaders(workers, limits, chosen.ed2k)
  const wall = opened.tryWall()
  const parts = digestPartsAside()
  const matcher = await loadHashSets(before.hashSets, {
    scaleTables: before.scaleTables,
    assumeSha256: true,
    alternatives: alternativesOf(before.plan.models),
    onProgress: tellOfLists(),
  })
  const passphrase = passphraseOnce(given)
  const files = {
    terms: given.terms ?? before.terms,
    pathModel: given.pathModel ?? before.pathModel,
  }
  const terms = await reopenScanTerms(before.plan, { ...given, ...files }, passphrase)
  const own = await reopenHeads(before.plan, passphrase)
  const { phases, models: planned } = before.plan
  if (isScreened(planned) && !multipliesBytesExactly())
    throw new UsageError(
      'The run began with a screen of eight bits, which this processor (without VNNI) would compute otherwise. Go on with it where it began, or begin anew.',
    )
  requireSameMachine(chosen, planned)
  const models = [
    ...modelsFor(phases, chosen.textBasis, !isScreened(planned), languagesIn(planned)),
    ...(terms?.models ?? []),
    ...own.models,
  ]
  requireSamePlan(before.plan, makePlan({ ...before.plan, hashSets: matcher.hashSets, models }))
  await tryAccelerator(before.plan, allowUnconfined)
  const beginnings = await listedHeaderHashes(chosen, before.hashSets, matcher.hashSets)
  const used = toolParts(await parts)
  const session = resumeLedger(path)
  session.recordStart({ kind: 'resumed', root: exhibit.root, inputs: [], parts: used })
  if (written.length > 0) session.recordEvent('image-changed', { files: written.join(', ') })
  return conduct({
    session,
    beginnings,
    case: before.case,
    exhibit,
    matcher,
    readers,
    wall,
    source: opened.source(),
    workers,
    lookHosts: await lookHostsAt(given.lookShards, opened, secrets, accelerator, {
      checkedPercent: given.lookShardsChecked,
      before: before.held,
    }),
    allowUnconfined,
    progress,
    heads: given.heads,
    privileged: before.privileged,
    secrets,
    terms: terms?.finder ?? null,
    ownHeads: own.heads,
    warnings: [
      ...imageWarnings(exhibit, before.imageState),
      ...(written.length > 0 ? [writtenText(written)] : []),
      ...mountWarnings(exhibit),
    ],
    notes: mountNotes(exhibit),
    verbose: given.verbose,
  })
}

function isSealed(path: string): boolean {
  const ledger = openLedger(path)
  try {
    return ledger.seal !== null
  } finally {
    ledger.close()
  }
}

async function finish(path: string, given: Given<typeof RESUME>): Promise<number> {
  const isDone = sealIsRecorded(path)
  if (isDone && given.ifSealed !== 'ok')
    throw new UsageError(
      `${path} is sealed: it is complete, and nothing can be added to it. (--if-sealed ok makes this no error.)`,
      { code: 'ledger-sealed' },
    )
  const summary = isDone ? await readSummary(path) : await finishSealed(path, given.heads)
  const progress = createProgress(given.progress, { stdout: process.stdout, stderr: process.stderr })
  progress.on(summary)
  await progress.close()
  return summary.exitCode
}

function readBefore(path: string, given: Given<typeof RESUME>) {
  const ledger: LedgerReader = openLedger(path)
  try {
    const started = ledger.starts()[0]
    // Only ledgers of earlier versions: today a ledger gets its name after the start is recorded in it.
    if (!started)
      throw new UsageError(`${path} stopped before the run began. Delete it and scan again.`, {
        code: 'ledger-not-begun',
      })
    requireKnownOptions(ledger.plan, path)
    if (ledger.plan.options.textBasis !== null) requireTextIndexKept(path, ledger)
    const filesOf = (role: RunInput['role']) => started.inputs.filter((input) => input.role === role)
    const fileOf = (role: RunInput['role']) => filesOf(role)[0]?.file
    return {
      case: ledger.case,
      exhibit: ledger.exhibit,
      imageState: ledger.exhibit.image ? recordedImageState(ledger) : null,
      plan: ledger.plan,
      begun: {
        beganUtc: ledger.events()[0]?.utc ?? '',
        hashes: ledger.imageHashes().filter(({ origin }) => origin === 'computed'),
      },
      opened: openedIn(ledger),
      privileged: privilegeListOf(ledger),
      mount: given.mount ?? started.root,
      held: heldBefore(ledger),
      terms: fileOf('terms'),
      pathModel: fileOf('path-model'),
      hashSets:
        given.hashset.length > 0
          ? given.hashset.map(parseHashSetDeclaration)
          : filesOf('hash-set').map(declarationOf),
      scaleTables:
        given.scaleTable.length > 0 ? given.scaleTable : filesOf('scale-table').map(({ file }) => file),
    }
  } finally {
    ledger.close()
  }
}

function requireSameExhibit(before: Exhibit, now: Exhibit): void {
  if (sameExhibit(before, now)) return
  throw new UsageError(
    `This is another exhibit: the ledger was begun on ${describe(before)}, mounted now is ${describe(now)}. Mount the first one, or scan into a new ledger.`,
    { code: 'exhibit-differs' },
  )
}

/** Without the option the rest would be analysed otherwise than the plan of the ledger states. */
function requireKnownOptions({ options }: Plan, path: string): void {
  if (!options.shareLooks) return
  throw new UsageError(
    `${path} was begun with --share-looks, which this version no longer has. Finish it with the installation that began it, or scan into a new ledger.`,
    { code: 'option-gone' },
  )
}

function requireSamePlan(before: Plan, now: Plan): void {
  if (planDigest(before) === planDigest(now)) return
  throw new UsageError(
    `The plan is not the same: begun with ${planDigest(before)}, now ${planDigest(now)}. Lists, models, limits and scope must be what they were (${differences(before, now)}). Restore them, or scan into a new ledger.`,
    { code: 'plan-differs' },
  )
}

function describe(exhibit: Exhibit): string {
  if (exhibit.image)
    return `${exhibit.image.segments[0]?.name ?? 'an image'} (${exhibit.image.format}, ${exhibit.image.sizeBytes} bytes)`
  return `${exhibit.fileSystem} ${exhibit.uuid ?? 'without UUID'}, root inode ${exhibit.rootInode}`
}

function differences(before: Plan, now: Plan): string {
  const keys = (Object.keys(before) as (keyof Plan)[]).filter(
    (key) => planDigest({ ...now, [key]: before[key] }) !== planDigest(now),
  )
  return `different: ${keys.join(', ')}`
}
