/**
 * The models of a run, as its plan names them. Prefilter models are left out with `exact`, and where the processor
 * cannot reproduce the common results.
 */

import { MODELS_DIR } from '../../base/version.ts'
import type { CheckOnce } from '../../classify/check-once.ts'
import { multipliesBytesExactly } from '../../classify/eight-bits.ts'
import { hasherUses, modelUses } from '../../classify/index.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { Phase } from '../../contracts/stage.ts'
import { CheckedFiles } from '../../parts/checked-files.ts'

export function modelsFor(
  phases: readonly Phase[],
  textBasis: string | null,
  exact: boolean,
  languages: readonly string[] = [],
): readonly ModelUse[] {
  if (!phases.includes('unknown')) return []
  const checked = new CheckedFiles()
  const once: CheckOnce = (...check) => checked.once(...check)
  const models = [
    ...modelUses(MODELS_DIR, { exact: exact || !multipliesBytesExactly() }, once),
    ...hasherUses(MODELS_DIR),
    ...(textBasis === null ? [] : textModelUses(MODELS_DIR, languages, once)),
  ]
  checked.save()
  return models
}
