/**
 * FFmpeg's libraries in this process, through node-av: for video, and for pictures that sharp does not read.
 *
 * node-av rather than the system's ffmpeg: it installs with npm, so every examiner decodes with the same binary; bytes
 * are handed over by callback, so no protocol is ever opened; and it runs in our confined child instead of a program
 * that must be given a path. Its own helper downloads an ffmpeg program after installation; that script is denied in
 * package.json (allowScripts), and nothing here needs it.
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
/** Why FFmpeg is not there, in one sentence; null once it is. */
let missing: string | null = 'FFmpeg was not loaded'

/** Loads the library; a machine that has no binary for it goes on without (formats are then unsupported). */
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

/** The last lines of FFmpeg's error log: codes say "invalid data", the log says which. */
const said: string[] = []
const SAID_LINES = 20

/** Forgets what was logged before, so that `lastWords` is about what comes now. */
export function forgetWords(): void {
  said.length = 0
}

/** What FFmpeg logged since. Its log arrives through the event loop, so this lets that turn first. */
export async function lastWords(): Promise<readonly string[]> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
  return [...said]
}

/** Words for a negative return code. */
export function ffmpegError({ av }: Ffmpeg, code: number): string {
  return new av.FFmpegError(code).message
}
