/** Kinds by the upper four bits of a mode; folders of ext and APFS store the same four bits with each name. */
import type { VolumeEntry } from '../../../../contracts/image.ts'

export const MODE_KINDS: Readonly<Record<number, VolumeEntry['kind']>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
}
