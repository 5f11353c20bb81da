/** An image as the exhibit of a run; fields that only a mount has are empty. */
import { statSync } from 'node:fs'
import type { Exhibit } from '../../contracts/case.ts'
import type { ExhibitImage } from '../../contracts/image-exhibit.ts'
import type { HeldImage } from '../../host/held/held-image.ts'

export function exhibitOf({ path, segments }: HeldImage, image: ExhibitImage): Exhibit {
  const { ino, dev } = statSync(path, { bigint: true })
  return {
    root: path,
    rootInode: ino,
    rootDevice: dev,
    fileSystem: 'image',
    uuid: null,
    mountSource: segments[0]?.name ?? '',
    mountOptions: '',
    writable: false,
    viaLoop: false,
    viaFuse: false,
    submounts: [],
    remarks: [],
    image,
  }
}
