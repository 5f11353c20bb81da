/**
 * Reads `report.xml` of an extraction (UFDR): the stated digests of files, including files whose content is not in
 * the archive.
 *
 * @see IPED (sepinf-inc), UfedXmlReader
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { eachReported } from '../../image/filesystem/zip/extraction-report.ts'
import type { ArtefactReader } from '../../records/artefact.ts'

const PIECE_BYTES = 256 * 1024

export const extractionReport: ArtefactReader = {
  id: 'extraction-report',
  mediaTypes: ['application/x-ufed-report+xml'],
  read(bytes, sink) {
    eachReported(piecesOf(bytes), ({ path, sizeBytes, deleted, hashes }) => {
      if (hashes.length === 0) return
      sink.add({
        what: {
          code: 'reported-file',
          params: definedOnly({ path, sizeBytes: sizeBytes ?? undefined, deleted: deleted || undefined }),
        },
        digests: Object.fromEntries(hashes.map(({ algorithm, hex }) => [algorithm, hex])),
        sizeBytes,
      })
    })
    return []
  },
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}
