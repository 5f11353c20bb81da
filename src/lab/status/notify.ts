/** Reports changes by a file and by a program of the laboratory; counts only. */
import { spawn } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabConfig } from '../manifest/host-config.ts'
import type { LabStatus } from '../queue/status.ts'

/** @returns the report, or null where none is configured */
export function notify({ notifyFolder, notifyProgram }: LabConfig, status: LabStatus): string | null {
  if (notifyFolder === null) return null
  mkdirSync(notifyFolder, { recursive: true })
  const file = join(notifyFolder, `${status.utc.replaceAll(':', '')}-${process.pid}.json`)
  writeFileSync(`${file}.partial`, `${JSON.stringify(countsOf(status))}\n`)
  renameSync(`${file}.partial`, file)
  if (notifyProgram !== null) {
    const child = spawn(notifyProgram, [file], { stdio: 'ignore', detached: true })
    // A program that cannot be started must not stop the examination; the file exists.
    child.on('error', () => {})
    child.unref()
  }
  return file
}

function countsOf({ utc, exhibits, asides, hosts }: LabStatus): Readonly<Record<string, number | string>> {
  const having = (state: string) => exhibits.filter((one) => one.state === state).length
  return {
    utc,
    waiting: having('waiting'),
    atWork: having('claimed'),
    examined: having('finished'),
    withFindings: exhibits.filter(({ exitCode }) => exitCode === 10 || exitCode === 13).length,
    needPerson: having('needs-person') + having('failed'),
    superseded: exhibits.reduce((sum, { superseded }) => sum + superseded.length, 0),
    notBooked: asides.length,
    hosts: hosts.length,
  }
}
