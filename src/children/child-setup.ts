/** What a child is started with. */
import type { Hello } from '../wire/session.ts'
import type { Tools } from './confine/tools.ts'

export interface ChildSetup {
  readonly tools: Tools
  readonly entry: string
  readonly dataBytes: number
  readonly hello: Hello
  readonly wallMs: number
  /** Descriptors of ours that it is lent. */
  readonly inherit: readonly number[]
  readonly readable: readonly string[]
}
