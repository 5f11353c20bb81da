/** `seized model train`: a head of the agency's own, from contents that it graded, in its own house. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { BACKBONE_IDS, type BackboneId } from '../../classify/backbone-ids.ts'
import { HEAD_FILE } from '../../classify/head-card.ts'
import { parseLabelled } from '../../learn/labelled.ts'
import type { Given } from '../arguments/option.ts'
import type { MODEL_TRAIN } from '../arguments/options-table.ts'
import { decidedLabels } from '../services/decided-labels.ts'
import { abandoned } from '../services/kept-features.ts'
import { readPassphrase } from '../services/passphrase.ts'
import { type Training, trainHead } from '../services/train-head.ts'

export async function train(_: readonly string[], given: Given<typeof MODEL_TRAIN>): Promise<number> {
  const { agency, examiner, basis, workers, allowUnconfined } = given
  const out = resolve(given.out)
  const id = basename(out)
  if (!/^own-[a-z0-9-]{1,60}$/.test(id))
    throw new UsageError('--out names the new model: own- and lower-case letters, digits and hyphens.')
  // Before an hour of work and not after it.
  if (existsSync(out)) throw new UsageError(`${out} exists already: give the new model another name.`)
  // A folder that was being written is no model, but it names the rows.
  for (const folder of abandoned(out, 'partial')) rmSync(folder, { recursive: true, force: true })
  if (given.exhibit.length === 0)
    throw new UsageError('model train needs --exhibit DIR: the folder that the graded contents lie below.')
  const rows = await rowsOf(given)
  const passphrase = await readPassphrase(given)
  const backbones = given.backbone.length === 0 ? DEFAULT_BACKBONES : given.backbone
  const { card, sealed, manifest } = await trainHead({
    id,
    agency,
    examiner,
    basis,
    ...rows,
    exhibits: given.exhibit,
    backbones: BACKBONE_IDS.filter((one) => backbones.includes(one)),
    workers,
    allowUnconfined,
    passphrase,
    out,
  })
  const text = `${JSON.stringify(card, null, 1)}\n`
  create(out, { [HEAD_FILE]: sealed, 'manifest.csv': manifest, 'card.json': Buffer.from(text) })
  process.stdout.write(text)
  return EXIT.complete
}

/** @throws UsageError without exactly one source of labels, and for a line that cannot be used */
async function rowsOf({
  labels,
  fromDecisions,
  positive,
  positiveList,
  heads,
}: Given<typeof MODEL_TRAIN>): Promise<Pick<Training, 'labelled' | 'mayMiss' | 'rowsOf'>> {
  if ((labels === undefined) === (fromDecisions.length === 0))
    throw new UsageError('model train takes --labels CSV or --from-decisions LEDGER, and not both.')
  if (labels !== undefined) {
    if (positive !== undefined || positiveList.length > 0)
      throw new UsageError('--positive and --positive-list say what decisions mean: --labels says it itself.')
    const labelled = parseLabelled(read(labels), labels)
    return { labelled, mayMiss: false, rowsOf: { from: 'labels', rows: labelled.length } }
  }
  if (positive === undefined)
    throw new UsageError('--from-decisions needs --positive SCALE:CATEGORIES, for example vics-us:1,2.')
  const { labelled, leftOut } = await decidedLabels(fromDecisions, positive, positiveList, heads)
  const from = { from: 'decisions', ...positive, lists: positiveList, rows: labelled.length, leftOut }
  return { labelled, mayMiss: true, rowsOf: from }
}

const DEFAULT_BACKBONES: readonly BackboneId[] = BACKBONE_IDS

/** The head may remember its rows, and the manifest names them: the folder is its owner's alone. */
function create(folder: string, files: Readonly<Record<string, Buffer>>): void {
  const partial = `${folder}.partial-${process.pid}`
  try {
    mkdirSync(partial, { mode: 0o700 })
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(partial, name), bytes, { flag: 'wx', mode: 0o600 })
    renameSync(partial, folder)
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true })
    throw new UsageError(`${folder} could not be written (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
}
