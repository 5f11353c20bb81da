/** What is read of this kind: a sample of each of its files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as networks from '../../../../fixtures/device/hidden-networks.ts'
import type { ArtefactSample } from '../../sample.ts'

const FOLDER = join(import.meta.dirname, '../../../../fixtures/device')

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-tor-service-key',
    make: () => Buffer.from(`== ed25519v1-public: type0 ==\0\0\0${'k'.repeat(32)}`),
    records: 0,
  },
  {
    mediaType: 'application/x-i2p-key',
    make: () => readFileSync(join(FOLDER, 'i2pd/my-site.dat')),
    records: 0,
  },
  {
    mediaType: 'application/x-i2p-router',
    make: () => readFileSync(join(FOLDER, 'i2pd/router.info')),
    records: 1,
  },
  {
    mediaType: 'text/x-i2pd-config',
    make: () => readFileSync(join(FOLDER, 'i2pd/tunnels.conf')),
    records: 1,
  },
  { mediaType: 'text/x-freenet-config', make: () => Buffer.from(networks.FREENET_CONFIG), records: 1 },
  { mediaType: 'text/x-i2p-config', make: () => Buffer.from(networks.I2P_TUNNELS), records: 1 },
  { mediaType: 'text/x-i2p-hosts', make: () => Buffer.from(networks.I2P_HOSTS), records: 1 },
  { mediaType: 'text/x-mozilla-preferences', make: () => Buffer.from(networks.PREFERENCES), records: 1 },
  { mediaType: 'text/x-torrc', make: () => Buffer.from(networks.TORRC), records: 3 },
  {
    mediaType: 'text/x-tor-state',
    make: () =>
      Buffer.from(
        '# Tor state file last generated on 2026-01-02 05:04:05 local time\nTorVersion Tor 0.4.8.10\nLastWritten 2026-01-02 03:04:05\n',
      ),
    records: 1,
  },
]
