/**
 * Reads the stream `Zone.Identifier` of a Windows file: the origin of the file, written by the program that saved it.
 *
 * @see Microsoft, "[MS-FSCC]", section 5.6.1
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { type ArtefactReader, NotAnArtefact } from '../../records/artefact.ts'

const MOST_BYTES = 1 << 16
const INTERNET = 3

export const zone: ArtefactReader = {
  id: 'zone',
  mediaTypes: ['text/x-zone-identifier'],
  read(bytes, sink) {
    const text = decodeLocal(sink.beginning(bytes, MOST_BYTES))
    if (!text.startsWith('[ZoneTransfer]')) throw new NotAnArtefact()
    const values = new Map(
      text.split(/\r?\n/).flatMap((line) => {
        const at = line.indexOf('=')
        return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const]
      }),
    )
    const id = Number(values.get('zoneid') ?? Number.NaN)
    sink.add({
      what: {
        code: 'download',
        params: definedOnly({
          program: 'windows-zone',
          app: values.get('lastwriterpackagefamilyname'),
          url: values.get('hosturl') || undefined,
          referrer: values.get('referrerurl') || undefined,
          state: Number.isInteger(id) ? `zone ${id}` : undefined,
        }),
      },
      direction: id >= INTERNET ? 'received' : null,
    })
    return []
  },
}
