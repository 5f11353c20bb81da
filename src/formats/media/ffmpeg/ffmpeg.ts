/**
 * Loads FFmpeg's libraries into this process, through node-av: for video, and for pictures that sharp does not read.
 *
 * node-av replaces the system's ffmpeg program. It installs with npm, so every examiner decodes with the same binary.
 * The bytes are passed by callback, so no protocol is ever opened. The code runs in the confined child process; a
 * separate program would need a path. node-av's own helper downloads an ffmpeg program after installation.
 * package.json denies that script (allowScripts), and nothing here needs it.
 */
import type * as Constants from 'node-av/constants'
import type * as Av from 'node-av/lib'

export type AvLibrary = typeof Av
export type AvConstants = typeof Constants

export interface Ffmpeg {
  readonly av: AvLibrary
  readonly constants: AvConstants
}

let loaded: Ffmpeg | null = null
/** Reason why FFmpeg is missing, in one sentence; null after loading. */
let missing: string | null = 'FFmpeg was not loaded'

/**
 * Loads the library. On a machine without a binary for it, the program continues without FFmpeg, and its formats are
 * unsupported.
 */
export async function loadFfmpeg(): Promise<void> {
  if (loaded) return
  try {
    const av = await import('node-av/lib')
    const constants = await import('node-av/constants')
    av.Log.setCallback(
      (_level, message) => {
        said.push(message.trim())
        if (said.length > SAID_LINES) said.shift()
      },
      { maxLevel: constants.AV_LOG_ERROR },
    )
    loaded = { av, constants }
    missing = null
  } catch (error) {
    missing = `FFmpeg could not be loaded here: ${error instanceof Error ? error.message : String(error)}`
  }
}

export function ffmpeg(): Ffmpeg | { readonly missing: string } {
  return loaded ?? { missing: missing as string }
}

/** Last lines of FFmpeg's error log: the codes report only "invalid data", the log gives the details. */
const said: string[] = []
const SAID_LINES = 20

/** Clears the log, so that `lastWords` covers only what follows. */
export function forgetWords(): void {
  said.length = 0
}

/**
 * Log lines of FFmpeg since the last clearing. The log arrives through the event loop, so this function lets the loop
 * turn first.
 */
export async function lastWords(): Promise<readonly string[]> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
  return [...said]
}

/** Message for a negative return code. */
export function ffmpegError({ av }: Ffmpeg, code: number): string {
  return new av.FFmpegError(code).message
}
