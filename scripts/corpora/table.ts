/** The table of docs/evidence/corpora.md. */
import type { Compared } from './sample.ts'

export function tableOf(all: readonly Compared[]): string {
  const rows = all.map(({ sample, expected, seen, missing, more, ending }) => [
    sample.corpus,
    sample.name,
    sample.sha256.slice(0, 12),
    sample.is,
    `${expected} by ${sample.expected.by}`,
    `${seen}${more.length > 0 ? `, ${more.length} more` : ''}; ${ending}`,
    missing.length + more.length === 0 ? '—' : (sample.differs?.why ?? 'not explained'),
  ])
  const head = [
    'corpus',
    'sample',
    'SHA-256',
    'what it is',
    'expected',
    'seized',
    'difference and its reason',
  ]
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('')
}
