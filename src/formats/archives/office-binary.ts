/** Lists members of documents in the older Office formats: drawing pictures, packaged files, embedded documents. */
import { constants } from 'node:buffer'
import { inflateSync } from 'node:zlib'
import { notDone } from '../../contracts/stage.ts'
import { detailOf } from '../bytes/coded-error.ts'
import type { CompoundFile } from '../compound/compound-file.ts'
import { drawnPictures } from '../compound/drawn-pictures.ts'
import { drawingGroup } from '../compound/excel-records.ts'
import { packagedFile } from '../compound/packaged-file.ts'
import { records } from '../compound/powerpoint-records.ts'
import { type Budget, ContainerDamaged, type Member } from './common/container.ts'

/** Streams that may contain embedded objects. */
const HOLDERS =
  /^(WordDocument|Data|[01]Table|Workbook|Book|Pictures|PowerPoint Document|EscherDelayStm|Package|CONTENTS|\u0001Ole10Native)$/i

export function* documentMembers(file: CompoundFile, budget: Budget): Generator<Member> {
  let broken = 0
  for (const entry of file.entries) {
    if (entry.kind !== 'stream' || !HOLDERS.test(entry.name)) continue
    const { bytes, whole } = file.read(entry)
    if (!whole) broken++
    yield* insideOf(entry.path, entry.name, bytes, budget)
  }
  if (broken > 0) throw new ContainerDamaged({ code: 'streams-break-off', params: { streams: broken } })
}

function* insideOf(path: string, name: string, stream: Buffer, budget: Budget): Generator<Member> {
  if (name === '\u0001Ole10Native') {
    const packaged = packagedFile(stream)
    yield embedded(packaged?.name ?? Buffer.from(path), () => packaged?.content ?? stream, budget)
  } else if (/^(Package|CONTENTS)$/i.test(name)) yield embedded(Buffer.from(path), () => stream, budget)
  else {
    const drawn = /^(Workbook|Book)$/i.test(name) ? drawingGroup(stream) : stream
    let number = 0
    for (const { extension, content } of drawnPictures(drawn))
      yield embedded(Buffer.from(`${path}/picture-${++number}.${extension}`), content, budget)
    if (/^PowerPoint Document$/i.test(name)) yield* slideObjects(path, stream, budget)
  }
}

/**
 * ExOleObjStg: an embedded document. When the instance is 1, it is compressed and its length precedes it (MS-PPT
 * 2.10.34).
 */
const EX_OLE_OBJ_STG = 0x1011

function* slideObjects(path: string, stream: Buffer, budget: Budget): Generator<Member> {
  let number = 0
  for (const { type, instance, data } of records(stream)) {
    if (type !== EX_OLE_OBJ_STG || data.length < 4) continue
    const content = (most: number) =>
      instance === 1 ? inflateSync(data.subarray(4), { maxOutputLength: Math.max(1, most) }) : data
    yield embedded(Buffer.from(`${path}/object-${++number}`), content, budget)
  }
}

/** @param content receives the remaining bytes of the limit; throws RangeError when the output would be larger */
function embedded(name: Buffer, content: (most: number) => Buffer, budget: Budget): Member {
  budget.entry()
  return {
    kind: 'embedded',
    name,
    entryKind: 'file',
    sizeBytes: 0n,
    modified: null,
    linkTarget: null,
    read: async () => {
      let unpacked: Buffer
      try {
        // zlib accepts no limit above the maximum buffer length. A member that is read again has no limit of its own.
        unpacked = content(Math.min(budget.left, constants.MAX_LENGTH))
      } catch (error) {
        if (error instanceof RangeError) budget.charge(budget.left + 1)
        if (!(error instanceof Error)) throw error
        return notDone('decode-failed', detailOf(error))
      }
      budget.charge(unpacked.length)
      return unpacked
    },
  }
}
