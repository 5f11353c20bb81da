/** The models that a run uses, as its plan names them. */

import { MODELS_DIR } from '../base/version.ts'
import { modelUses } from '../classify/index.ts'
import { textModelUses } from '../classify-text/uses.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { Phase } from '../contracts/stage.ts'

export function modelsFor(phases: readonly Phase[], textBasis: string | null): readonly ModelUse[] {
  if (!phases.includes('unknown')) return []
  return [...modelUses(MODELS_DIR), ...(textBasis === null ? [] : textModelUses(MODELS_DIR))]
}
