/**
 * Which lines of text go on in the next. A line of a poster or a letter ends where its column does, in the middle of a sentence;
 * a list or a head ends where its author ended it. They differ by whether the first word of the next line had room.
 */
import type { TextLine } from './text-line.ts'

/** Of the lower one's height: two lines of one paragraph are no farther apart, from middle to middle, and as high. */
const NEXT_LINE = 2.2
const AS_HIGH = 1.8
/** Of the height: between two words. Edges of lines are found to about as much. */
const SPACE = 0.5
/** Of the width of the column, which a photograph from the side narrows. */
const FULL = 0.94

/** Those of the lines, in the order of reading, after which the sentence may go on. */
export function linesThatGoOn(lines: readonly TextLine[]): ReadonlySet<TextLine> {
  const found = new Set<TextLine>()
  for (const paragraph of paragraphsOf(lines)) {
    const column = Math.max(...paragraph.map(({ box }) => box.width))
    for (const [i, line] of paragraph.entries()) {
      const next = paragraph[i + 1]
      const word = next?.words[0]?.place.width
      if (word !== undefined && line.box.width + word + SPACE * line.box.height > FULL * column)
        found.add(line)
    }
  }
  return found
}

function paragraphsOf(lines: readonly TextLine[]): TextLine[][] {
  const paragraphs: TextLine[][] = []
  for (const line of lines) {
    const above = paragraphs.at(-1)?.at(-1)
    if (above !== undefined && isBelow(above, line)) paragraphs.at(-1)!.push(line)
    else paragraphs.push([line])
  }
  return paragraphs
}

function isBelow({ box: a }: TextLine, { box: b }: TextLine): boolean {
  const [low, high] = [Math.min(a.height, b.height), Math.max(a.height, b.height)]
  const shared =
    Math.min(a.x + a.width / 2, b.x + b.width / 2) - Math.max(a.x - a.width / 2, b.x - b.width / 2)
  const down = b.y - a.y
  return (
    down > low / 2 &&
    down < NEXT_LINE * low &&
    high < AS_HIGH * low &&
    shared > Math.min(a.width, b.width) / 2
  )
}
