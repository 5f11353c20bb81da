/**
 * A logical image that lies as a file on the exhibit (L01, Lx01, AD1): the digests that it states of the files in it, each compared with
 * the lists. Its contents are not read: examined by itself it gives them.
 *
 * @see libewf, "Ltree section"; fox-it/dissect.evidence, ad1.py
 */
import { definedOnly } from '../../base/defined-only.ts'
import type { ContainerFormat, Medium, Segment } from '../../contracts/image.ts'
import { ImageRefused } from '../../wire/image-refused.ts'
import { AD1 } from '../image/container/ad1.ts'
import { EWF_L01, EWF_LX01 } from '../image/container/ewf/l01.ts'
import {
  ArtefactNotBuilt,
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
} from '../records/artefact.ts'

const FORMATS: readonly ContainerFormat[] = [EWF_L01, EWF_LX01, AD1]

export const logicalImage: ArtefactReader = {
  id: 'logical-image',
  mediaTypes: ['application/x-ewf-logical', 'application/x-ad1-image'],
  read(bytes, sink) {
    const segment = { name: 'image', medium: inMemory(bytes) }
    const format = FORMATS.find((one) => one.recognises([segment]))
    if (format === undefined) throw new NotAnArtefact()
    const files = opened(format, segment).logical
    if (files === null) throw new NotAnArtefact()
    for (const { path, kind, stream, status, sizeBytes, statedHashes = [] } of files.entries()) {
      if (kind === 'directory' || statedHashes.length === 0) continue
      const names = [...path, ...(stream === null ? [] : [stream])].map((name) => name.toString('utf8'))
      sink.add({
        what: {
          code: 'reported-file',
          params: definedOnly({
            by: 'logical-image',
            path: names.join('/'),
            sizeBytes,
            deleted: status === 'live' ? undefined : true,
          }),
        },
        digests: Object.fromEntries(statedHashes.map(({ algorithm, hex }) => [algorithm, hex])),
        sizeBytes,
      })
    }
    for (const { record } of files.problems()) spoiled(sink, format, record, bytes)
    return []
  },
}

/** @throws NotAnArtefact where nothing of it can be read, ArtefactNotBuilt where other segments belong to it */
function opened(format: ContainerFormat, segment: Segment) {
  try {
    return format.open([segment])
  } catch (error) {
    if (!(error instanceof ImageRefused)) throw error
    throw error.code === 'segment-missing' || error.code === 'segment-order'
      ? new ArtefactNotBuilt()
      : new NotAnArtefact()
  }
}

const AD1_HEADER_BYTES = 512
const LIST_OF_L01 = Buffer.from('ltree\0')

/** An AD1 says where; the list of an L01 is text, and where it begins is said; that of an Lx01 has no name: it is the file as a whole. */
function spoiled(sink: RecordCollector, format: ContainerFormat, record: number | null, bytes: Buffer): void {
  sink.spoiled(format === AD1 ? (record ?? 0) + AD1_HEADER_BYTES : Math.max(0, bytes.indexOf(LIST_OF_L01)))
}

function inMemory(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto(target, offset) {
      const part = bytes.subarray(Math.min(offset, bytes.length), offset + target.length)
      target.set(part)
      return part.length
    },
    damageIn: () => [],
  }
}
