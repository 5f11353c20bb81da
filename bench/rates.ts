/**
 * How much that is ordinary is marked (issue 12, E20 and E21): text messages in blocks of sixty, pieces of books, photographs.
 *
 * `npm run bench -- rates messages=FILE trained=FILE books=DIR pictures=DIR`; what is not given is passed over, and said so.
 * `messages`: the NUS SMS Corpus (XML); those that `trained` (JSONL with `text`, by default ../shared/data/text/sms_spam_en.jsonl)
 * holds are left out, and repetitions. Blocks are told apart by what anything was tuned on (docs/evidence/models.md). `books`: texts (.txt) in
 * pieces of 15,000 letters. `pictures`: JPEG files of 20 kB to 6 MB, each once, looked at
 * as `scan --exact` does, or with `every=model` by every model whatever the gates say. Nothing of a text or picture is printed.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import fastGlob from 'fast-glob'
import { readRows } from '../scripts/train/jsonl-rows.ts'
import { MODELS_DIR, PROGRAM_ROOT } from '../src/base/version.ts'
import { loadClassifiers } from '../src/classify/index.ts'
import { wilson } from '../src/classify/statistics.ts'
import { THRESHOLDS } from '../src/classify/thresholds.ts'
import { type GroomingClassifier, groomingWith, openGrooming } from '../src/classify-text/grooming.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'

const BLOCK = 60
const [PIECE, LEAST_PIECE] = [15_000, 7_500]
const LEAD = 0.5
/** Aim of E20: at most so many blocks in a hundred. */
const AIM_PERCENT = 0.5
const [LEAST_BYTES, MOST_BYTES, LEAST_SIDE] = [20_000, 6_000_000, 200]
const TRAINED = join(PROGRAM_ROOT, '../shared/data/text/sms_spam_en.jsonl')

export async function run(args: string[]): Promise<void> {
  const given = new Map(args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]))
  const parts = { messages: messagesMarked, books: booksMarked, pictures: picturesMarked }
  for (const [name, measure] of Object.entries(parts)) {
    const from = given.get(name)
    if (from === undefined) console.log(`${name}: not measured, no ${name}= was given`)
    else await measure(from, given)
  }
}

type Given = ReadonlyMap<string, string>

interface Readers {
  readonly whole: GroomingClassifier
  readonly rules: GroomingClassifier
}

async function readers(): Promise<Readers> {
  return { whole: await openGrooming(MODELS_DIR), rules: groomingWith(MODELS_DIR, null, []) }
}

async function messagesMarked(file: string, given: Given): Promise<void> {
  const { whole, rules } = await readers()
  for (const [part, blocks] of blocksOf(readFileSync(file, 'utf8'), given.get('trained') ?? TRAINED)) {
    const counts = [0, 0, 0, 0, 0, 0, 0]
    for (const block of blocks) {
      const two = block.map((text, i) => ({ sender: i % 2 ? 'b' : 'a', text }))
      const one = block.map((text) => ({ sender: 'a', text }))
      const joined = block.join('\n')
      const scores: number[] = []
      for (const reader of [whole, rules])
        for (const result of [
          await reader.classify(two),
          await reader.classify(one),
          await reader.classifyText(joined),
        ])
          scores.push(result.score)
      scores.push(Math.max(...scores.slice(0, 3)))
      for (const [i, score] of scores.entries()) if (score >= LEAD) counts[i]!++
    }
    const [by2 = 0, by1 = 0, asText = 0, rules2 = 0, rules1 = 0, rulesText = 0, any = 0] = counts
    console.log(
      `Blocks of ${BLOCK} messages, ${part}: ${share(any, blocks.length)} in any way (aim ${AIM_PERCENT} %)`,
    )
    console.log(
      `   two senders ${by2} (rules alone ${rules2}), one sender ${by1} (${rules1}), without turns ${asText} (${rulesText})`,
    )
  }
}

/** Parts by the SHA-256 of the sender, as docs/evidence/models.md says. */
function blocksOf(xml: string, trained: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const known = new Set<string>()
  if (existsSync(trained)) for (const { text } of readRows<{ text: string }>(trained)) known.add(bare(text))
  else console.log(`messages: ${trained} is not there: what the models were trained on is not left out`)
  const parts = new Map<string, string[]>()
  for (const [, text, user] of xml.matchAll(
    /<message id="\d+"><text>([\s\S]*?)<\/text>[\s\S]*?<userID>([\s\S]*?)<\/userID>/g,
  )) {
    const message = unescaped(text!)
    const key = bare(message)
    if (known.has(key)) continue
    known.add(key)
    const [first, second] = createHash('sha256').update(user!).digest()
    const part =
      first! % 2 === 0 ? 'tuned on' : second! % 2 === 0 ? 'looked at for the rules' : 'that nobody looked at'
    parts.set(part, [...(parts.get(part) ?? []), message])
  }
  return new Map(
    [...parts].map(([part, all]) => [
      part,
      Array.from({ length: Math.floor(all.length / BLOCK) }, (_, i) => all.slice(i * BLOCK, (i + 1) * BLOCK)),
    ]),
  )
}

const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, '')

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) =>
    name.startsWith('#')
      ? String.fromCodePoint(Number(name.replace(/^#x/i, '0x').replace('#', '')))
      : (named[name] ?? whole),
  )
}

async function booksMarked(folder: string): Promise<void> {
  const { whole, rules } = await readers()
  let [n, all, byRules] = [0, 0, 0]
  for (const name of fastGlob.sync('**/*.txt', { cwd: folder }).sort()) {
    const text = bookIn(readFileSync(join(folder, name), 'utf8'))
    let [pieces, marked] = [0, 0]
    for (let at = 0; at + LEAST_PIECE <= text.length; at += PIECE) {
      const piece = text.slice(at, at + PIECE)
      pieces++
      if ((await whole.classifyText(piece)).score >= LEAD) marked++
      if ((await rules.classifyText(piece)).score >= LEAD) byRules++
    }
    console.log(`   ${basename(name)}: ${marked} of ${pieces}`)
    n += pieces
    all += marked
  }
  console.log(`Pieces of books: ${share(all, n)} (aim: none); rules alone ${byRules}`)
}

/** Without what Project Gutenberg says before and after. */
function bookIn(text: string): string {
  const [begin, end] = [/\*\*\* ?START OF.*?\*\*\*/s.exec(text), /\*\*\* ?END OF/.exec(text)]
  return text.slice(begin ? begin.index + begin[0].length : 0, end?.index)
}

async function picturesMarked(folder: string, given: Given): Promise<void> {
  await loadDecoders()
  const classifiers = await loadClassifiers(MODELS_DIR, {
    exact: true,
    everyModel: given.get('every') === 'model',
  })
  const seen = new Set<string>()
  const marked = new Map<string, number>()
  let n = 0
  for (const name of fastGlob.sync('**/*.{jpg,jpeg}', { cwd: folder, caseSensitiveMatch: false }).sort()) {
    const path = join(folder, name)
    const { size } = statSync(path)
    if (size < LEAST_BYTES || size > MOST_BYTES) continue
    const bytes = readFileSync(path)
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (seen.has(digest)) continue
    seen.add(digest)
    const decoded = await decodePicture(bytes, 'image/jpeg', { pixels: DEFAULT_LIMITS.pixels })
    if (!decoded.ok || Math.min(decoded.picture.width, decoded.picture.height) < LEAST_SIDE) continue
    const { scores } = await classifiers.classify(await toPixels(decoded.picture))
    const explicit = scores.find(({ classifier }) => classifier === 'explicitness')?.scorePer10k ?? 0
    const minor = scores.find(({ label }) => label === 'apparent-minor')?.scorePer10k ?? 0
    const tiers: readonly (readonly [string, boolean])[] = [
      ...Object.entries(THRESHOLDS.explicitness).map(
        ([t, at]) => [`explicitness, ${t}`, explicit >= at] as const,
      ),
      ...Object.entries(THRESHOLDS.apparentMinor).map(
        ([t, at]) => [`apparent minor, ${t}`, minor >= at] as const,
      ),
      [
        'any of them',
        explicit >= THRESHOLDS.explicitness.possible || minor >= THRESHOLDS.apparentMinor.possible,
      ],
      [
        'explicitness likely, apparent minor possible',
        explicit >= THRESHOLDS.explicitness.likely && minor >= THRESHOLDS.apparentMinor.possible,
      ],
      [
        'both, possible',
        explicit >= THRESHOLDS.explicitness.possible && minor >= THRESHOLDS.apparentMinor.possible,
      ],
    ]
    for (const [tier, is] of tiers) marked.set(tier, (marked.get(tier) ?? 0) + Number(is))
    n++
  }
  console.log(`Photographs of ${basename(folder)}: ${n}`)
  for (const [tier, count] of marked) console.log(`   ${tier}: ${share(count, n)}`)
}

function share(part: number, of: number): string {
  const interval = wilson(part, of)
  if (interval === null) return 'none there'
  const percent = (value: number) => (value * 100).toFixed(1)
  return `${part} of ${of}, ${percent(part / of)} % (${percent(interval.low)} to ${percent(interval.high)})`
}
