/** Wires the `look` operation: decoders of extract/, the hash of hash/, the classifiers of classify/. */
import { loadClassifiers } from '../classify/index.ts'
import type { ModelUse } from '../contracts.ts'
import { prepareLook } from '../extract/look.ts'
import type { LookHeader } from '../extract/look-request.ts'
import { pdqFromRgb } from '../hash/pdq.ts'
import { MODELS_DIR } from '../version.ts'
import type { OpRun } from './ops.ts'

export interface LookConfig {
  /** The models of the plan; none when left out. */
  readonly models: readonly ModelUse[]
}

export async function prepareLookOp(config: unknown): Promise<OpRun> {
  const look = await prepareLook({
    pdq: pdqFromRgb,
    classify: await classifierOf((config as LookConfig | undefined)?.models ?? []),
  })
  return async ({ header, bytes }) => {
    const { reply, cells } = await look(header as LookHeader, bytes)
    return { header: reply, bytes: cells }
  }
}

/** Exactly the models and thresholds that the plan records: a child with others would give other leads. */
async function classifierOf(models: readonly ModelUse[]) {
  if (models.length === 0) return null
  const { uses, classify } = await loadClassifiers(MODELS_DIR, { only: models.map(({ id }) => id) })
  const other = models.find((model) => !uses.some((use) => sameUse(use, model)))
  if (other)
    throw new Error(`the model ${other.id} is not the one that the plan names, or its thresholds changed`)
  return classify
}

function sameUse(a: ModelUse, b: ModelUse): boolean {
  const sorted = (use: ModelUse) => JSON.stringify(Object.entries(use.thresholds).sort())
  return a.id === b.id && a.sha256 === b.sha256 && sorted(a) === sorted(b)
}
