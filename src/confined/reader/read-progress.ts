/** Progress of a reader in shared memory, from which its watcher thread sends heartbeats. */
import { PROGRESS } from '../../process/heartbeat.ts'
import { LateWatch } from '../../process/watch.ts'

const MEBIBYTE = 1 << 20
const MOVES_A_LOOK = 16

export class ReadProgress {
  readonly shared = new Int32Array(new SharedArrayBuffer(16))
  readonly #parentPid: number
  readonly #watch: LateWatch | null

  /** @param quietMs milliseconds until the watcher thread starts; 0: the caller starts it */
  constructor(parentPid: number, quietMs: number) {
    this.#parentPid = parentPid
    this.#watch = quietMs === 0 ? null : new LateWatch(parentPid, this.shared, quietMs)
  }

  begin(batch: number): void {
    Atomics.store(this.shared, PROGRESS.batch, batch)
  }

  /** @param index of a job in its batch */
  beginJob(index: number): void {
    Atomics.store(this.shared, PROGRESS.job, index)
    Atomics.store(this.shared, PROGRESS.within, 0)
    this.#moved()
  }

  /** @param bytes of the content that were read */
  read(bytes: number): void {
    Atomics.store(this.shared, PROGRESS.within, Math.floor(bytes / MEBIBYTE))
    this.#moved()
  }

  #moved(): void {
    this.#watch?.moved()
    const moves = Atomics.add(this.shared, PROGRESS.moved, 1)
    // Checks whether the parent has ended. The watcher checks it too, but starts late on a busy machine. It is a system
    // call, so not for every small file.
    if (moves % MOVES_A_LOOK === 0 && process.ppid !== this.#parentPid) process.exit(1)
  }
}
