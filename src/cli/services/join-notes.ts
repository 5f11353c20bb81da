/** The digests of joined ledgers that this installation made, in the user's state folder: one line for each, the newest last. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { JoinNotes } from '../../case/kept-join.ts'
import { stateFile } from './state-folder.ts'

const NAME = 'joined-cases'

export const JOIN_NOTES: JoinNotes = {
  noted(folder) {
    const file = stateFile(NAME)
    if (file === null || !existsSync(file)) return null
    const own = readFileSync(file, 'utf8')
      .split('\n')
      .findLast((line) => line.slice(65) === JSON.stringify(folder))
    return own?.slice(0, 64) ?? null
  },
  note(folder, digest) {
    const file = stateFile(NAME)
    // Without a home folder it is made again at every start.
    if (file === null) return
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    appendFileSync(file, `${digest} ${JSON.stringify(folder)}\n`, { mode: 0o600 })
  },
}
