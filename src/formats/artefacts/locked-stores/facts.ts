/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-signal-backup', names: 'backup', holds: true, records: true },
  { type: 'application/x-signal-config', names: 'json', records: true },
  { type: 'application/x-sqlcipher-database', names: 'db sqlite', holds: true, records: true },
  { type: 'application/x-telegram-data', names: '', records: true, begins: ['TDF$'] },
  { type: 'application/x-whatsapp-backup', names: 'crypt12 crypt14 crypt15', holds: true, records: true },
] as const
