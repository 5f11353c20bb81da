import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN, seized, temporaryFolder } from './seized.ts'

const rows = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify(
      [
        { id: i, text: 'the ferry leaves at ten' },
        {
          id: i,
          messages: [
            { sender: 'a', text: 'hello' },
            { sender: 'b', text: 'hi' },
          ],
        },
        { id: i, title: 'Cook', description: 'A cook for our kitchen in Vilnius.' },
      ][i % 3],
    ),
  ).join('\n')

const idsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: unknown }).id)

describe('classify --rows', () => {
  it.each([1, 3, 2000])('answers every row of a file of %i, in order', (count) => {
    const file = join(temporaryFolder(), 'rows.jsonl')
    writeFileSync(file, `${rows(count)}\n`)
    const { status, stdout } = seized(['classify', '--rows', file])
    expect(status).toBe(0)
    expect(idsOf(stdout)).toEqual(Array.from({ length: count }, (_, i) => i))
  })

  it('answers every row of standard input, with or without a last line feed', () => {
    for (const end of ['', '\n', '\r\n']) {
      const { stdout } = spawnSync(process.execPath, [BIN, 'classify', '--rows', '-'], {
        input: rows(5) + end,
        encoding: 'utf8',
      })
      expect(idsOf(stdout)).toEqual([0, 1, 2, 3, 4])
    }
  })

  it('says which file it could not read', () => {
    const { status, stderr } = seized(['classify', '--rows', '/tmp/no such rows'])
    expect(status).toBe(2)
    expect(stderr).toContain('/tmp/no such rows')
  })
})
