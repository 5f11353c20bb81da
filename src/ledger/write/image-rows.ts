/** Writes the image of the exhibit and its medium as rows. */

import { storedJson } from '../../base/stored-json.ts'
import type { ExhibitImage, ImageHash, ListedMedium } from '../../contracts/image-exhibit.ts'
import type { RecordedHash } from '../../contracts/ledger.ts'
import { LOCK_REMARK, lockParams } from '../format/lock-remark.ts'
import { resultValues } from '../format/result-row.ts'
import type { Put } from './appender.ts'

/** The facts that are known when the image is opened. */
export function putImage(put: Put, image: ExhibitImage): void {
  put('image', [1, image.format, image.sizeBytes])
  image.segments.forEach(({ name, sizeBytes }, i) => {
    put('segment', [i + 1, name, sizeBytes])
  })
  for (const { name, value } of image.stated) put('stated', [null, name, value])
  for (const hash of image.storedHashes) putImageHash(put, hash, 'stored')
  for (const { code, params } of image.remarks) put('remark', [null, code, storedJson(params)])
}

export function putImageHash(put: Put, { algorithm, hex }: ImageHash, origin: RecordedHash['origin']): void {
  put('image_hash', [origin, algorithm, Buffer.from(hex, 'hex')])
}

/** @throws RangeError when the byte classes do not add up to the size */
export function putMedium(put: Put, sizeBytes: number, { ranges, classes, samples }: ListedMedium): void {
  const sum = classes.reduce((bytes, one) => bytes + one.bytes, 0)
  if (sum !== sizeBytes)
    throw new RangeError(`the classes of bytes add up to ${sum}, the image has ${sizeBytes} bytes`)
  for (const { range, fileSystem, listed, problems, lock } of ranges) {
    const { offset, length, kind, number, scheme, type, name, content } = range
    const of = fileSystem && [fileSystem.kind, fileSystem.label, fileSystem.uuid, fileSystem.clusterBytes]
    put('volume', [
      offset,
      length,
      kind,
      number,
      scheme,
      type,
      name,
      content,
      ...(of ?? [null, null, null, null]),
      ...resultValues(listed),
    ])
    if (lock) put('remark', [number, LOCK_REMARK, storedJson(lockParams(lock))])
    for (const one of fileSystem?.stated ?? []) put('stated', [number, one.name, one.value])
    for (const { code, record, detail } of problems)
      put('volume_problem', [number ?? 0, code, record, detail])
  }
  for (const { volume, class: name, bytes } of classes) put('byte_class', [volume, name, bytes])
  for (const { volume, seed, blockBytes, blocks, drawn, read, empty, matched, hashSetSha256 } of samples)
    put('sample', [
      volume,
      'unallocated',
      Buffer.from(seed),
      blockBytes,
      blocks,
      drawn,
      read,
      empty,
      matched,
      hashSetSha256,
    ])
}
