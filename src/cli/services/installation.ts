/** Whether a process that ended by itself ends on everything: then the installation is broken, and the exhibit is not to blame. */
import { InstallationBroken, ProcessFailed } from '../../base/errors.ts'

/** @returns InstallationBroken, or what was thrown */
export async function installationOr(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof ProcessFailed)) return thrown
  // Of no use to any other command.
  const { trySource } = await import('../../source/try-source.ts')
  for (const kind of ['mount', 'image'] as const) {
    const broken = await trySource(kind)
    if (broken !== null) return new InstallationBroken(broken)
  }
  return thrown
}
