/**
 * `SEIZED_INSPECT=child,reader` stops each process of these kinds at its first line until a debugger is attached.
 *
 * Such a process is not confined, because confinement takes away the socket that a debugger needs. So this works only in a
 * checkout of the source and with --allow-unconfined, and the ledger says so. No time limit ends such a process.
 */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { PROGRAM_ROOT } from '../../base/version.ts'
import type { Spawned } from '../../process/spawn.ts'

/** Kinds of processes, each with the entries that start one. */
const INSPECTABLE: Readonly<Record<string, readonly string[]>> = {
  child: ['child'],
  lister: ['image-lister'],
  reader: ['image-reader', 'reader-child'],
  walker: ['walk-child'],
}

const asked = (process.env.SEIZED_INSPECT ?? '').split(',').filter((kind) => kind !== '')

/** Kinds that this run stops for a debugger; empty: none. */
export const inspectedKinds: readonly string[] = asked

/** @throws UsageError when this installation, or this command, does not permit it */
export function requireInspectable(allowUnconfined: boolean): void {
  if (asked.length === 0) return
  const unknown = asked.find((kind) => !Object.hasOwn(INSPECTABLE, kind))
  if (unknown !== undefined)
    throw new UsageError(
      `SEIZED_INSPECT names ${JSON.stringify(unknown)}, which is none of ${Object.keys(INSPECTABLE).join(', ')}.`,
    )
  if (!existsSync(join(PROGRAM_ROOT, 'src/cli/main.ts')))
    throw new UsageError(
      'SEIZED_INSPECT stops processes for a debugger, which works only in a checkout of the source: an installed program confines each process. Unset it.',
    )
  if (!allowUnconfined)
    throw new UsageError(
      'SEIZED_INSPECT stops processes for a debugger, and a process with a debugger cannot be confined. Say --allow-unconfined, and use synthetic exhibits only: the ledger says so.',
    )
}

/** The kind of the process with this entry, when it stops for a debugger; null: it runs as usual. */
export function inspectedKind(entry: string): string | null {
  const name = basename(entry, '.js')
  return asked.find((kind) => INSPECTABLE[kind]?.includes(name)) ?? null
}

/** Port 0: the system chooses a free one. Loopback alone. */
export const INSPECT_FLAGS = ['--inspect-brk=127.0.0.1:0'] as const

/** Prints the address of its debugger once the process states it. @returns the process, which no time limit ends */
export function toldOfDebugger(spawned: Spawned, kind: string): Spawned {
  let said = ''
  const listen = (text: Buffer) => {
    said += text.toString('latin1')
    const address = /^Debugger listening on (ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+)\n/m.exec(said)?.[1]
    if (address === undefined) return
    spawned.stderr.off('data', listen)
    process.stderr.write(
      `inspect ${kind} (process ${spawned.process.pid}) waits for a debugger: ${address}\n`,
    )
  }
  spawned.stderr.on('data', listen)
  return { ...spawned, inspected: true }
}
