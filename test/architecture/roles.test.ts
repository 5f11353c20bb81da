/** Readers and writers of a ledger are composed of small roles, and callers name the roles that they need. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, so that it runs before anything is compiled
import { sourceFiles } from '../../scripts/architecture.js'

const SRC = join(import.meta.dirname, '../../src')
const text = (file: string) => readFileSync(join(SRC, file), 'utf8')

/** Files that name the whole where three roles are not enough; the number only falls. */
const WHOLES = [
  { whole: 'LedgerReader', file: 'contracts/ledger-reader.ts', files: 48 },
  { whole: 'Session', file: 'contracts/session.ts', files: 8 },
] as const

describe.each(WHOLES)('$whole', ({ whole, file, files }) => {
  const declared = [
    ...text(file).matchAll(/^export interface (\w+)(?:\s+extends ([\w,\s]+?))? \{(\}|[\s\S]*?^\})/gm),
  ]
  const roles = declared.filter(([, name]) => name !== whole)

  it('is composed of all its roles, and has no member beside them', () => {
    const [, , of, members] = declared.find(([, name]) => name === whole)!
    expect(of!.split(/,\s*/).sort()).toEqual(roles.map(([, name]) => name).sort())
    expect(members).toBe('}')
  })

  it.each(roles.map(([, name, , body]) => [name, body] as const))(
    'has the role %s of one to five members',
    (_, body) => {
      const members = body!.match(/^ {2}(?:readonly )?\w+[(:]/gm) ?? []
      expect(members.length).toBeGreaterThanOrEqual(1)
      expect(members.length).toBeLessThanOrEqual(5)
    },
  )

  it(`is named whole by ${files} files`, () => {
    const naming = (sourceFiles() as string[]).filter(
      (one) => one !== file && new RegExp(`import type \\{[^}]*\\b${whole}\\b[^}]*\\} from`).test(text(one)),
    )
    expect(naming.length).toBeLessThanOrEqual(files)
  })
})
