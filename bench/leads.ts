/**
 * How many neutral pictures are marked, by stratum: the whole cascade as a scan has it, with and without the least size of the plan.
 *
 * `npm run bench -- leads folder=DIR pictures=60`: each folder of DIR is a stratum, with pictures anywhere below (scripts/held-back.ts makes
 * such a folder); at most so many of each, in the order of their names. Prints counts and intervals; nothing of a picture is kept or printed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastGlob from 'fast-glob'
import { MODELS_DIR } from '../src/base/version.ts'
import { type Looked, loadClassifiers } from '../src/classify/index.ts'
import { notJudged } from '../src/classify/judged.ts'
import { wilson } from '../src/classify/statistics.ts'
import { THRESHOLDS } from '../src/classify/thresholds.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
}

interface Row {
  readonly isJudged: boolean
  readonly hasFace: boolean
  readonly explicit: number
  readonly minor: number
}

export async function run(args: string[]): Promise<void> {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const folder = option('folder')
  if (folder === '') return console.log('leads: not measured, no folder= was given')
  const most = Number(option('pictures') || 60)
  await loadDecoders()
  const classifiers = await loadClassifiers(MODELS_DIR)
  const all: Row[] = []
  for (const stratum of readdirSync(folder).sort()) {
    if (!statSync(join(folder, stratum)).isDirectory()) continue
    const rows: Row[] = []
    for (const name of fastGlob.sync('**/*', { cwd: join(folder, stratum) }).sort()) {
      if (rows.length === most) break
      const mediaType = TYPES[extname(name)]
      if (!mediaType) continue
      const bytes = readFileSync(join(folder, stratum, name))
      const decoded = await decodePicture(bytes, mediaType, { pixels: DEFAULT_LIMITS.pixels })
      if (!decoded.ok) continue
      const pixels = await toPixels(decoded.picture)
      const isJudged = notJudged(pixels, DEFAULT_LIMITS.leastModelSide) === null
      rows.push({ isJudged, ...opinionOf(await classifiers.classify(pixels)) })
    }
    print(stratum, rows)
    all.push(...rows)
  }
  print('together', all)
}

function opinionOf({ scores, faces }: Looked): Omit<Row, 'isJudged'> {
  const of = (label: string, classifier: string) =>
    scores.find((score) => score.label === label && score.classifier === classifier)?.scorePer10k ?? 0
  return {
    hasFace: faces.length > 0,
    explicit: of('explicit', 'explicitness'),
    minor: of('apparent-minor', 'apparent-minor'),
  }
}

function print(stratum: string, rows: readonly Row[]): void {
  const { explicitness, apparentMinor } = THRESHOLDS
  const isExplicit = ({ explicit }: Row) => explicit >= explicitness.possible
  const isMinor = ({ minor }: Row) => minor >= apparentMinor.possible
  const isAny = (row: Row) => isExplicit(row) || isMinor(row)
  const count = (is: (row: Row) => boolean) => share(rows.filter(is).length, rows.length)
  const judged = (is: (row: Row) => boolean) => count((row) => row.isJudged && is(row))
  console.log(
    [
      `${stratum}: ${rows.length}, of which ${rows.filter(({ isJudged }) => !isJudged).length} are not judged now; a face in ${rows.filter(({ hasFace }) => hasFace).length}`,
      `   any lead ${count(isAny)}; now ${judged(isAny)}`,
      `   explicitness ${judged(isExplicit)}, apparent minor ${judged(isMinor)}, both (priority 1 or 2) ${judged((row) => isExplicit(row) && isMinor(row))}`,
    ].join('\n'),
  )
}

function share(part: number, of: number): string {
  const interval = wilson(part, of)
  if (interval === null) return 'none there'
  const percent = (value: number) => (value * 100).toFixed(1)
  return `${part}: ${percent(part / of)} % (${percent(interval.low)} to ${percent(interval.high)})`
}
