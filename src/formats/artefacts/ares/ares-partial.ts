/**
 * Reads the state of an incomplete Ares download at the end of the partial file: SHA-1 of the complete file, received
 * bytes, start time.
 *
 * @see Ares Galaxy 2.4.6, helper_download_disk.pas (read_details_DB_Download); Mobius, file_arestra.cc
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { Cursor, Ended } from '../../bytes/bytes.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { type ArtefactReader, NotAnArtefact, unixSeconds } from '../../records/artefact.ts'
import { ARES_STATE } from './signature.ts'

/** Length value that means "no details". */
const NO_DETAILS = 3500
const DETAIL = { title: 2, url: 9, sha1: 15, folder: 19, started: 25 } as const

export const aresPartial: ArtefactReader = {
  id: 'ares-partial',
  mediaTypes: ['application/x-ares-partial'],
  read(bytes, sink) {
    const cursor = new Cursor(bytes)
    if (bytes.length < 64 || !cursor.take(ARES_STATE.length).equals(ARES_STATE)) throw new NotAnArtefact()
    const isFirst = cursor.u8() === 0x5f
    const number = () => (isFirst ? cursor.u32() : cursor.u64())
    let sizeBytes: number | undefined
    let receivedBytes: number | undefined
    let isPaused: boolean | undefined
    const details = new Map<number, Buffer>()
    let at = 0
    try {
      sizeBytes = number()
      receivedBytes = number()
      at = cursor.at
      // Missing ranges, until a range ends at zero. The first version stores the end before the start.
      for (let end = -1; end !== 0; ) {
        const [one, other] = [number(), number()]
        end = isFirst ? one : other
      }
      at = cursor.at
      cursor.u8()
      isPaused = cursor.u8() === 1
      cursor.take(12)
      at = cursor.at
      const length = cursor.u16()
      if (length !== NO_DETAILS) {
        const fields = new Cursor(cursor.take(length))
        while (fields.left > 0) {
          const [type, bytesOf] = [fields.u8(), fields.u16()]
          details.set(type, fields.take(bytesOf))
        }
      }
    } catch (error) {
      if (!(error instanceof Ended)) throw error
      sink.spoiled(at)
    }
    const text = (type: number) => {
      const value = details.get(type)
      return value === undefined || value.length === 0 ? undefined : decodeLocal(value)
    }
    const sha1 = details.get(DETAIL.sha1)
    const started = details.get(DETAIL.started)
    const isSize = sizeBytes !== undefined && Number.isSafeInteger(sizeBytes)
    const isReceived = isSize && receivedBytes !== undefined && receivedBytes <= sizeBytes!
    // Without digest and size the record is not reliable.
    if (sha1?.length !== 20 && !isSize) return []
    sink.add({
      what: {
        code: 'ares-partial',
        params: definedOnly({
          title: text(DETAIL.title),
          folder: text(DETAIL.folder),
          url: text(DETAIL.url),
          sizeBytes: isSize ? sizeBytes : undefined,
          receivedBytes: isReceived ? receivedBytes : undefined,
          paused: isPaused || undefined,
        }),
      },
      direction: isReceived && receivedBytes! > 0 ? 'received' : null,
      when: started?.length === 4 ? unixSeconds(started.readUInt32LE(0)) : null,
      digests: sha1?.length === 20 ? { sha1: sha1.toString('hex') } : {},
      sizeBytes: isSize ? sizeBytes! : null,
    })
    return []
  },
}
