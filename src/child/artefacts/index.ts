/** The readers of device records: one file and one line a program or format. */
import type { ArtefactReader } from './artefact.ts'
import { emule } from './emule.ts'
import { sqliteDatabases } from './sqlite-databases.ts'
import { torrent } from './torrent.ts'

export const ARTEFACTS: readonly ArtefactReader[] = [emule, torrent, sqliteDatabases]

export function artefactReaderFor(mediaType: string): ArtefactReader | null {
  return ARTEFACTS.find(({ mediaTypes }) => mediaTypes.includes(mediaType)) ?? null
}
