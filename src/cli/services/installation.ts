/**
 * Tells whether a process that ended by itself fails on every input: then the installation is broken, and the exhibit
 * is not the cause.
 */
import { InstallationBroken, ProcessFailed, UsageError } from '../../base/errors.ts'

/** @returns InstallationBroken, a message about the image on which the lister ended, or the original error */
export async function installationOr(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof ProcessFailed)) return thrown
  // Loaded here, because other commands do not need it.
  const { trySource } = await import('../../source/try-source.ts')
  for (const kind of ['mount', 'image'] as const) {
    const broken = await trySource(kind)
    if (broken !== null) return new InstallationBroken(broken)
  }
  if (thrown.process !== 'list') return thrown
  return new UsageError(
    `The image could not be examined: the process that lists what an image holds ended on it (${thrown.said}), and works on others. Nothing more is known of this image.`,
    { code: 'image-refused', cause: thrown },
  )
}
