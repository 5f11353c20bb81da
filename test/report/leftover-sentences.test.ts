/** Words that a reader of a report sees stand in report/texts, so that another language is one file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { LANGUAGES } from '../../src/report/texts/index.ts'

const ROOT = resolve(import.meta.dirname, '../../src/report')
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

/** Texts of literals, as TypeScript reads them, without what is imported, thrown or a style sheet. */
function literalsOf(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(ROOT, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isThrowStatement(node)) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Runs of four words and more outside tags: a sentence, or most of one. */
function sentencesIn(text: string): string[] {
  return text
    .replace(/<[^<>]*>|^[^<>]*"[^<>]*>/g, '\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !/[{};=]|:\/\//.test(line))
    .filter((line) => /(?:[A-Za-z][\w’'-]*[,:;]? +){3}[A-Za-z]/.test(line))
}

/** Files that still spell sentences out, and at most how many: the number may only fall. */
const LEFT: Readonly<Record<string, number>> = {
  'csv.ts': 1,
  'jsonl.ts': 1,
  'exchange/cac.ts': 5,
  'exchange/case.ts': 3,
  'exchange/decisions.ts': 1,
  'exchange/dfxml.ts': 1,
  'exchange/grades.ts': 6,
  'exchange/graph-nodes.ts': 1,
  'exchange/hashdeep.ts': 1,
  'exchange/timesketch.ts': 2,
  'exchange/vics.ts': 2,
  // Titles of what is attached, and a refusal on the terminal.
  'pdf/attachments.ts': 3,
  'pdf/pdf.ts': 1,
  'pdf/typeset.ts': 2,
}

it.each(files)('%s spells no sentence out', (file) => {
  const sentences = literalsOf(file).flatMap(sentencesIn)
  expect(sentences.length <= (LEFT[file] ?? 0) ? [] : sentences).toEqual([])
})

it('every sentence of the report is said somewhere, and every one that is said has words', () => {
  const sources = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n')
  const codes = Object.keys(LANGUAGES.en!.report)
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([])
  const sayers = files
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .filter((source) => source.includes("/say.ts'"))
    .join('\n')
  const said = [...sayers.matchAll(/(?<![.\w])say(?:Marked)?\(\s*'([a-z0-9-]+)'/g)].map(([, code]) => code!)
  expect(said.length).toBeGreaterThan(80)
  expect(said.filter((code) => !codes.includes(code))).toEqual([])
})
