import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/base/exit-codes.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { exitCodeOf } from '../../src/cli/commands/doctor.ts'
import { advice, ok, todo } from '../../src/cli/doctor/check.ts'
import { clock, disk, runtime } from '../../src/cli/doctor/machine.ts'
import { models } from '../../src/cli/doctor/program.ts'
import { seized, temporaryFolder } from './seized.ts'

const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('seized doctor', () => {
  it('starts a process of each kind, scans what it made, and says that the machine is ready', () => {
    const folder = temporaryFolder()
    const { status, stdout, stderr } = seized(['doctor', '--json', '--dir', folder])
    const checks = linesOf(stdout)
    expect(checks.at(-1), stdout + stderr).toEqual({ event: 'doctor', ready: true, todo: 0, exitCode: 0 })
    expect(status).toBe(0)
    const named = (name: string) => checks.filter((check) => check.name === name)
    expect(named('child').length).toBe(8)
    expect(named('trial').map(({ state }) => state)).toEqual(['ok', 'ok'])
    expect(named('confinement').map(({ state }) => state)).toEqual(['ok'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('says what to do, with exit code 2, where nothing confines what decodes', () => {
    const { status, stdout } = seized(['doctor', '--dir', temporaryFolder()], { PATH: '/nonexistent' })
    expect(status).toBe(EXIT.usage)
    expect(stdout).toContain('TO DO   confinement')
    expect(stdout).toContain('util-linux 2.40 or later')
    expect(stdout).not.toContain('This machine is ready')
  })

  it('names a model that is not what its card pins', () => {
    const folder = join(temporaryFolder(), 'models')
    const [id] = readdirSync(MODELS_DIR).filter((name) =>
      readdirSync(MODELS_DIR, { withFileTypes: true }).some(
        (item) => item.name === name && item.isDirectory(),
      ),
    )
    mkdirSync(folder)
    cpSync(join(MODELS_DIR, id!), join(folder, id!), { recursive: true })
    expect(models(folder).map(({ state }) => state)).toEqual(['ok'])
    const file = join(folder, id!, readdirSync(join(folder, id!)).find((name) => name.endsWith('.onnx'))!)
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(file, bytes)
    const [check] = models(folder)
    expect(check).toMatchObject({ state: 'todo', exit: 'ledgerDamaged' })
    expect(check!.found).toContain(id)
    expect(models(join(folder, 'none-here-at-all', '..', id!))[0]?.state).toBe('todo')
  })

  it('tells a clock that is behind from one that is not', () => {
    const heads = join(temporaryFolder(), 'heads.jsonl')
    writeFileSync(
      heads,
      `${JSON.stringify({ utc: '2031-01-01T00:00:00.000Z', first: '0'.repeat(64), head: '1'.repeat(64), ledger: '/x' })}\n`,
    )
    expect(clock(heads, Date.parse('2031-01-02T00:00:00Z')).state).toBe('ok')
    const behind = clock(heads, Date.parse('2030-01-01T00:00:00Z'))
    expect(behind.state).toBe('todo')
    expect(behind.found).toContain('journal of heads')
  })

  it('says of a line of Node whether it is maintained', () => {
    expect(runtime('24.21.0', new Date('2026-11-26')).state).toBe('ok')
    expect(runtime('24.21.0', new Date('2029-01-01')).state).toBe('advice')
    expect(runtime('23.1.0', new Date('2026-11-26')).state).toBe('advice')
  })

  it('names a folder that is not there', () => {
    expect(disk('/nonexistent/ledgers').map(({ state }) => state)).toEqual(['todo'])
  })

  it('ends with the worst of what must be done', () => {
    const damaged = todo('a', '', '', 'ledgerDamaged')
    expect(exitCodeOf([ok('a', ''), advice('b', '', '')])).toBe(EXIT.complete)
    expect(exitCodeOf([todo('a', '', '', 'tryAgain')])).toBe(EXIT.tryAgain)
    expect(exitCodeOf([todo('a', '', '', 'tryAgain'), todo('b', '', '')])).toBe(EXIT.usage)
    expect(exitCodeOf([todo('a', '', ''), damaged])).toBe(EXIT.ledgerDamaged)
  })
})
