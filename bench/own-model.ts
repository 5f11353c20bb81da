/**
 * A head of the agency's own on neutral pictures: recall at 1 % and 0.1 % false positives with so many positives, by backbone,
 * beside colours alone and beside the trap of a split without series.
 *
 * `npm run bench -- own-model labels=CSV exhibit=DIR`: columns path, label, case. `sizes=50,200,1000`, `cache=FILE` keeps the
 * features of the set, `only=both` one choice of backbones. Figures are of pictures whose case was kept out of the training.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { MODELS_DIR } from '../src/base/version.ts'
import { BACKBONE_IDS, BACKBONES } from '../src/classify/backbone-ids.ts'
import { featureOf } from '../src/classify/backbones.ts'
import { gather } from '../src/cli/services/train-head.ts'
import { groupsOf } from '../src/learn/groups.ts'
import { heldOut, type Problem, scored } from '../src/learn/held-out.ts'
import { parseLabelled } from '../src/learn/labelled.ts'
import { areaOf, atRate } from '../src/learn/measures.ts'
import type { TrainingRow } from '../src/learn/rows.ts'
import { COLOURS } from '../src/wire/learn.ts'

const RATES = [0.01, 0.001]

export async function run(args: string[]): Promise<void> {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const { rows, values, width } = await setOf(option('labels'), option('exhibit'), option('cache'))
  const positive = Uint8Array.from(rows, (row) => (row.positive ? 1 : 0))
  const positives = positive.reduce((sum, one) => sum + one, 0)
  const groups = groupsOf(rows)
  console.log(
    `${rows.length} pictures, ${positives} positive; ${groups.clusters} clusters, ${groups.count} groups that no split divides`,
  )
  const first = BACKBONES['nsfwjs-mobilenet-v2'].size
  const [from, to] = [0, width - COLOURS]
  const columns: Readonly<Record<string, readonly [number, number]>> = {
    'mobilenet-v2': [from, first],
    'mobilenet-v2-mid': [first, to],
    both: [from, to],
    'colours alone': [to, width],
  }
  const problemOf = ([from, to]: readonly [number, number], group = groups.of): Problem => ({
    rows,
    positive,
    group,
    matrix: { values, width, from, to },
  })
  const sizes = option('sizes').split(',').filter(Boolean).map(Number)
  for (const [name, span] of Object.entries(columns)) {
    if (option('only') !== '' && !option('only').split(',').includes(name)) continue
    const startMs = performance.now()
    const problem = problemOf(span)
    const all = heldOut(problem)
    const said = (n: string, logits: Float64Array, group = groups.of) =>
      console.log(`${name.padEnd(18)} ${n.padStart(6)} ${figures({ logits, positive, group })}`)
    for (const size of sizes.filter((size) => size < positives)) {
      // A part of the positives is kept out of each training.
      const kept = (size * all.folds) / (all.folds - 1)
      const known = new Set(rows.flatMap((row, i) => (row.positive ? [i] : [])).slice(0, kept))
      const keep = (row: number) => positive[row] === 0 || known.has(row)
      said(String(size), scored(problem, all.fold, all.folds, () => all.ridge, keep).logits)
    }
    said(`${Math.round((positives * (all.folds - 1)) / all.folds)}`, all.logits)
    console.log(
      `${' '.repeat(26)}ridges ${all.ridges.join(' ')}; ${((performance.now() - startMs) / 1000).toFixed(0)} s`,
    )
    if (name === 'both') {
      const single = Int32Array.from(rows, (_, i) => i)
      said('trap', heldOut(problemOf(span, single)).logits, single)
    }
  }
}

function figures(of: Parameters<typeof atRate>[0]): string {
  const recalls = RATES.map((rate) => {
    const at = atRate(of, rate)
    if (at === null) return 'not measured'
    const { value, low, high } = at.recall
    return `${value.toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`
  })
  return `${recalls.join('  ')}  area ${areaOf(of)!.value.toFixed(4)}`
}

async function setOf(labels: string, exhibit: string, cache: string) {
  const features = BACKBONE_IDS.map((id) => featureOf(MODELS_DIR, id))
  const width = features.reduce((sum, { size }) => sum + size, COLOURS)
  if (cache === '' || !existsSync(cache)) {
    const given = {
      labelled: parseLabelled(readFileSync(labels), labels),
      exhibits: [exhibit],
      mayMiss: false,
      workers: 2,
      allowUnconfined: false,
    }
    const startMs = performance.now()
    const { rows, values, notUsed } = await gather(given, features)
    console.log(
      `features: ${((performance.now() - startMs) / rows.length).toFixed(1)} ms a picture; not used: ${JSON.stringify(notUsed)}`,
    )
    if (cache !== '') {
      writeFileSync(cache, Buffer.concat(values))
      writeFileSync(`${cache}.json`, JSON.stringify(rows))
    }
    return { rows, values: floats(Buffer.concat(values)), width }
  }
  const rows = JSON.parse(readFileSync(`${cache}.json`, 'utf8')) as TrainingRow[]
  return { rows, values: floats(readFileSync(cache)), width }
}

function floats(bytes: Buffer): Float32Array {
  const values = new Float32Array(bytes.length / 4)
  bytes.copy(Buffer.from(values.buffer))
  return values
}
