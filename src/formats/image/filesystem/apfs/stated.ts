/** Facts that a container states about its volumes, and their names in evidence paths. */
import type { StatedField, VolumeEntry } from '../../../../contracts/image.ts'
import type { Blocks } from './blocks.ts'
import type { Checkpoint, VolumeState } from './container.ts'
import { lostEntry } from './entry.ts'
import { snapshotsOf } from './snapshots.ts'

/** A volume is a folder with its name; without a name, or with that of an earlier volume, its number is used. */
export function foldersOf(volumes: readonly VolumeState[]): Buffer[] {
  const taken = new Set<string>()
  return volumes.map(({ number, superblock: { name } }) => {
    const key = name.toString('latin1')
    const isName = name.length > 0 && !name.includes(SLASH) && !taken.has(key)
    taken.add(key)
    return isName ? name : Buffer.from(`$Volume-${number}`)
  })
}

const SLASH = 0x2f

/** An encrypted volume, as one entry in place of its files. */
export function closedVolume(
  { number, superblock }: VolumeState,
  folder: Buffer,
  blockBytes: number,
): VolumeEntry {
  const shown = { path: [folder], status: 'live', basis: null, notes: [] } as const
  const bytes = superblock.allocatedBlocks * blockBytes
  return {
    ...lostEntry({ name: folder, id: number, type: 0 }, shown),
    sizeBytes: Number.isSafeInteger(bytes) ? bytes : 0,
    place: { kind: 'none', reason: 'encrypted', detail: 'APFS' },
    notes: [],
  }
}

export function statedOf(
  { superblock }: Checkpoint,
  volumes: readonly VolumeState[],
  blocks: Blocks,
): StatedField[] {
  const fields: StatedField[] = [{ name: 'checkpoint', value: `${superblock.transaction}` }]
  for (const { number, superblock: volume } of volumes) {
    const words = [
      JSON.stringify(volume.name.toString('utf8')),
      volume.uuid,
      volume.role && `role ${volume.role}`,
      volume.isEncrypted ? 'encrypted' : '',
      volume.isSealed ? 'sealed' : '',
      volume.ignoresCase ? 'case-insensitive' : 'case-sensitive',
      `made ${utc(volume.formattedNs)} by ${volume.formattedBy}`,
      `changed ${utc(volume.modifiedNs)}`,
    ]
    fields.push({ name: `volume-${number}`, value: words.filter(Boolean).join(', ') })
    if (volume.snapshots === 0) continue
    fields.push({ name: `volume-${number}-snapshots`, value: `${volume.snapshots}` })
    if (volume.isEncrypted) continue
    for (const [index, snapshot] of snapshotsOf(blocks, volume, () => {}).entries())
      fields.push({
        name: `volume-${number}-snapshot-${index + 1}`,
        value: `${snapshot.name.toString('utf8')} ${utc(snapshot.createdNs)}`.trim(),
      })
  }
  return fields
}

/** ISO 8601; empty for an invalid time. */
function utc(ns: bigint): string {
  const ms = Number(ns / 1_000_000n)
  return ns !== 0n && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : ''
}
