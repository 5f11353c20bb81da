/** The synthetic exhibit with an answer for every entry: names, types, lists on scales, links, pipes, cameras, thumbnails. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareWithExpected, type JsonlLine } from '../../../fixtures/compare.ts'
import { makeFixture } from '../../../fixtures/make.ts'
import { Checks, type Observation } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'

export const fixture: Scenario = {
  id: 'fixture',
  title: 'odd names, types by content, scales of categories, links and pipes, with an answer for each',
  speaksOf: ['answers', 'incomplete-is-said', 'workers', 'no-original-pixels'],
  weight: { quick: 8, full: 10 },
  async run(bench) {
    const made = await makeFixture(bench.folder)
    const lists = [
      ...['--hashset', `illegal:${made.lists.illegal}`],
      ...['--hashset', `vics-us:${made.lists.vics}`],
      ...['--hashset', `known:${made.lists.known}`],
    ]
    const ledger = bench.at('case.sqlite')
    const action = `seized scan of ${made.expected.length} made entries, every phase`
    const summary = summaryOf(bench.scan(made.exhibit, ledger, ...lists, '--workers', '1'))
    const answers = new Checks(
      'answers',
      action,
      'kind, digest, hits, conflicts, type, look and attributes as the recipe says, for each entry',
    )
    const entries = bench.entries(ledger)
    const problems = compareWithExpected(made.expected, entries as unknown as readonly JsonlLine[])
    for (const entry of made.expected) answers.see(true, () => entry.shows)
    for (const problem of problems) answers.see(false, () => problem)

    const said = new Checks(
      'incomplete-is-said',
      action,
      'a file of 2^40 bytes that is mostly a hole is not read: not complete, exit code 13',
    )
    said.equal([summary.complete, summary.exitCode], [false, 13], 'complete and exit code')

    const workers = new Checks(
      'workers',
      `${action}, with 2 workers`,
      'the same evidence and analysis digest, with decoding in several processes',
    )
    const two = summaryOf(bench.scan(made.exhibit, bench.at('two.sqlite'), ...lists, '--workers', '2'))
    workers.equal(
      [two.evidenceDigest, two.analysisDigest],
      [summary.evidenceDigest, summary.analysisDigest],
      'digests',
    )
    return [answers.observation, said.observation, workers.observation, noPixels(bench, made.exhibit, ledger)]
  },
}

const RUN_BYTES = 64
/** Of a text in base64: enough bytes to be no coincidence, few enough for a field that is cut. */
const TEXT_BYTES = 30

/**
 * A run of a picture's bytes as it may stand in an output: as it is, in hexadecimal digits, and in base64, whose letters depend on
 * where its groups of three begin.
 */
function formsOf(run: Buffer): readonly (Buffer | string)[] {
  const start = run.subarray(0, TEXT_BYTES)
  return [
    run,
    start.toString('hex'),
    ...[0, 1, 2].map((skip) => run.toString('base64', skip, skip + TEXT_BYTES)),
  ]
}

/** Output of the program must contain no run of 64 bytes of a picture's file. */
function noPixels(bench: Bench, exhibit: string, ledger: string): Observation {
  const checks = new Checks(
    'no-original-pixels',
    'seized report --format html, jsonl',
    'no run of 64 bytes of a picture in ledger, custody log or reports, and none of 30 as text; no picture in the page but previews of at most 16 × 16 grey cells',
  )
  const html = bench.at('report.html')
  bench.seized('report', ledger, '--format', 'html', '--out', html)
  const written = [ledger, `${ledger}.custody.sqlite`, `${ledger}.jsonl`, html].filter((file) =>
    isThere(file),
  )
  const outputs = written.map((file) => readFileSync(file))
  const page = readFileSync(html, 'utf8')
  checks.see(
    !/<image|<video|background-image|url\(/i.test(page),
    () => 'the page has a picture that is no preview',
  )
  const previews = [...page.matchAll(/<img [^>]*src="([^"]*)"/g)]
  checks.see(previews.length > 0, () => 'the page shows no preview that could be looked into')
  for (const [, source] of previews)
    checks.see(isPreview(source!), () => `a picture of more than 16 × 16 cells: ${source!.slice(0, 80)}`)
  checks.see(written.length >= 3, () => `only ${written.length} outputs were there to look into`)
  for (const name of [
    'DCIM/100CAM/IMG_0001.JPG',
    'DCIM/100CAM/IMG_0002.JPG',
    '.hidden/.cache/thumb.png',
    'Windows/both.png',
  ]) {
    const bytes = readFileSync(join(exhibit, name))
    for (let at = 64; at + RUN_BYTES < bytes.length; at += 512) {
      const forms = formsOf(bytes.subarray(at, at + RUN_BYTES))
      const where = written.find((_, i) => forms.some((form) => outputs[i]!.includes(form)))
      checks.see(where === undefined, () => `bytes of ${name} stand in ${where}`)
    }
  }
  return checks.observation
}

function isThere(file: string): boolean {
  try {
    readFileSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return false
  }
}

/** A PNG of one grey channel, each side at most 16. */
function isPreview(source: string): boolean {
  const bytes = Buffer.from(source.replace(/^data:image\/png;base64,/, ''), 'base64')
  return (
    bytes.toString('latin1', 1, 4) === 'PNG' &&
    bytes.readUInt32BE(16) <= 16 &&
    bytes.readUInt32BE(20) <= 16 &&
    bytes[25] === 0
  )
}
