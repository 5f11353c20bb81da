/** What a child is started with. */
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
  /** Descriptors of ours that it is lent. */
  readonly inherit: readonly number[]
  /** What hands it contents, where it inherits a pipe. */
  readonly feeder: Feeder | null
  readonly readable: readonly string[]
  /** Go on where it cannot be kept from files. */
  readonly allowUnconfined: boolean
}
