/**
 * The models that a run uses, as its plan names them. No screen is among them with `exact`, nor where the processor
 * cannot compute it as everywhere else.
 */

import { MODELS_DIR } from '../../base/version.ts'
import { multipliesBytesExactly } from '../../classify/eight-bits.ts'
import { modelUses } from '../../classify/index.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { Phase } from '../../contracts/stage.ts'

export function modelsFor(
  phases: readonly Phase[],
  textBasis: string | null,
  exact: boolean,
): readonly ModelUse[] {
  if (!phases.includes('unknown')) return []
  return [
    ...modelUses(MODELS_DIR, { exact: exact || !multipliesBytesExactly() }),
    ...(textBasis === null ? [] : textModelUses(MODELS_DIR)),
  ]
}
