/**
 * The Markdown that the docs use, as HTML: headings, paragraphs, tables, lists, code and quotations. A test renders every
 * page of the docs, so that a form which is not read here is seen.
 */
import { escaped, inline, type Resolve } from './inline.ts'

export interface Heading {
  readonly level: number
  readonly id: string
  readonly text: string
}

export interface Rendered {
  readonly html: string
  readonly headings: readonly Heading[]
}

export function render(text: string, resolve: Resolve): Rendered {
  const headings: Heading[] = []
  const html = blocks(text.replace(/\r/g, '').split('\n'), resolve, headings)
  return { html, headings }
}

const FENCE = /^ {0,3}```/
const HEADING = /^(#{1,6}) +(.+?)\s*#*$/
const ROW = /^\s*\|.*\|\s*$/
const RULE = /^ {0,3}(?:---+|\*\*\*+)\s*$/
const ITEM = /^( {0,3})([-*]|\d+[.)])( +)(.*)$/

function blocks(lines: readonly string[], resolve: Resolve, headings: Heading[]): string {
  let html = ''
  let i = 0
  const takeWhile = (holds: (line: string) => boolean) => {
    const start = i
    while (i < lines.length && holds(lines[i]!)) i++
    return lines.slice(start, i)
  }
  while (i < lines.length) {
    const line = lines[i]!
    const heading = HEADING.exec(line)
    if (line.trim() === '') i++
    else if (FENCE.test(line)) {
      i++
      html += `<pre><code>${escaped(takeWhile((one) => !FENCE.test(one)).join('\n'))}</code></pre>\n`
      i++
    } else if (heading) {
      i++
      html += headingOf(heading[1]!.length, heading[2]!, resolve, headings)
    } else if (RULE.test(line)) {
      i++
      html += '<hr>\n'
    } else if (ROW.test(line))
      html += table(
        takeWhile((one) => ROW.test(one)),
        resolve,
      )
    else if (line.startsWith('>'))
      html += `<blockquote>${blocks(
        takeWhile((one) => one.startsWith('>')).map((one) => one.replace(/^> ?/, '')),
        resolve,
        headings,
      )}</blockquote>\n`
    else if (ITEM.test(line)) html += list(takeWhile(belongsToList(line)), resolve, headings)
    else if (line.startsWith('    '))
      html += `<pre><code>${escaped(
        takeWhile((one) => one.startsWith('    ') || one.trim() === '')
          .map((one) => one.slice(4))
          .join('\n')
          .trimEnd(),
      )}</code></pre>\n`
    else html += `<p>${inline(takeWhile(isOfParagraph).join('\n'), resolve)}</p>\n`
  }
  return html
}

function isOfParagraph(line: string): boolean {
  return (
    line.trim() !== '' &&
    !FENCE.test(line) &&
    !HEADING.test(line) &&
    !ROW.test(line) &&
    !ITEM.test(line) &&
    !line.startsWith('>')
  )
}

/** Items of one kind (bullets or numbers), their continued lines, and blank lines between. */
function belongsToList(first: string): (line: string) => boolean {
  const isNumbered = /^\s*\d/.test(first)
  let wasBlank = false
  return (line) => {
    const item = ITEM.exec(line)
    const belongs =
      line.trim() === '' ||
      /^ {2,}/.test(line) ||
      (item !== null ? /^\d/.test(item[2]!) === isNumbered : !wasBlank && isOfParagraph(line))
    wasBlank = line.trim() === ''
    return belongs
  }
}

function list(lines: readonly string[], resolve: Resolve, headings: Heading[]): string {
  const items: string[][] = []
  const indent = ITEM.exec(lines[0]!)![1]!.length
  for (const line of lines) {
    const item = ITEM.exec(line)
    if (item !== null && item[1]!.length <= indent) items.push([item[4]!])
    else items.at(-1)!.push(line.replace(/^ {1,4}/, ''))
  }
  const tag = /^\s*\d/.test(lines[0]!) ? 'ol' : 'ul'
  const isLoose = (of: readonly string[]) => of.slice(0, -1).some((line) => line.trim() === '')
  const rows = items.map((of) => {
    const html = blocks(of, resolve, headings)
    const tight = isLoose(of) ? html : html.replace(/^<p>([\s\S]*?)<\/p>/, '$1')
    return `<li>${tight.trim()}</li>`
  })
  return `<${tag}>\n${rows.join('\n')}\n</${tag}>\n`
}

function table(lines: readonly string[], resolve: Resolve): string {
  const [head, rule, ...rows] = lines.map(cellsOf)
  if (head === undefined) return ''
  const isRight = (rule ?? []).map((cell) => /^:?-+:$/.test(cell) && !cell.startsWith(':'))
  const cell = (tag: 'td' | 'th', text: string, i: number) =>
    `<${tag}${isRight[i] === true ? ' class="number"' : ''}>${inline(text, resolve)}</${tag}>`
  const row = (tag: 'td' | 'th', cells: readonly string[]) =>
    `<tr>${cells.map((text, i) => cell(tag, text, i)).join('')}</tr>`
  return `<div class="wide"><table><thead>${row('th', head)}</thead>\n<tbody>${rows
    .map((cells) => row('td', cells))
    .join('\n')}</tbody></table></div>\n`
}

/** A bar that a backslash stands before is part of a cell. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function headingOf(level: number, text: string, resolve: Resolve, headings: Heading[]): string {
  const base = slug(text)
  const same = headings.filter(({ id }) => id === base || id.replace(/-\d+$/, '') === base).length
  const id = same === 0 ? base : `${base}-${same}`
  headings.push({ level, id, text: text.replace(/[`*]/g, '') })
  return `<h${level} id="${id}">${inline(text, resolve)}</h${level}>\n`
}

/** Anchors as GitHub makes them, so that links of the docs lead to the same places. */
function slug(text: string): string {
  return text
    .replace(/[`*]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}
