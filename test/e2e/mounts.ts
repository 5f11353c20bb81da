/** Real images and mounts for tests, made and undone by the test that asks for them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

export class Mounts {
  readonly #folder: string
  readonly #mounted: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  /** An ext4 image mounted read-write, to be filled; `readOnly` mounts it again as an exhibit. */
  ext4(name: string, megabytes: number): { image: string; mount: string } {
    const image = join(this.#folder, `${name}.dd`)
    const mount = join(this.#folder, `mnt-${name}`)
    mkdirSync(mount)
    execFileSync('truncate', ['-s', `${megabytes}M`, image])
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image])
    this.mount(['-o', 'loop', image], mount)
    return { image, mount }
  }

  mount(args: readonly string[], target: string): void {
    execFileSync('mount', [...args, target])
    this.#mounted.push(target)
  }

  unmount(target: string): void {
    execFileSync('umount', [target])
    this.#mounted.splice(this.#mounted.indexOf(target), 1)
  }

  readOnly(image: string, mount: string): void {
    this.mount(['-o', 'ro,loop,noload', image], mount)
  }

  dispose(): void {
    for (const target of [...this.#mounted].reverse()) spawnSync('umount', ['-l', target])
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Can this machine make an ext4 image and loop-mount it? */
export const CAN_LOOP_MOUNT = probe()

function probe(): boolean {
  if (process.getuid?.() !== 0 || spawnSync('mkfs.ext4', ['-V']).error) return false
  const folder = `/tmp/seized-probe-${process.pid}`
  mkdirSync(folder)
  const mounts = new Mounts(folder)
  try {
    const { mount } = mounts.ext4('probe', 4)
    return statSync(mount).isDirectory()
  } catch {
    return false
  } finally {
    mounts.dispose()
  }
}
