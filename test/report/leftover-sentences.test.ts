/** Words that a reader of a report sees stand in report/texts, so that another language is one file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseSync } from 'rolldown/utils'
import { expect, it } from 'vitest'
import { LANGUAGES } from '../../src/report/texts/index.ts'

const ROOT = resolve(import.meta.dirname, '../../src/report')
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
  // What exporters leave out stands in the docs; statements of SQL are no sentences.
  (file) => file.endsWith('.ts') && !file.endsWith('leaves-out.ts') && !file.endsWith('lava-schema.ts'),
)

/** Texts of literals, without what is imported, thrown or a style sheet. */
function literalsOf(file: string): string[] {
  const { program, errors } = parseSync(file, readFileSync(join(ROOT, file), 'utf8'))
  expect(errors).toEqual([])
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one)
    if (typeof node !== 'object' || node === null || !('type' in node)) return
    if (node.type === 'ImportDeclaration' || node.type === 'ThrowStatement') return
    // What an exporter leaves out stands in docs/reference/exchange.md, in English, and in no report.
    if (node.type === 'Property' && nameOf(node) === 'leavesOut') return
    if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string') found.push(node.value)
    if (node.type === 'TemplateElement') found.push((node as unknown as TemplateElement).value.cooked)
    else for (const child of Object.values(node)) visit(child)
  }
  visit(program)
  return found
}

interface TemplateElement {
  readonly value: { readonly cooked: string }
}

function nameOf(property: object): string | undefined {
  return (property as { key?: { name?: string } }).key?.name
}

/** Runs of four words and more outside tags: a sentence, or most of one. */
function sentencesIn(text: string): string[] {
  return (
    text
      .replace(/<[^<>]*>|^[^<>]*"[^<>]*>/g, '\n')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !/[{};=]|:\/\//.test(line))
      // Statements of SQL, and pieces of them.
      .filter((line) => !/\b(?:SELECT|FROM|JOIN|AS)\b/.test(line))
      .filter((line) => /(?:[A-Za-z][\w’'-]*[,:;]? +){3}[A-Za-z]/.test(line))
  )
}

const TITLE = 'what the terminal calls a format, in its own list of formats; it stands in no report'
const TERMINAL = 'a refusal or a count that the terminal prints; it stands in no report'
const GRAPH =
  'a value in a graph or a timeline that other programs read, beside English property names of its ontology or tool'
const LAVA = 'a description in a viewer whose own names and descriptions are English (LAVA)'
const VICS = 'the field of a format whose fields and values are English (Project VIC, VICS 2.0)'

/** Every run of words that code still spells out, and why it is no word of a report: none may come, none may stay unused. */
const EXPLAINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'exchange/csv.ts': { 'A table for spreadsheets, one row a place': TITLE },
  'exchange/jsonl.ts': { 'One JSON object a line, one line a place': TITLE },
  'exchange/cac.ts': {
    'CAC 3.0 graph (JSON-LD, experimental) of findings and decisions': TITLE,
    'seized, comparison with lists': GRAPH,
    'near match, to be judged by a person': GRAPH,
    'a model that estimates': GRAPH,
    'decided by a person': GRAPH,
  },
  'exchange/case.ts': {
    'CASE/UCO 1.4 graph (JSON-LD) of findings and decisions': TITLE,
    ': to be judged by a person': GRAPH,
    ', meaning declared for it:': GRAPH,
    ': no match, the content': GRAPH,
    'a record in it (': GRAPH,
    'does not: a digest conflict, no match': GRAPH,
    'found on this exhibit': GRAPH,
  },
  'exchange/decisions.ts': { 'Decisions of persons, one row each': TITLE },
  'exchange/dfxml.ts': { 'Digital Forensics XML, one fileobject an entry': TITLE },
  'exchange/bookmarks.ts': {
    ', which --bookmarks does not name': TERMINAL,
    'another person tagged it': TERMINAL,
    'it has no bookmark': TERMINAL,
    'it tags an artifact of the other tool': TERMINAL,
    'it tags no file': TERMINAL,
  },
  'exchange/grades.ts': {
    'bytes in the file, and': TERMINAL,
    'volumes with different contents': TERMINAL,
    'it does not stand': TERMINAL,
    'it has no category': TERMINAL,
    'it is of an empty file': TERMINAL,
    'give one content the categories': TERMINAL,
    ': its digests do not tell them apart': TERMINAL,
    ': a digest is that of': TERMINAL,
  },
  'exchange/graph-nodes.ts': { 'triage of a seized device': GRAPH },
  'exchange/hashdeep.ts': { 'Digests of every content, for hashdeep': TITLE },
  'exchange/lava.ts': {
    'Findings and decisions for LAVA (a folder as ZIP)': TITLE,
    'Case, exhibit, state of the ledger': LAVA,
    'What lists and models say of contents, one row a finding and place. A time without a zone is left out':
      LAVA,
    'Every decision of a person, also superseded and withdrawn ones': LAVA,
    'the digests of a content equal those of a record of a list': LAVA,
    'the opinion of a model, and no match': LAVA,
  },
  'exchange/timesketch.ts': {
    'Times of entries for Timesketch, one a line': TITLE,
    'Capture time that the picture states': GRAPH,
  },
  'exchange/vics.ts': {
    ', which the policy of the case says must be settled: these have no category': VICS,
    'in quarantine as privileged on one exhibit, and open on another': VICS,
    'in quarantine as privileged, and named by a list: hashes and lists stand here, words, metadata and names of places in quarantine do not':
      VICS,
    'Project VIC VICS 2.0, a case with its media': TITLE,
    'none declared: no category stands here': VICS,
  },
  'pdf/pdf.ts': { 'The court’s edition as PDF': TITLE },
  'pdf/typeset.ts': {
    'No PDF was written:': TERMINAL,
    '. The same report as --format html --edition court needs no typesetter.': TERMINAL,
  },
}

it.each(files)('%s spells no sentence of a report out', (file) => {
  const sentences = new Set(literalsOf(file).flatMap(sentencesIn))
  expect([...sentences].sort()).toEqual(Object.keys(EXPLAINED[file] ?? {}).sort())
})

it('every sentence of the report is said somewhere, and every one that is said has words', () => {
  // A page over several ledgers stands with what gathers it.
  const pages = [...files, '../case/accounts/accounts-page.ts', '../case/working/working-report.ts']
  const sources = pages.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n')
  const codes = Object.keys(LANGUAGES.en!.report)
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([])
  const sayers = pages
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .filter((source) => source.includes("/say.ts'"))
    .join('\n')
  const said = [...sayers.matchAll(/(?<![.\w])say(?:Marked)?\(\s*'([a-z0-9-]+)'/g)].map(([, code]) => code!)
  expect(said.length).toBeGreaterThan(80)
  expect(said.filter((code) => !codes.includes(code))).toEqual([])
})
