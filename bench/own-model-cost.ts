/**
 * What a head of the agency's own costs a scan, in CPU time: pairs of the same look without and with a head, in one process,
 * by turns picture by picture, and what a scan pays once. Each kind has two sets of models: those of one kind differ by chance.
 *
 * `npm run bench -- own-model-cost exhibit=DIR`: `pictures=12`, `turns=20`. The head has weights of zero: its work is that of any.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODELS_DIR } from '../src/base/version.ts'
import { BACKBONE_IDS } from '../src/classify/backbone-ids.ts'
import { featureOf, tappedRunner } from '../src/classify/backbones.ts'
import type { HeadCard, OpenHead } from '../src/classify/head-card.ts'
import { headOnnx } from '../src/classify/head-onnx.ts'
import { type ImageClassifiers, loadClassifiers } from '../src/classify/index.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { seal, unseal } from '../src/terms/sealed-file.ts'

/** Of a scan with a head, over one without. */
const LIMIT = 1.02
const SETS: readonly string[] = ['without', 'with a head', 'without 2', 'with a head 2']

export async function run(args: string[]): Promise<void> {
  const option = (name: string) => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)
  const [turns, most] = [Number(option('turns') ?? 20), Number(option('pictures') ?? 12)]
  const head = emptyHead()
  await loadDecoders()
  const sets = new Map<string, ImageClassifiers>()
  for (const name of SETS)
    sets.set(name, await loadClassifiers(MODELS_DIR, name.startsWith('with ') ? { heads: [head] } : {}))
  const folder = option('exhibit') ?? '.'
  const files = readdirSync(folder).sort().slice(0, most)
  const look = async (name: string, file: string) => {
    const started = process.cpuUsage()
    const decoded = await decodePicture(readFileSync(join(folder, file)), 'image/jpeg', { pixels: 1e8 })
    if (decoded.ok) await sets.get(name)!.classify(await toPixels(decoded.picture))
    return cpuMs(started)
  }
  // Sessions that are made at their first use are made before the first turn.
  for (const file of files.slice(0, 5)) for (const name of SETS) await look(name, file)
  const sums = new Map(SETS.map((name) => [name, 0]))
  // Other programs only add time: the least of all turns is nearest to what a look takes.
  const least = new Map(SETS.map((name) => [name, files.map(() => Number.POSITIVE_INFINITY)]))
  for (let turn = 0; turn < turns; turn++)
    for (const [n, file] of files.entries())
      for (const k of SETS.keys()) {
        const name = SETS[(k + n + turn) % SETS.length]!
        const taken = await look(name, file)
        sums.set(name, sums.get(name)! + taken)
        least.get(name)![n] = Math.min(least.get(name)![n]!, taken)
      }
  const leastOf = (name: string) => least.get(name)!.reduce((sum, one) => sum + one, 0)
  for (const name of SETS)
    console.log(
      `${name.padEnd(16)} mean ${(sums.get(name)! / turns / files.length).toFixed(2)} ms a picture, least ${(leastOf(name) / files.length).toFixed(2)}`,
    )
  const ratioOf = (of: (name: string) => number) =>
    (of('with a head') + of('with a head 2')) / (of('without') + of('without 2'))
  const ratio = ratioOf((name) => sums.get(name)!)
  console.log(
    `ratio of the means ${ratio.toFixed(4)}, of the least ${ratioOf(leastOf).toFixed(4)}; limit ${LIMIT}: ${ratio <= LIMIT ? 'held' : 'NOT held'}`,
  )
  const sealed = seal('head', Buffer.from(head.onnx, 'base64'), 'a passphrase of a bench')
  const opening = cpuOf(5, () => unseal('head', sealed, 'a passphrase of a bench'))
  const tapping = cpuOf(5, () =>
    BACKBONE_IDS.map((id) => tappedRunner(MODELS_DIR, featureOf(MODELS_DIR, id))),
  )
  console.log(
    `once a scan: ${opening.toFixed(0)} ms to open the head; once a decoder: at most ${tapping.toFixed(0)} ms for the changed models`,
  )
  const perPicture = sums.get('without')! / (turns * files.length)
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
