/** The laboratory's state for a terminal: one line per exhibit, with remarks for a person directly below. */
import { formatBytes, formatCount } from '../../report/texts/format.ts'
import { resultWords } from '../batch/words.ts'
import type { ExhibitStatus, HostStatus, LabStatus } from '../queue/status.ts'
import { notesOn, SILENT_S, soFar } from './notes.ts'
import { SECTIONS, type Section, sectionsOf } from './sections.ts'
import { EXHIBIT_WORDS, SECTION_WORDS, LAB_WORDS as W } from './words.ts'

/** @param all exhibits that were examined before today too, and earlier attempts of every exhibit */
export function statusLines(status: LabStatus, all = false): string[] {
  const sections = sectionsOf(status)
  const shown = SECTIONS.filter((section) => sections[section].length > 0 && (all || section !== 'before'))
  const hidden = all ? 0 : sections.before.length
  return [
    ...status.asides.map(
      (one) => `${one.case ?? ''} ${one.exhibit ?? ''}: ${W.aside(one.id, one.host, one.why)}`,
    ),
    ...shown.flatMap((section) => [
      `${SECTION_WORDS[section]} (${formatCount(sections[section].length)})`,
      ...sections[section].flatMap((one) => exhibitLines(one, section, all)),
      '',
    ]),
    ...status.hosts.map(hostLine),
    ...(hidden > 0 ? [W.hidden(hidden)] : []),
  ]
}

function exhibitLines(one: ExhibitStatus, section: Section, all: boolean): string[] {
  const state = `${EXHIBIT_WORDS[one.state] ?? one.state}${one.held ? `, ${W.held}` : ''}`
  const line = `  ${one.case.padEnd(12)}  ${one.exhibit.padEnd(16)}  ${String(one.priority).padStart(3)}  ${state.padEnd(14)}  ${(one.host ?? '').padEnd(12)}  ${resultWords(one) || progressWords(one)}`
  const withAttempts = all || section === 'needs-person'
  return [line, ...notesOn(one, withAttempts).map(({ text }) => `      ${text}`)]
}

function hostLine({ name, state, drained, freeBytes, ageSeconds }: HostStatus): string {
  const said = ageSeconds > SILENT_S ? W.silent : drained ? W.drained : state
  return `${name.padEnd(12)}  ${said.padEnd(8)}  ${formatBytes(freeBytes)} ${W.free}, ${W.heard} ${W.ago(Number(ageSeconds))}`
}

function progressWords(one: ExhibitStatus): string {
  const { phase, entriesDone, entriesTotal } = one.progress ?? {}
  return phase === undefined
    ? ''
    : `${phase} ${formatCount(Number(entriesDone ?? 0))}/${formatCount(Number(entriesTotal ?? 0))}, ${soFar(one)}`
}
