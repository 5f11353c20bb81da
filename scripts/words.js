/**
 * Measures the sentences of docs and comments: prints the ten longest of each, with file and line.
 *
 * The rule is plain technical English, a sentence a thought, about 25 words (docs/glossary.md). Longer sentences are allowed up to
 * LIMITS; ends with 1 when a sentence exceeds them. `--all` prints every sentence over 25 words.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Most words of one sentence; what is longer today is mended, and the number goes down. */
export const LIMITS = { docs: 60, comments: 40 }

/** Records of their time, which are not rewritten. */
const RECORDS = /^docs\/evidence\/(?:changes-|validation\/)|^THIRD-PARTY|\/golden\//

/** @returns {{ kind: 'docs' | 'comments', file: string, line: number, words: number, text: string }[]} longest first */
export function sentences() {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')
  return files
    .filter((file) => !RECORDS.test(file))
    .flatMap((file) => {
      if (file.endsWith('.md')) return ofTexts('docs', file, textsOfMarkdown(read(file)))
      if (/^(?:src|bin|scripts)\/.*\.(?:tsx?|js)$/.test(file))
        return ofTexts('comments', file, textsOfCode(read(file)))
      return []
    })
    .sort((a, b) => b.words - a.words)
}

const read = (file) => readFileSync(join(ROOT, file), 'utf8')

function ofTexts(kind, file, texts) {
  return texts.flatMap(({ line, text }) =>
    split(text).map((one) => ({ kind, file, line, words: wordsIn(one), text: one })),
  )
}

/** A sentence ends at a stop, question or exclamation mark before white space and a capital, digit, quote or code. */
function split(text) {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\b(e\.g|i\.e|cf|vs|Fig|No|p|al)\. /g, '$1 ')
    .split(/(?<=[.!?]["”’)*_]?)\s+(?=["“‘(*_`\p{Lu}\d])/u)
    .filter((one) => one !== '')
}

/** Code, addresses and quotations (names of tests) count as one word. */
function wordsIn(sentence) {
  return sentence
    .replace(/`[^`]*`/g, 'x')
    .replace(/"[^"]*"/g, 'x')
    .replace(/https?:\/\/\S+/g, 'x')
    .split(/\s+/)
    .filter((word) => /[\p{L}\d]/u.test(word)).length
}

/** Paragraphs, items of lists and cells of tables; code blocks left out. */
function textsOfMarkdown(markdown) {
  const texts = []
  let open = null
  let fenced = false
  const close = () => {
    if (open) texts.push(open)
    open = null
  }
  markdown.split('\n').forEach((row, index) => {
    if (/^\s*(?:```|~~~)/.test(row)) {
      fenced = !fenced
      close()
      return
    }
    if (fenced || /^ {4,}\S/.test(row) || row.trim() === '' || /^#|^\s*\|[\s|:-]+$/.test(row)) {
      close()
      return
    }
    if (/^\s*\|/.test(row)) {
      close()
      for (const cell of row.split(/(?<!\\)\|/))
        if (cell.trim() !== '') texts.push({ line: index + 1, text: cell.trim() })
      return
    }
    const item = /^\s*(?:[-*+]|\d+\.|>)\s+(.*)$/.exec(row)
    if (item) close()
    const text = item ? item[1] : row.trim()
    open = open ? { ...open, text: `${open.text} ${text}` } : { line: index + 1, text }
  })
  close()
  return texts
}

/** Paragraphs of block comments, tags by themselves, and runs of line comments; references left out. */
function textsOfCode(code) {
  const texts = []
  const rows = code.split('\n')
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]
    if (/^\s*\/\/ /.test(row)) {
      const line = at + 1
      const parts = []
      while (/^\s*\/\/ /.test(rows[at] ?? '')) parts.push(rows[at++].replace(/^\s*\/\/ /, ''))
      at--
      texts.push({ line, text: parts.join(' ') })
    } else if (/^\s*\/\*\*?(?:\s|$)/.test(row)) {
      const from = at
      while (at < rows.length - 1 && !rows[at].includes('*/')) at++
      const inside = rows
        .slice(from, at + 1)
        .map((one) => one.replace(/^\s*\/\*\*?|\*\/.*$/g, '').replace(/^\s*\* ?/, ''))
      let open = null
      inside.forEach((one, index) => {
        if (one.trim() === '' || /^\s*\|/.test(one)) {
          open = null
          return
        }
        // Rows of an indented table stand by themselves.
        if (/^ {2,}\S/.test(one)) open = null
        for (const part of one.split(/(?=@(?:param|returns|throws|see|yields|default)\b)/)) {
          if (part.trim() === '') continue
          if (open && !part.startsWith('@')) open.text += ` ${part.trim()}`
          else texts.push((open = { line: from + index + 1, text: part.trim() }))
        }
      })
    } else {
      const behind = /^[^'"`]*\S\s+(?:\/\/ |\/\*\* )([^'"`]*?)(?:\*\/.*)?$/.exec(row)
      if (behind) texts.push({ line: at + 1, text: behind[1] })
    }
  }
  return texts.filter(({ text }) => !text.startsWith('@see') && !/^[─=-]+/.test(text))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = sentences()
  let tooLong = 0
  for (const kind of ['docs', 'comments']) {
    const own = all.filter((one) => one.kind === kind)
    const over = own.filter(({ words }) => words > 25)
    const share = ((100 * over.length) / own.length).toFixed(1)
    console.log(
      `${kind}: ${own.length} sentences, ${over.length} over 25 words (${share} %), limit ${LIMITS[kind]}`,
    )
    for (const { words, file, line, text } of process.argv.includes('--all') ? over : own.slice(0, 10))
      console.log(`  ${words} words  ${file}:${line}  ${text.slice(0, 160)}`)
    tooLong += own.filter(({ words }) => words > LIMITS[kind]).length
  }
  if (tooLong > 0) console.log(`${tooLong} sentences are over the limit: make two of each`)
  process.exitCode = tooLong > 0 ? 1 : 0
}
