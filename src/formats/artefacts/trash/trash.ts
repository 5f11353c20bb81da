/**
 * Reads trash records of Linux desktops: one file for each removed file, with original path and local time of
 * removal.
 *
 * @see freedesktop.org, "The FreeDesktop.org Trash specification"
 */
import { type ArtefactReader, NotAnArtefact } from '../../records/artefact.ts'

export const trash: ArtefactReader = {
  id: 'trash',
  mediaTypes: ['text/x-trash-info'],
  read(bytes, sink) {
    const lines = bytes.toString('utf8', 0, Math.min(bytes.length, 1 << 16)).split('\n')
    const value = (name: string) =>
      lines
        .find((line) => line.startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .trim()
    const path = value('Path')
    if (path === undefined) throw new NotAnArtefact()
    const removed = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)$/.exec(value('DeletionDate') ?? '')
    const ms = removed ? Date.parse(`${removed[1]}T${removed[2]}Z`) : Number.NaN
    sink.add({
      what: { code: 'file-trashed', params: { path: decoded(path) } },
      when: Number.isNaN(ms)
        ? null
        : { ns: `${BigInt(ms) * 1_000_000n}`, resolution: 's', zone: 'local-unknown' },
    })
    return []
  },
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // Names are bytes: a name that is not UTF-8 stays as written.
    return path
  }
}
