/** Heads of the agency for a scan: opened by the passphrase in the main process, handed to the children, in no file. */
import { UsageError } from '../../base/errors.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { requireBackbones } from '../../classify/backbones.ts'
import { headUse, type OpenHead } from '../../classify/head-card.ts'
import { readHead } from '../../classify/heads.ts'
import type { ModelUse, Plan } from '../../contracts/case.ts'
import type { Phase } from '../../contracts/stage.ts'
import { unseal } from '../../terms/sealed-file.ts'

export interface ScanHeads {
  /** Part of the plan. */
  readonly models: readonly ModelUse[]
  readonly heads: readonly OpenHead[]
}

export const NO_HEADS: ScanHeads = { models: [], heads: [] }

/** @throws UsageError when a head is not installed, was changed, or the passphrase is another */
export async function openHeads(
  ids: readonly string[],
  phases: readonly Phase[],
  passphrase: () => Promise<string>,
): Promise<ScanHeads> {
  if (ids.length === 0) return NO_HEADS
  if (!phases.includes('unknown'))
    throw new UsageError('--model scores pictures in the phase unknown: this scan leaves it out.')
  const words = await passphrase()
  const opened = [...new Set(ids)].sort().map((id) => {
    const { cardText, card, sealed } = readHead(MODELS_DIR, id)
    requireBackbones(MODELS_DIR, card.features)
    const onnx = unseal('head', sealed, words).toString('base64')
    return { use: headUse(card, cardText), head: { cardText, onnx } }
  })
  return { models: opened.map(({ use }) => use), heads: opened.map(({ head }) => head) }
}

/** The heads that a plan names, for a resumed run. The plan's own comparison then finds another edition of one. */
export function reopenHeads(plan: Plan, passphrase: () => Promise<string>): Promise<ScanHeads> {
  const ids = plan.models.flatMap(({ id, own }) => (own ? [id] : []))
  return openHeads(ids, plan.phases, passphrase)
}
