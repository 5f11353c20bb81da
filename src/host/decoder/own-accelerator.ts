/** The accelerator of this host, as the kernel names its devices. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { Accelerator, AcceleratorName } from '../../contracts/accelerator.ts'

/** PCI vendor of the devices that OpenVINO and VA-API drive. */
const INTEL = '0x8086'

/**
 * @param root of the file systems that the kernel shows; tests pass their own
 * @throws UsageError where this host has no such device
 */
export function ownAccelerator(name: AcceleratorName, root = '/'): Accelerator {
  const device = DEVICES[name](root)
  if (device === null)
    throw new UsageError(
      `This host has no device for ${name}. Examine without an accelerator, or on a host that has one; the ledger is then of another class.`,
      { code: 'plan-differs' },
    )
  return { name, device }
}

/** Null: none. Devices in the order of their names; all of them count, because the runtime chooses. */
const DEVICES: Readonly<Record<AcceleratorName, (root: string) => string | null>> = {
  cuda: (root) => {
    const driver = textAt(join(root, 'proc/driver/nvidia/version')).split('\n')[0]!.trim()
    const folder = join(root, 'proc/driver/nvidia/gpus')
    const models = namesIn(folder).map(
      (one) => /^Model:\s*(.+)$/m.exec(textAt(join(folder, one, 'information')))?.[1]?.trim() ?? 'unknown',
    )
    return models.length === 0 ? null : `${models.join(', ')}; ${driver}`
  },
  openvino: (root) => {
    const folder = join(root, 'sys/class/drm')
    const models = namesIn(folder)
      .filter((one) => one.startsWith('renderD'))
      .map((one) => ['vendor', 'device'].map((file) => textAt(join(folder, one, 'device', file)).trim()))
      .filter(([vendor]) => vendor === INTEL)
      .map((ids) => ids.join(':'))
    return models.length === 0 ? null : `${models.join(', ')}; Linux ${release()}`
  },
  // A part of Windows, on which this program does not run.
  directml: () => null,
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function textAt(file: string): string {
  return existsSync(file) ? readFileSync(file, 'latin1') : ''
}
