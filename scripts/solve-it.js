/**
 * Writes docs/reference/solve-it.md from src/contracts/solve-it.ts. `--check` compares instead of writing. `--against DIR` compares
 * ids, names and which weakness belongs to which technique with a checkout of SOLVE-IT (its folder `data`), and writes nothing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  REQUIREMENT_IDS,
  SOLVE_IT,
  STAGE_TECHNIQUES,
  STEP_TECHNIQUES,
  TECHNIQUES,
  WEAKNESSES,
} from '../src/contracts/solve-it.ts'

const FILE = fileURLToPath(new URL('../docs/reference/solve-it.md', import.meta.url))

export function solveItPage() {
  const named = (ids, names) => (ids.length === 0 ? '–' : ids.map((id) => `${id} ${names[id]}`).join('<br>'))
  const techniques = (rows) =>
    table(
      ['part', 'techniques'],
      rows.map(([part, ids]) => [`\`${part}\``, named(ids, TECHNIQUES)]),
    )
  return [
    '# Stages and requirements in the ids of SOLVE-IT',
    '',
    'Written by `node scripts/solve-it.js` from `src/contracts/solve-it.ts`; do not edit. SOLVE-IT is a knowledge base of techniques,',
    'weaknesses and mitigations of digital forensics (https://github.com/SOLVE-IT-DF/solve-it, MIT licence). Ids and names are those of',
    `commit ${SOLVE_IT.commit.slice(0, 12)} of ${SOLVE_IT.day}.`,
    '',
    'A technique says which kind of work a part is. A weakness says what a requirement of `seized validate` is tested against; it does',
    'not say that the weakness is excluded. A dash means that SOLVE-IT had none that fits. The same ids stand in the CASE graph (as',
    'external references of the examination and of each match) and in the validation record (beside each requirement).',
    '',
    '## Stages',
    '',
    ...techniques(Object.entries(STAGE_TECHNIQUES)),
    '',
    '## Steps outside the stages',
    '',
    ...techniques(Object.entries(STEP_TECHNIQUES)),
    '',
    '## Requirements of a validation',
    '',
    ...table(
      ['requirement', 'techniques', 'weaknesses that it is tested against'],
      Object.entries(REQUIREMENT_IDS).map(([id, { techniques: of, weaknesses }]) => [
        `\`${id}\``,
        of.join(', ') || '–',
        named(weaknesses, WEAKNESSES),
      ]),
    ),
    '',
  ].join('\n')
}

/** @returns {string[]} what differs from a checkout's folder `data` */
export function differencesFrom(data) {
  const read = (folder, id) => {
    const file = join(data, folder, `${id}.json`)
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  }
  const names = (folder, of) =>
    Object.entries(of).flatMap(([id, name]) => {
      const there = read(folder, id)
      if (there === null) return [`${id} is not there`]
      return plain(there.name) === plain(name) ? [] : [`${id} is called "${there.name}", here "${name}"`]
    })
  const owned = Object.entries(REQUIREMENT_IDS).flatMap(([id, { techniques, weaknesses }]) =>
    weaknesses
      .filter((one) => !techniques.some((of) => read('techniques', of)?.weaknesses.includes(one)))
      .map((one) => `${one} is a weakness of no technique of "${id}"`),
  )
  return [...names('techniques', TECHNIQUES), ...names('weaknesses', WEAKNESSES), ...owned]
}

const plain = (name) => name.replaceAll('’', "'").trim()

/** Padded as the formatter of this repository pads tables. */
function table(heads, rows) {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)))
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const against = process.argv.indexOf('--against')
  const page = solveItPage()
  let faults = []
  if (against > 0) faults = differencesFrom(process.argv[against + 1])
  else if (!process.argv.includes('--check')) writeFileSync(FILE, page)
  else if (readFileSync(FILE, 'utf8') !== page)
    faults = ['docs/reference/solve-it.md is out of date: run node scripts/solve-it.js']
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
