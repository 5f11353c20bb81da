/** Reads a sealed ledger: exports, a comparison with new lists, and the ledger itself. */
import { readFileSync, statSync } from 'node:fs'
import { digest, hashsetArgs, type Planted } from '../exhibits/planted.ts'
import { Checks, type Observation } from '../model/observation.ts'
import type { Bench, ExportedEntry } from '../model/scenario.ts'

export function exportsAgree(bench: Bench, ledger: string, entries: readonly ExportedEntry[]): Observation {
  const checks = new Checks(
    'exports-agree',
    'seized report --format csv, hashdeep, dfxml',
    'the contents and the hits of the JSONL export',
  )
  const contents = new Set(entries.filter(isFile).flatMap(({ sha256 }) => sha256 ?? []))
  const hits = entries.filter((entry) => entry.hits.length > 0).length
  const written = (format: string) => {
    const out = bench.at(`export.${format}`)
    const { code } = bench.seized('report', ledger, '--format', format, '--out', out)
    checks.equal(code, 0, `exit code of ${format}`)
    return code === 0 ? readFileSync(out, 'utf8') : ''
  }
  const inText = (text: string) => new Set(text.match(/\b[0-9a-f]{64}\b/g) ?? [])
  for (const format of ['hashdeep', 'csv', 'dfxml']) {
    const text = written(format)
    const there = inText(text)
    for (const sha256 of contents) checks.see(there.has(sha256), () => `${format} lacks ${sha256}`)
    if (format === 'csv')
      checks.equal(
        text
          .split('\n')
          .filter(
            (line) => line.includes('sha256.txt') || line.includes('sha1.txt') || line.includes('md5.txt'),
          ).length,
        hits,
        'lines of the table with a hit',
      )
    if (format === 'dfxml') {
      const said = bench.oracle('xmllint', ['--noout', '--huge', bench.at('export.dfxml')])
      if (said !== null) checks.equal(said, '', 'xmllint')
    }
  }
  return checks.observation
}

export function rematched(
  bench: Bench,
  made: Planted,
  scanned: string,
  entries: readonly ExportedEntry[],
): Observation {
  const checks = new Checks(
    'rematch',
    'seized scan without lists, then seized rematch with them',
    'the hits of a scan with the lists; a sealed ledger is compared and not changed',
  )
  const bare = bench.at('bare.sqlite')
  const matched = bench.at('rematched.sqlite')
  bench.scan(made.exhibit, bare, '--phases', 'inventory,known')
  const before = digest('sha256', readFileSync(bare))
  const { code } = bench.seized('rematch', bare, '--ledger', matched, ...hashsetArgs(made))
  checks.equal(code === 10 || code === 13, true, `exit code ${code} of a rematch with hits`)
  checks.equal(digest('sha256', readFileSync(bare)), before, 'the ledger that was compared')
  const hitsOf = (all: readonly ExportedEntry[]) =>
    new Map(
      all
        .filter((entry) => entry.hits.length > 0)
        .map((entry) => [entry.path, entry.hits.map((hit) => `${hit.algorithm} ${hit.meaning}`).sort()]),
    )
  const wanted = hitsOf(entries)
  const seen = hitsOf(bench.entries(matched))
  for (const [path, hits] of wanted) checks.equal(seen.get(path), hits, path)
  checks.equal(seen.size, wanted.size, `entries with a hit, beside ${scanned}`)
  return checks.observation
}

export function sealedUntouched(bench: Bench, ledger: string): Observation {
  const checks = new Checks(
    'sealed-untouched',
    'every reading verb on a sealed ledger',
    'the ledger file is the same, byte for byte, and verifies',
  )
  const before = digest('sha256', readFileSync(ledger))
  const verbs = [
    ['summary', ledger],
    ['search', ledger, 'item-1*', '--operator', 'validation run'],
    ['report', ledger, '--format', 'html', '--out', bench.at('one.html')],
    ['timeline', ledger, '--format', 'jsonl', '--out', bench.at('one.timeline')],
    ['verify', ledger],
  ]
  for (const verb of verbs) {
    const { code } = bench.seized(...verb)
    checks.see([0, 3, 10, 13].includes(code ?? -1), () => `${verb[0]} ended with ${code}`)
    checks.equal(digest('sha256', readFileSync(ledger)), before, `the ledger after ${verb[0]}`)
  }
  checks.equal(statSync(ledger).mode & 0o222, 0, 'rights to write')
  return checks.observation
}

const isFile = ({ kind }: ExportedEntry) => kind === 'file'
