/**
 * The header of LUKS, version 1.
 *
 * @see Clemens Fruhwirth, "LUKS On-Disk Format Specification Version 1.2.3", 2018
 */
import type { Medium } from '../../../contracts/image.ts'
import { readAt } from '../../image/content/read-at.ts'
import type { Slot } from './key-material.ts'
import type { LuksHeader } from './luks-header.ts'

const HEADER_BYTES = 592
const SLOTS = 8
const SLOT_BYTES = 48
const ENABLED = 0x00ac71f3

/** Null: no header of this version. */
export function luks1Header(volume: Medium): LuksHeader | null {
  const head = readAt(volume, 0, HEADER_BYTES)
  if (head.length < HEADER_BYTES || head.readUInt16BE(6) !== 1) return null
  const encryption = `${textAt(head, 8, 32)}-${textAt(head, 40, 32)}`
  const hash = textAt(head, 72, 32)
  const payload = head.readUInt32BE(104) * 512
  const keyBytes = head.readUInt32BE(108)
  const slots: Slot[] = []
  for (let index = 0; index < SLOTS; index++) {
    const at = 208 + index * SLOT_BYTES
    if (head.readUInt32BE(at) !== ENABLED) continue
    slots.push({
      id: String(index),
      keyBytes,
      derivation: {
        kind: 'pbkdf2',
        hash,
        iterations: head.readUInt32BE(at + 4),
        salt: head.subarray(at + 8, at + 40),
      },
      offset: head.readUInt32BE(at + 40) * 512,
      stripes: head.readUInt32BE(at + 44),
      stripesHash: hash,
      encryption,
      areaKeyBytes: keyBytes,
    })
  }
  return {
    format: 'luks1',
    id: textAt(head, 168, 40),
    label: '',
    slots,
    digests: [
      {
        slots: slots.map(({ id }) => id),
        segments: ['0'],
        hash,
        iterations: head.readUInt32BE(164),
        salt: head.subarray(132, 164),
        value: head.subarray(112, 132),
      },
    ],
    segments: [
      {
        id: '0',
        offset: payload,
        length: Math.max(0, volume.sizeBytes - payload),
        encryption,
        keyBytes,
        sectorBytes: 512,
        ivStart: 0,
      },
    ],
    isStateBuilt: payload >= HEADER_BYTES,
  }
}

function textAt(head: Buffer, at: number, length: number): string {
  const text = head.toString('latin1', at, at + length)
  const end = text.indexOf('\0')
  return (end === -1 ? text : text.slice(0, end)).replace(/[^\w:.-]/g, '_')
}
