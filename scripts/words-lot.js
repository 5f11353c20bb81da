/**
 * Draws source files by lot and prints one comment of each before and after, as rows of a table:
 * `node scripts/words-lot.js SEED COMMIT [COUNT]`.
 *
 * The draw can be repeated: file i is SHA-256(seed:i), first 48 bits, modulo the files that exist at both ends (renames followed), in
 * the order of their names. A file whose comments did not change is shown as such.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'

const [seed = '27', commit = 'HEAD~1', count = '10'] = process.argv.slice(2)
const git = (...args) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 28 })

/** New name → old name, for source files that exist at both ends. */
function filesAtBothEnds() {
  const pairs = new Map(
    git('ls-tree', '-r', '--name-only', commit)
      .split('\n')
      .map((file) => [file, file]),
  )
  for (const row of git('diff', '-M40%', '--name-status', '-l0', commit, 'HEAD').split('\n')) {
    const [how, from, to] = row.split('\t')
    if (how?.startsWith('R')) pairs.set(to, from)
  }
  const now = new Set(git('ls-tree', '-r', '--name-only', 'HEAD').split('\n'))
  return [...pairs]
    .filter(([to]) => now.has(to) && /^src\/.*\.tsx?$/.test(to))
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function drawn(files) {
  const chosen = new Map()
  for (let i = 0; chosen.size < Number(count); i++) {
    const number = createHash('sha256').update(`${seed}:${i}`).digest().readUIntBE(0, 6) % files.length
    chosen.set(...files[number])
  }
  return [...chosen]
}

/** Comments with the code that follows each, by which the two ends are joined. */
function commentsOf(text) {
  return [...text.matchAll(/\/\*\*([\s\S]*?)\*\/\s*(.*)|^\s*\/\/ (.*(?:\n\s*\/\/ .*)*)\n\s*(.*)/gm)].map(
    ([, block, next, line, after]) => ({
      text: (block ?? line)
        .replace(/^\s*(?:\*|\/\/) ?/gm, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      code: (next ?? after).replace(/['"].*/, '').trim(),
    }),
  )
}

const cell = (text) =>
  (text.length > 330 ? `${text.slice(0, 330).replace(/\s\S*$/, '')} …` : text).replaceAll('|', '\\|')

console.log('| file | before | after |\n| ---- | ------ | ----- |')
for (const [to, from] of drawn(filesAtBothEnds())) {
  const before = commentsOf(git('show', `${commit}:${from}`))
  const after = commentsOf(git('show', `HEAD:${to}`))
  const changed = after
    .map(({ text, code }, index) => ({
      text,
      old: index === 0 ? before[0]?.text : before.find((one) => one.code === code && code !== '')?.text,
    }))
    .find(({ text, old }) => old !== undefined && old !== text)
  const [old, now] = changed ? [changed.old, changed.text] : [after[0]?.text ?? '(no comment)', '(unchanged)']
  console.log(`| \`${to.replace('src/', '')}\` | ${cell(old)} | ${cell(now)} |`)
}
