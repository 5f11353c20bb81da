/** What is read of this kind: a sample of each of its files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as networks from '../../../../fixtures/device/hidden-networks.ts'
import type { ArtefactSample } from '../../sample.ts'

const FOLDER = join(import.meta.dirname, '../../../../fixtures/device')

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/octet-stream',
    make: () => readFileSync(join(FOLDER, 'sqlcipher/version3.db')),
    records: 0,
    isEncrypted: true,
  },
  {
    mediaType: 'application/x-sqlcipher-database',
    place: 'data/data/org.thoughtcrime.securesms/databases/signal.db',
    make: () => readFileSync(join(FOLDER, 'sqlcipher/version3.db')),
    records: 0,
    isEncrypted: true,
  },
  { mediaType: 'application/x-signal-backup', make: networks.signalBackup, records: 0, isEncrypted: true },
  {
    mediaType: 'application/x-signal-config',
    make: () => Buffer.from(`{"encryptedKey": "763130${'ab'.repeat(80)}"}`),
    records: 0,
    isEncrypted: true,
  },
  {
    mediaType: 'application/x-telegram-data',
    make: () => networks.telegramData(4_008_003),
    records: 0,
    isEncrypted: true,
  },
  {
    mediaType: 'application/x-whatsapp-backup',
    make: () => networks.whatsappBackup('crypt15', '2.24.5.13', true),
    records: 0,
    isEncrypted: true,
  },
]
