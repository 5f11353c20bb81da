/** Settings with which a child is started. */
import type { Hello } from '../../wire/session.ts'
import type { Tools } from '../confine/tools.ts'
import type { Feeder } from './feeder.ts'

export interface ChildSetup {
  readonly tools: Tools
  readonly entry: string
  /** Of its engine. */
  readonly flags: readonly string[]
  readonly dataBytes: number
  readonly hello: Hello
  readonly wallMs: number
  /** Descriptors of ours that the child inherits. */
  readonly inherit: readonly number[]
  /** The process that passes contents to the child through an inherited pipe; null: the child inherits no pipe. */
  readonly feeder: Feeder | null
  readonly readable: readonly string[]
  /** Start the child also where it cannot be kept from files. */
  readonly allowUnconfined: boolean
}
