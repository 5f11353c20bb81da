import { describe, expect, it } from 'vitest'
import { gradedContents, manifestOf } from '../../src/learn/contents.ts'
import { type Labelled, parseLabelled } from '../../src/learn/labelled.ts'

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)]
const parsed = (text: string) => parseLabelled(Buffer.from(text), 'labels.csv')
const located = (content: Labelled['content']) =>
  'sha256' in content
    ? content.sha256 === B
      ? null
      : { sha256: content.sha256, file: '/x' }
    : { sha256: A, file: content.path }

describe('the table of a training', () => {
  it.each([
    ['path,label\na.jpg,1\n', 'needs a first line with “sha256” or “path”, “label” and “case”'],
    ['path,label,case,colour\na.jpg,1,1,red\n', 'has a column “colour”'],
    ['path,label,case\na.jpg,1,1\nb.jpg,2,1\n', 'Line 3 of labels.csv: “label” must be 1 or 0'],
    ['path,label,case\na.jpg,1,\n', 'Line 2 of labels.csv: “case” is empty'],
    ['path,label,case\n\n\n,1,1\n', 'Line 4 of labels.csv: it names no content'],
    ['path,label,case\n../../etc/passwd,1,1\n', 'Line 2 of labels.csv: the path must lie below'],
    ['sha256,label,case\nxyz,1,1\n', 'Line 2 of labels.csv: “sha256” must be 64 hexadecimal digits'],
    ['path,label,case\n"a.jpg,1,1\n', 'could not be read'],
    [
      `path,label,case,group:a\na.jpg,1,1,${'x'.repeat(200)}\n`,
      'Line 2 of labels.csv: a group has more than 100',
    ],
    [
      `path,label,case\n${'a.jpg,1,1\n'.repeat(50_001)}`,
      'Line 50002 of labels.csv: a training takes at most 50000',
    ],
  ])('refuses %# and names the line', (text, why) => {
    expect(() => parsed(text)).toThrow(why)
  })

  it('refuses a content that is not there, and one that is graded in two ways, with both lines', () => {
    expect(() => gradedContents(parsed(`sha256,label,case\n${A},1,1\n${B},0,1\n`), located)).toThrow(
      `Line 3 of labels.csv: no file below --exhibit has the SHA-256 ${B}.`,
    )
    expect(() => gradedContents(parsed(`path,label,case\na.jpg,1,1\n\ncopy.jpg,0,2\n`), located)).toThrow(
      `Line 4 of labels.csv contradicts line 2 of labels.csv: the same content (SHA-256 ${A}) is 0 here and 1 there.`,
    )
  })

  it('joins the cases of one content, and writes a manifest without a path', () => {
    const contents = gradedContents(parsed('path,label,case\na.jpg,1,"7,b"\ncopy.jpg,1,2\n'), located)
    expect(contents).toEqual([{ sha256: A, file: 'a.jpg', positive: true, cases: ['2', '7,b'] }])
    expect(manifestOf(contents).toString()).toBe(`sha256,label,case\n${A},1,2\n${A},1,"7,b"\n`)
    expect(parseLabelled(manifestOf(contents), 'manifest.csv').map((row) => row.case)).toEqual(['2', '7,b'])
  })
})
