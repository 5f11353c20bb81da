/**
 * What memory a child takes at its peak that looks at messenger pictures of which each calls the slow explicitness model: with
 * the screen, where that model is loaded only when a picture needs it, against `--exact`, where each of them needs it.
 */
import { MODELS_DIR } from '../src/base/version.ts'
import { modelUses } from '../src/classify/index.ts'
import type { ModelUse } from '../src/contracts/case.ts'
import type { Examination } from '../src/contracts/finding.ts'
import { MESSENGER, photo } from './phone-pictures.ts'

/** Of the memory with `--exact`. */
const LIMIT = 0.65
const DEAR = 'nsfwjs-inception-v3'
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
  const clear = jpegs.filter((_, i) => asked(usual.looks[i]!, SCREEN) && !asked(usual.looks[i]!, DEAR))
  const [screened, exact] = [
    await watched(modelUses(MODELS_DIR), clear),
    await watched(modelUses(MODELS_DIR, { exact: true }), clear),
  ]
  const needed = exact.looks.filter((look) => asked(look, DEAR)).length
  console.log(
    `${clear.length} of ${pictures} drawn pictures are left to the screen; with --exact ${needed} of those call the slow model`,
  )
  const ratio = screened.peakMb / exact.peakMb
  const judged =
    clear.length === 0
      ? 'nothing was measured'
      : `${ratio.toFixed(2)} (limit ${LIMIT}, ${ratio <= LIMIT ? 'met' : 'NOT met'})`
  console.log(
    `Peak memory of a child: ${screened.peakMb} MB with the screen, ${exact.peakMb} MB with --exact: ${judged}; ${usual.peakMb} MB where some of the ${pictures} need both`,
  )
}

function asked({ findings }: Examination, model: string): boolean {
  return findings.some((finding) => finding.kind === 'score' && finding.classifier === model)
}
