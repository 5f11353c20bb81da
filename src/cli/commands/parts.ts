/** `seized parts`: the current digest of every file that takes part in a run, in the format of sha256sum. */
import { EXIT } from '../../base/exit-codes.ts'
import { digestParts } from '../../parts/digest-parts.ts'

export async function parts(): Promise<number> {
  const { lines } = await digestParts(null)
  process.stdout.write(lines)
  return EXIT.complete
}
