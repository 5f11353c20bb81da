/**
 * What memory a child takes at its peak that looks at messenger pictures of which each calls the slow explicitness model: with
 * the screen, where that model is loaded only when a picture needs it, against `--exact`, where each of them needs it, and against
 * version 0.1.
 */
import { MODELS_DIR } from '../src/base/version.ts'
import { modelUses } from '../src/classify/index.ts'
import type { ModelUse } from '../src/contracts/case.ts'
import type { Examination } from '../src/contracts/finding.ts'
import { MESSENGER, photo } from './phone-pictures.ts'

/** Of what a child of version 0.1 took for the same pictures. */
const LIMIT = 0.65
/** Commit 1958933 on 2026-11-27: the median of five, 598 to 624. */
const VERSION_0_1_MB = 604
const EXPENSIVE = 'nsfwjs-inception-v3'
const SCREEN = 'nsfwjs-inception-v3-int8'

export interface Watched {
  readonly looks: readonly Examination[]
  readonly peakMb: number
}

export async function mediaMemory(
  pictures: number,
  watched: (uses: readonly ModelUse[], jpegs: readonly Buffer[]) => Promise<Watched>,
): Promise<void> {
  const jpegs: Buffer[] = []
  for (let seed = 1; seed <= pictures; seed++)
    jpegs.push(await (await photo(MESSENGER, seed, true)).jpeg({ quality: 80 }).toBuffer())
  const usual = await watched(modelUses(MODELS_DIR), jpegs)
  const clear = jpegs.filter((_, i) => asked(usual.looks[i]!, SCREEN) && !asked(usual.looks[i]!, EXPENSIVE))
  const [screened, exact] = [
    await watched(modelUses(MODELS_DIR), clear),
    await watched(modelUses(MODELS_DIR, { exact: true }), clear),
  ]
  const needed = exact.looks.filter((look) => asked(look, EXPENSIVE)).length
  console.log(
    `${clear.length} of ${pictures} drawn pictures are left to the screen; with --exact ${needed} of those call the slow model`,
  )
  const [ofExact, ofBefore] = [screened.peakMb / exact.peakMb, screened.peakMb / VERSION_0_1_MB]
  const judged =
    clear.length === 0
      ? 'nothing was measured'
      : `${ofExact.toFixed(2)}, of version 0.1 (${VERSION_0_1_MB} MB) ${ofBefore.toFixed(2)} (limit ${LIMIT}, ${ofBefore <= LIMIT ? 'met' : 'NOT met'})`
  console.log(
    `Peak memory of a child: ${screened.peakMb} MB with the screen, ${exact.peakMb} MB with --exact: ${judged}; ${usual.peakMb} MB where some of the ${pictures} need both`,
  )
}

function asked({ findings }: Examination, model: string): boolean {
  return findings.some((finding) => finding.kind === 'score' && finding.classifier === model)
}
