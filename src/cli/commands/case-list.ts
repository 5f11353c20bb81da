/** `seized case list`: contents of a case with a finding or a decision, each once, with its places by exhibit. */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { type ListedContent, listedContents, type OnExhibit } from '../../case/listed-contents.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_LIST } from '../arguments/options-table.ts'
import { openedCase, recordInCase } from '../services/case-folders.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'

/** @returns 0 when there was a content, 3 when there was none: scripts tell them apart */
export async function list([folder]: readonly string[], given: Given<typeof CASE_LIST>): Promise<number> {
  const { state } = openedCase(folder!, given.heads)
  const ledgers = await openCase([folder!], { ...given, orSealedHere: true })
  try {
    const all = listedContents(ledgers)
    const shown = given.shared ? all.filter(({ on }) => on.length > 1) : all
    const detail = { list: given.shared ? 'shared' : 'all', shown: String(shown.length) }
    // Logged before it is shown, as every search.
    recordInCase(folder!, { event: 'searched', operator: given.operator ?? null, detail }, given.heads)
    if (given.json) for (const one of shown) process.stdout.write(`${jsonLine(one)}\n`)
    else {
      const shared = all.filter(({ on }) => on.length > 1).length
      process.stdout.write(
        `CASE ${printText(state.caseNumber)}: ${plural(all.length, 'content')} with a finding or a decision, ${formatCount(shared)} of them on several exhibits\n`,
      )
      for (const one of shown) process.stdout.write(`\n${linesOf(one).join('\n')}\n`)
    }
    return shown.length > 0 ? EXIT.complete : EXIT.incomplete
  } finally {
    closeAll(ledgers)
  }
}

function linesOf(one: ListedContent): string[] {
  const { lists, near, conflicts, leads, decisions, on } = one
  const found = [
    ...lists.map(
      ({ list: name, meaning, category }) =>
        `on list ${printText(name)} (${meaning}${category === null ? '' : `, category ${printText(category)}`})`,
    ),
    ...(conflicts > 0 ? ['digest conflict'] : []),
    ...(near > 0 ? ['near match'] : []),
    ...(leads > 0 ? [plural(leads, 'lead')] : []),
    ...decisions.map(
      ({ scale, category, operator }) =>
        `decided by ${printText(operator)}: ${printText(category ?? '')} on ${printText(scale)}`,
    ),
  ]
  return [
    `${one.sha256}  ${printText(one.mediaType)}${one.priority === null ? '' : `  priority ${one.priority}`}`,
    ...found.map((line) => `  ${line}`),
    `  on ${named(on.map(({ exhibit }) => printText(exhibit)))}${firstSeen(on)}`,
    ...on.flatMap(({ exhibit, paths }) => paths.map((path) => `    ${printText(exhibit)}: ${path}`)),
  ]
}

/** The exhibit with the earliest time of a file; a time of a file system, which says no more than that. */
function firstSeen(on: readonly OnExhibit[]): string {
  const [first] = on
    .flatMap(({ exhibit, earliest }) => (earliest === null ? [] : [{ exhibit, earliest }]))
    .sort((a, b) => (a.earliest < b.earliest ? -1 : 1))
  return first === undefined ? '' : `; earliest file time ${first.earliest} on ${printText(first.exhibit)}`
}

function named(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
