/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ft-windows-registry-hive', names: 'dat', records: true, begins: ['regf'] },
] as const
