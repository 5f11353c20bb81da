/**
 * What a head of the agency's own costs a scan, in CPU time: pairs of the same look without and with a head, in one process,
 * by turns picture by picture, and what a scan pays once.
 *
 * `npm run bench -- own-model-cost exhibit=DIR`: `pictures=40`, `pairs=5`. The head has weights of zero: its work is that of any.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODELS_DIR } from '../src/base/version.ts'
import { BACKBONE_IDS } from '../src/classify/backbone-ids.ts'
import { featureOf, tappedRunner } from '../src/classify/backbones.ts'
import type { HeadCard, OpenHead } from '../src/classify/head-card.ts'
import { loadClassifiers } from '../src/classify/index.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { headOnnx } from '../src/learn/head-onnx.ts'
import { seal, unseal } from '../src/terms/sealed-file.ts'

/** Of a scan with a head, over one without. */
const LIMIT = 1.02

export async function run(args: string[]): Promise<void> {
  const option = (name: string) => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)
  const [pairs, most] = [Number(option('pairs') ?? 5), Number(option('pictures') ?? 40)]
  const head = emptyHead()
  await loadDecoders()
  const [without, with_] = [
    await loadClassifiers(MODELS_DIR),
    await loadClassifiers(MODELS_DIR, { heads: [head] }),
  ]
  const folder = option('exhibit') ?? '.'
  const files = readdirSync(folder).sort().slice(0, most)
  const looks = async (classifiers: typeof without, file: string) => {
    const started = process.cpuUsage()
    const decoded = await decodePicture(readFileSync(join(folder, file)), 'image/jpeg', { pixels: 1e8 })
    if (decoded.ok) await classifiers.classify(await toPixels(decoded.picture))
    return cpuMs(started)
  }
  // Sessions that are made at their first use are made before the first pair.
  for (const file of files.slice(0, 5)) for (const one of [without, with_]) await looks(one, file)
  const sums = { without: 0, with: 0 }
  // Other programs only add time: the least of all pairs is nearest to what a look takes.
  const least = files.map(() => ({ without: Number.POSITIVE_INFINITY, with: Number.POSITIVE_INFINITY }))
  for (let pair = 1; pair <= pairs; pair++) {
    const sum = { without: 0, with: 0 }
    for (const [n, file] of files.entries())
      for (const kind of n % 2 === pair % 2
        ? (['without', 'with'] as const)
        : (['with', 'without'] as const)) {
        const taken = await looks(kind === 'with' ? with_ : without, file)
        sum[kind] += taken
        least[n]![kind] = Math.min(least[n]![kind], taken)
      }
    sums.without += sum.without
    sums.with += sum.with
    const each = (of: number) => (of / files.length).toFixed(2)
    console.log(
      `pair ${pair}: ${each(sum.without)} ms a picture without, ${each(sum.with)} with: ${(sum.with / sum.without).toFixed(4)}`,
    )
  }
  const leastOf = (kind: 'without' | 'with') => least.reduce((sum, one) => sum + one[kind], 0)
  const ratio = leastOf('with') / leastOf('without')
  console.log(`all pairs together: ${(sums.with / sums.without).toFixed(4)}`)
  console.log(
    `least of each picture: ${(leastOf('without') / files.length).toFixed(2)} ms without, ${(leastOf('with') / files.length).toFixed(2)} with: ${ratio.toFixed(4)}; limit ${LIMIT}: ${ratio <= LIMIT ? 'held' : 'NOT held'}`,
  )
  const sealed = seal('head', Buffer.from(head.onnx, 'base64'), 'a passphrase of a bench')
  const opening = cpuOf(pairs, () => unseal('head', sealed, 'a passphrase of a bench'))
  const tapping = cpuOf(pairs, () =>
    BACKBONE_IDS.map((id) => tappedRunner(MODELS_DIR, featureOf(MODELS_DIR, id))),
  )
  console.log(
    `once a scan: ${opening.toFixed(0)} ms to open the head; once a decoder: at most ${tapping.toFixed(0)} ms for the changed models`,
  )
  const perPicture = sums.without / (pairs * files.length)
  const enough = (opening + tapping) / Math.max(0.001, (LIMIT - Math.max(1, ratio)) * perPicture)
  console.log(`with one decoder the whole stays within ${LIMIT} from ${Math.ceil(enough)} pictures on`)
}

function cpuMs(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}

/** Median. */
function cpuOf(times: number, work: () => unknown): number {
  const taken = Array.from({ length: times }, () => {
    const started = process.cpuUsage()
    work()
    return cpuMs(started)
  })
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)]!
}

function emptyHead(): OpenHead {
  const features = BACKBONE_IDS.map((id) => featureOf(MODELS_DIR, id))
  const onnx = headOnnx(new Float32Array(features.reduce((sum, { size }) => sum + size, 0)), 0)
  const digest = '0'.repeat(64)
  const card: HeadCard = {
    cardVersion: 1,
    role: 'head',
    id: 'own-bench',
    agency: 'bench',
    examiner: 'bench',
    basis: 'bench',
    sha256: createHash('sha256').update(onnx).digest('hex'),
    sealedSha256: digest,
    features,
    contents: 1,
    positives: 1,
    cases: 1,
    clusters: 1,
    manifestSha256: digest,
    leadPer10k: 5000,
    alertPer10k: null,
    recallPer10k: 0,
    recallLowPer10k: 0,
    recallHighPer10k: 0,
    measured: {},
    neverMeasured: [],
  }
  return { cardText: JSON.stringify(card), onnx: onnx.toString('base64') }
}
