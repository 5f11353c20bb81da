/** Wires the `look` operation: decoders of extract/, the hash of hash/, the classifiers of classify/. */
import { loadPlanned } from '../classify/index.ts'
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
  const models = (config as LookConfig | undefined)?.models ?? []
  const look = await prepareLook({
    pdq: pdqFromRgb,
    classify: models.length === 0 ? null : (await loadPlanned(models, MODELS_DIR)).classify,
  })
  return async ({ header, bytes, fd }) => {
    const { reply, cells } = await look(header as LookHeader, bytes, fd)
    return { header: reply, bytes: cells }
  }
}
