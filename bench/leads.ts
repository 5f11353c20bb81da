/**
 * How many neutral pictures are marked, by stratum: the whole cascade as a scan has it, ranked by the rules before a detector of persons
 * was asked (version 5) and by those of today.
 *
 * `npm run bench -- leads folder=DIR pictures=500`: each folder of DIR is a stratum, with pictures anywhere below (scripts/held-back.ts makes
 * such a folder of either part); at most so many of each, in the order of their names. Prints counts and Wilson's intervals; nothing of a
 * picture is kept or printed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastGlob from 'fast-glob'
import { filePath } from '../src/base/evidence-path.ts'
import { MODELS_DIR } from '../src/base/version.ts'
import { type Looked, loadClassifiers } from '../src/classify/index.ts'
import { notJudged } from '../src/classify/judged.ts'
import { wilson } from '../src/classify/statistics.ts'
import type { ModelUse, PlanRules } from '../src/contracts/case.ts'
import { type Priority, PUT_LAST } from '../src/contracts/finding.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { secondOpinions } from '../src/score/covered-face.ts'
import { leadsOf } from '../src/score/leads.ts'
import { RULES_NOW } from '../src/score/rule-versions.ts'
import { rank } from '../src/score/score.ts'

const { explicitLikelyPerTenThousand } = RULES_NOW.tiers
const BEFORE: PlanRules = { version: 5, tiers: { explicitLikelyPerTenThousand } }

interface Row {
  readonly isJudged: boolean
  /** Null without a lead. */
  readonly before: Priority | null
  readonly now: Priority | null
}

export async function run(args: string[]): Promise<void> {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const folder = option('folder')
  if (folder === '') return console.log('leads: not measured, no folder= was given')
  const most = Number(option('pictures') || 500)
  await loadDecoders()
  const { classify, uses } = await loadClassifiers(MODELS_DIR)
  const all: Row[] = []
  for (const stratum of readdirSync(folder).sort()) {
    if (!statSync(join(folder, stratum)).isDirectory()) continue
    const rows: Row[] = []
    for (const name of fastGlob.sync('**/*', { cwd: join(folder, stratum) }).sort()) {
      if (rows.length === most) break
      const bytes = readFileSync(join(folder, stratum, name))
      const mediaType = typeOf(name, bytes)
      if (mediaType === null) continue
      const decoded = await decodePicture(bytes, mediaType, { pixels: DEFAULT_LIMITS.pixels })
      if (!decoded.ok) continue
      const pixels = await toPixels(decoded.picture)
      const isJudged = notJudged(pixels, DEFAULT_LIMITS.leastModelSide) === null
      rows.push(isJudged ? rowOf(await classify(pixels), uses) : { isJudged, before: null, now: null })
    }
    print(stratum, rows)
    all.push(...rows)
  }
  print('together', all)
}

/** Names do not tell the truth: a collection has JPEG files with the ending of PNG. */
function typeOf(name: string, bytes: Buffer): string | null {
  if (!['.jpg', '.jpeg', '.png'].includes(extname(name))) return null
  return bytes[0] === 0x89 ? 'image/png' : 'image/jpeg'
}

function rowOf({ scores, attributes }: Looked, models: readonly ModelUse[]): Row {
  const leads = leadsOf(scores)
  const found = {
    path: filePath(Buffer.from('picture')),
    hits: [],
    conflicts: [],
    near: [],
    references: [],
    signals: [],
    leads,
    attributes: [...attributes, ...secondOpinions(scores, { models, rules: RULES_NOW })],
  }
  return { isJudged: true, before: rank(found, BEFORE).priority, now: rank(found, RULES_NOW).priority }
}

function print(stratum: string, rows: readonly Row[]): void {
  const count = (is: (row: Row) => boolean) => share(rows.filter(is).length, rows.length)
  const isIn = (priority: Priority | null, last: number) => priority !== null && priority <= last
  console.log(
    [
      `${stratum}: ${rows.length}, of which ${rows.filter(({ isJudged }) => !isJudged).length} are not judged`,
      `   any lead before ${count(({ before }) => before !== null)}; now ${count(({ now }) => isIn(now, PUT_LAST - 1))}, and put last ${count(({ now }) => now === PUT_LAST)}`,
      `   priority 1 to 3 before ${count(({ before }) => isIn(before, 3))}; now ${count(({ now }) => isIn(now, 3))}`,
      `   priority 1 or 2 before ${count(({ before }) => isIn(before, 2))}; now ${count(({ now }) => isIn(now, 2))}`,
    ].join('\n'),
  )
}

function share(part: number, of: number): string {
  const interval = wilson(part, of)
  if (interval === null) return 'none there'
  const percent = (value: number) => (value * 100).toFixed(1)
  return `${part}: ${percent(part / of)} % (${percent(interval.low)} to ${percent(interval.high)})`
}
