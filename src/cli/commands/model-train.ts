/** `seized model train`: a head of the agency's own, from contents that it graded, in its own house. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { BACKBONE_IDS, type BackboneId } from '../../classify/backbones.ts'
import { HEAD_FILE } from '../../classify/head-card.ts'
import { parseLabelled } from '../../learn/labelled.ts'
import type { Given } from '../arguments/option.ts'
import type { MODEL_TRAIN } from '../arguments/options-table.ts'
import { readPassphrase } from '../services/passphrase.ts'
import { trainHead } from '../services/train-head.ts'

export async function train(_: readonly string[], given: Given<typeof MODEL_TRAIN>): Promise<number> {
  const { agency, examiner, basis, workers, allowUnconfined } = given
  const out = resolve(given.out)
  const id = basename(out)
  if (!/^own-[a-z0-9-]{1,60}$/.test(id))
    throw new UsageError('--out names the new model: own- and lower-case letters, digits and hyphens.')
  if (given.exhibit.length === 0)
    throw new UsageError('model train needs --exhibit DIR: the folder that the graded contents lie below.')
  const labelled = parseLabelled(read(given.labels), given.labels)
  const passphrase = await readPassphrase(given)
  const backbones = given.backbone.length === 0 ? DEFAULT_BACKBONES : given.backbone
  const { card, sealed, manifest } = await trainHead({
    id,
    agency,
    examiner,
    basis,
    labelled,
    exhibits: given.exhibit,
    backbones: BACKBONE_IDS.filter((one) => backbones.includes(one)),
    workers,
    allowUnconfined,
    passphrase,
  })
  const text = `${JSON.stringify(card, null, 1)}\n`
  create(out, { [HEAD_FILE]: sealed, 'manifest.csv': manifest, 'card.json': Buffer.from(text) })
  process.stdout.write(text)
  return EXIT.complete
}

const DEFAULT_BACKBONES: readonly BackboneId[] = BACKBONE_IDS

/** The head may remember its rows, and the manifest names them: the folder is its owner's alone. */
function create(folder: string, files: Readonly<Record<string, Buffer>>): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(folder, name), bytes, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
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
