/** Generates the manual page (roff, man macros) from the table of verbs. @see groff_man(7) */
import { EXIT_CODES } from '../base/exit-codes.ts'
import { VERSION } from '../base/version.ts'
import type { AnyOption } from './arguments/option.ts'
import type { AnyVerb } from './arguments/verb.ts'
import { DESCRIPTION } from './verbs.ts'

export function manualPage(verbs: readonly AnyVerb[]): string {
  return [
    `.TH SEIZED 1 "" "seized ${VERSION}" "Forensic triage"`,
    '.SH NAME',
    'seized \\- triage of a seized device for forensic examiners',
    '.SH SYNOPSIS',
    '.B seized',
    '.I verb',
    '[options]',
    '.SH DESCRIPTION',
    ...DESCRIPTION.split('\n').map(text),
    '.SH VERBS',
    ...verbs.flatMap(verbSection),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(({ code, words }) => ['.TP', `.B ${code}`, text(words)]),
    '',
  ].join('\n')
}

function verbSection(row: AnyVerb): string[] {
  return [
    `.SS ${text(row.name)} ${text(row.operands.map(({ form }) => form).join(' '))}`,
    text(row.summary),
    ...row.operands.flatMap(({ form, help }) => ['.TP', `.I ${text(form)}`, text(help)]),
    ...Object.values(row.options as Readonly<Record<string, AnyOption>>).flatMap(({ flags, help }) => [
      '.TP',
      `.B ${text(flags)}`,
      ...help.split('\n').flatMap((line, i) => (i === 0 ? [text(line)] : ['.br', text(line)])),
    ]),
    ...(row.more ? ['.PP', '.nf', ...row.more.trim().split('\n').map(text), '.fi'] : []),
  ]
}

/** Escapes text: a line that begins with a dot or an apostrophe would be a request. */
function text(line: string): string {
  const escaped = line.replaceAll('\\', '\\e').replaceAll('-', '\\-')
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped
}
