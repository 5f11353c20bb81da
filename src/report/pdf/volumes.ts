/**
 * A report in volumes of at most a hundred pages: beyond, memory grows faster than pages, and nobody carries it. Rows are put where
 * they are expected to fit; a volume that came out longer is set again as two.
 */
import type { Row } from '../court/row.ts'
import type { CourtTexts } from '../court/texts.ts'
import type { SetPdf } from './typeset.ts'

export const MOST_PAGES = 100

export interface ContentData {
  readonly places: readonly string[]
  readonly morePlaces: string | null
  readonly file: string
  readonly sha256: string
  readonly lists: readonly string[]
  readonly weak: string | null
  readonly decisions: readonly string[]
}

/** What of the report stands in one volume, as the template reads it. */
export interface Part {
  readonly front: boolean
  readonly contents: readonly ContentData[] | null
  readonly middle: boolean
  readonly custody: readonly Row[] | null
  readonly end: boolean
  /** `Volume 2 of 3`, or nothing where there is one. */
  readonly volume: readonly string[]
}

/** The same in every volume. */
export interface AllVolumes {
  readonly aboutVolumes: string
  readonly volumes: readonly Row[]
}

interface ToSet {
  readonly contents: readonly ContentData[]
  readonly custody: readonly Row[]
  readonly texts: CourtTexts
  readonly set: (part: Part, all: AllVolumes) => Promise<SetPdf>
}

/** Rows of both tables by place, `to` not included. */
interface Slice {
  readonly contents: readonly [from: number, to: number]
  readonly custody: readonly [from: number, to: number]
}

export async function setInVolumes(job: ToSet): Promise<readonly Buffer[]> {
  let slices = planned(job)
  for (;;) {
    const done: Buffer[] = []
    let long = -1
    for (const i of slices.keys()) {
      const { pdf, pages } = await job.set(partOf(job, slices, i), allOf(job, slices))
      if (pages > MOST_PAGES && sizeOf(slices[i]!) > 1) {
        long = i
        break
      }
      done.push(pdf)
    }
    if (long < 0) return done
    slices = slices.flatMap((slice, i) => (i < long ? [slice] : halved(slice)))
  }
}

function partOf({ contents, custody, texts }: ToSet, slices: readonly Slice[], i: number): Part {
  const { contents: of, custody: log } = slices[i]!
  const [isFirst, isLast] = [i === 0, i === slices.length - 1]
  // The rest of the report stands where the contents end, the log behind it.
  const endsContents = of[1] === contents.length && (isFirst || slices[i - 1]!.contents[1] < contents.length)
  return {
    front: isFirst,
    contents: of[0] < of[1] || (isFirst && contents.length === 0) ? contents.slice(...of) : null,
    middle: endsContents,
    custody: log[0] < log[1] || (isLast && custody.length === 0) ? custody.slice(...log) : null,
    end: isLast,
    volume: slices.length === 1 ? [] : [texts.say('volume', { volume: i + 1, volumes: slices.length })],
  }
}

function allOf({ texts }: ToSet, slices: readonly Slice[]): AllVolumes {
  if (slices.length === 1) return { aboutVolumes: '', volumes: [] }
  const volumes = slices.length
  const holds = (what: string, [from, to]: readonly [number, number]) =>
    from < to ? [texts.say('volume-holds', { what, from: from + 1, to })] : []
  return {
    aboutVolumes: texts.say('volumes-about', { volumes }),
    volumes: slices.map(({ contents, custody }, i) => [
      texts.say('volume', { volume: i + 1, volumes }),
      [...holds(texts.say('h-listed'), contents), ...holds(texts.say('h-custody'), custody)].join('; '),
    ]),
  }
}

/** Lines of a page, and what of the first and of every volume is not rows; below what is measured, so that few are set twice. */
const LINES_A_PAGE = 50
const FRONT_PAGES = 12

function planned({ contents, custody }: ToSet): Slice[] {
  const slices: Slice[] = []
  const most = (MOST_PAGES - FRONT_PAGES) * LINES_A_PAGE
  let [from, log, lines] = [0, 0, 0]
  for (const [i, one] of contents.entries()) {
    const height = contentLines(one)
    if (lines + height > most && lines > 0) {
      slices.push({ contents: [from, i], custody: [0, 0] })
      ;[from, lines] = [i, 0]
    }
    lines += height
  }
  // What stands between contents and log takes pages too.
  lines += FRONT_PAGES * LINES_A_PAGE
  for (const [i, row] of custody.entries()) {
    const height = rowLines(row)
    if (lines + height > most && i > log) {
      slices.push({ contents: [from, contents.length], custody: [log, i] })
      ;[from, log, lines] = [contents.length, i, 0]
    }
    lines += height
  }
  slices.push({ contents: [from, contents.length], custody: [log, custody.length] })
  return slices
}

/** Characters of a line in the columns of the template, as most names are written. */
const PLACE_CHARS = 44
const LIST_CHARS = 34
const DECISION_CHARS = 34
const DETAIL_CHARS = 60
const NAME_CHARS = 19

function contentLines({ places, morePlaces, lists, weak, decisions }: ContentData): number {
  const lines = (texts: readonly string[], chars: number) =>
    texts.reduce((sum, text) => sum + 0.4 + Math.ceil(widthOf(text) / chars), 0)
  return Math.max(
    1.3 + lines([...places, ...(morePlaces === null ? [] : [morePlaces])], PLACE_CHARS),
    lines([...lists, ...(weak === null ? [] : [weak])], LIST_CHARS),
    lines(decisions, DECISION_CHARS),
  )
}

/** Of the log, in small print: a line takes less than one of the contents. */
function rowLines([when = '', event = '', who = '', what = '']: Row): number {
  const lines = (text: string, chars: number) => Math.ceil(widthOf(text) / chars)
  const most = Math.max(
    1,
    lines(when, NAME_CHARS),
    lines(event, NAME_CHARS),
    lines(who, NAME_CHARS),
    lines(what, DETAIL_CHARS),
  )
  return 0.8 * most
}

/** Signs of East Asia take twice the width. */
function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += char.codePointAt(0)! >= 0x2e80 ? 2 : 1
  return width
}

function sizeOf({ contents, custody }: Slice): number {
  return contents[1] - contents[0] + custody[1] - custody[0]
}

/** Contents and log apart where it has both, else in the middle. */
function halved(slice: Slice): readonly Slice[] {
  const { contents, custody } = slice
  const [a, b] = [contents[1] - contents[0], custody[1] - custody[0]]
  if (a + b < 2) return [slice]
  if (a > 0 && b > 0)
    return [
      { contents, custody: [custody[0], custody[0]] },
      { contents: [contents[1], contents[1]], custody },
    ]
  const middle = ([from, to]: readonly [number, number]) => Math.ceil((from + to) / 2)
  const [c, l] = [middle(contents), middle(custody)]
  return [
    { contents: [contents[0], c], custody: [custody[0], l] },
    { contents: [c, contents[1]], custody: [l, custody[1]] },
  ]
}
