/**
 * Reads a logical image stored as a file on the exhibit (L01, Lx01, AD1). The stated digests of its files are
 * recorded and compared with the hash sets. The contents are not read; examining the image as its own exhibit gives
 * them.
 *
 * @see libewf, "Ltree section"; fox-it/dissect.evidence, ad1.py
 */
import { definedOnly } from '../../../base/defined-only.ts'
import type { ContainerFormat, Medium, Segment } from '../../../contracts/image.ts'
import { ImageRefused } from '../../../wire/image-refused.ts'
import { AD1 } from '../../image/container/ad1.ts'
import { EWF_L01, EWF_LX01 } from '../../image/container/ewf/l01.ts'
import {
  ArtefactNotBuilt,
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
} from '../../records/artefact.ts'

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

/** @throws NotAnArtefact when the image cannot be read, ArtefactNotBuilt when other segments are missing */
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

/**
 * AD1 states the offset of the damage. For an L01, the offset of its list is reported. The list of an Lx01 has no
 * signature, so the offset is 0.
 */
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
