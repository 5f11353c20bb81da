/**
 * Splits a report into volumes of at most a hundred pages: beyond that, memory grows faster than pages, and the paper
 * is too heavy. Contents are distributed by an estimate of their height. A volume that came out longer is set again as
 * two.
 */
import type { ContentGroup } from '../court/content-row.ts'
import type { Row } from '../court/row.ts'
import type { CourtTexts } from '../court/texts.ts'
import type { SetPdf } from './typeset.ts'

export const MOST_PAGES = 100

export interface ContentData {
  readonly group: ContentGroup
  /** The remark in brackets, or empty. */
  readonly places: readonly { readonly path: string; readonly remark: string }[]
  readonly morePlaces: string | null
  /** True when the row has few enough lines to stay on one page. */
  readonly whole: boolean
  readonly file: string
  readonly sha256: string
  readonly lists: readonly string[]
  readonly decisions: readonly string[]
}

/** The parts of the report in one volume, in the form of the template. */
export interface Part {
  readonly front: boolean
  readonly contents: readonly ContentData[] | null
  /** True: the volume contains everything after the contents. */
  readonly end: boolean
  /** `Volume 2 of 3`, or empty when there is only one. */
  readonly volume: readonly string[]
}

/** Values that are the same in every volume. */
export interface AllVolumes {
  readonly aboutVolumes: string
  readonly volumes: readonly Row[]
}

interface ToSet {
  readonly contents: readonly ContentData[]
  readonly texts: CourtTexts
  readonly set: (part: Part, all: AllVolumes) => Promise<SetPdf>
}

/** Range of contents by index, `to` excluded. */
type Slice = readonly [from: number, to: number]

export async function setInVolumes(job: ToSet): Promise<readonly Buffer[]> {
  let slices = planned(job)
  for (;;) {
    const done: Buffer[] = []
    let long = -1
    for (const [i, [from, to]] of slices.entries()) {
      const { pdf, pages } = await job.set(partOf(job, slices, i), allOf(job, slices))
      if (pages > MOST_PAGES && to - from > 1) {
        long = i
        break
      }
      done.push(pdf)
    }
    if (long < 0) return done
    slices = slices.flatMap((slice, i) => (i < long ? [slice] : halved(slice)))
  }
}

function partOf({ contents, texts }: ToSet, slices: readonly Slice[], i: number): Part {
  const [from, to] = slices[i]!
  const [isFirst, isLast] = [i === 0, i === slices.length - 1]
  return {
    front: isFirst,
    contents: from < to || isFirst ? contents.slice(from, to) : null,
    end: isLast,
    volume: slices.length === 1 ? [] : [texts.say('volume', { volume: i + 1, volumes: slices.length })],
  }
}

function allOf({ texts }: ToSet, slices: readonly Slice[]): AllVolumes {
  if (slices.length === 1) return { aboutVolumes: '', volumes: [] }
  const volumes = slices.length
  return {
    aboutVolumes: texts.say('volumes-about', { volumes }),
    volumes: slices.map(([from, to], i) => [
      texts.say('volume', { volume: i + 1, volumes }),
      from < to ? texts.say('volume-holds', { what: texts.say('h-listed'), from: from + 1, to }) : '–',
    ]),
  }
}

/**
 * Estimates of lines on a page, and of pages of the first and last volume without rows. The estimates are below the
 * measured values, so that few volumes are set twice.
 */
const LINES_A_PAGE = 50
const FRONT_PAGES = 12

function planned({ contents }: ToSet): Slice[] {
  const slices: Slice[] = []
  const most = (MOST_PAGES - FRONT_PAGES) * LINES_A_PAGE
  let [from, lines] = [0, 0]
  for (const [i, one] of contents.entries()) {
    const height = contentLines(one)
    if (lines + height > most && lines > 0) {
      slices.push([from, i])
      ;[from, lines] = [i, 0]
    }
    lines += height
  }
  slices.push([from, contents.length])
  return slices
}

/** Characters in a line of the template's columns, for most names. */
const PLACE_CHARS = 44
const LIST_CHARS = 34
const DECISION_CHARS = 34

function contentLines({ places, morePlaces, lists, decisions }: ContentData): number {
  const lines = (texts: readonly string[], chars: number) =>
    texts.reduce((sum, text) => sum + 0.4 + Math.ceil(widthOf(text) / chars), 0)
  const shown = places.map(({ path, remark }) => path + remark)
  return Math.max(
    1.3 + lines([...shown, ...(morePlaces === null ? [] : [morePlaces])], PLACE_CHARS),
    lines(lists, LIST_CHARS),
    lines(decisions, DECISION_CHARS),
  )
}

/** East Asian characters are twice as wide. */
function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += char.codePointAt(0)! >= 0x2e80 ? 2 : 1
  return width
}

function halved([from, to]: Slice): readonly Slice[] {
  if (to - from < 2) return [[from, to]]
  const middle = Math.ceil((from + to) / 2)
  return [
    [from, middle],
    [middle, to],
  ]
}
