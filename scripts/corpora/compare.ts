/** One sample by both readers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Answer, examined, seized } from './ours.ts'
import { contentsBy, textsOf } from './readers.ts'
import type { Compared, Sample } from './sample.ts'

export function compared(sample: Sample, file: string, folder: string): Compared {
  const { expected } = sample
  if (expected.by === 'sqlite3') return textsCompared(sample, file, folder, expected.query)
  if (expected.by === 'published' || expected.by === 'refused') return behindPassword(sample, file, folder)
  // An image is the exhibit; everything else lies in a folder that is.
  const isImage = expected.by === 'tsk_recover' || sample.is.includes('image')
  const ours = isImage ? examined(file, folder, PHASES) : examined(dirname(file), folder, PHASES)
  let theirs: ReturnType<typeof contentsBy>
  try {
    theirs = contentsBy(expected, file, folder)
  } catch (error) {
    const missing = [`${expected.by} failed: ${(error as Error).message.split('\n')[0]}`]
    const more = [...ours.contents.values()]
    return { sample, expected: 0, seen: 0, missing, more, ending: ours.ending }
  }
  const missing = [...theirs].filter(([sha256]) => !ours.all.has(sha256)).map(([, name]) => name)
  const more = [...ours.contents].filter(([sha256]) => !theirs.has(sha256)).map(([, path]) => path)
  return {
    sample,
    expected: theirs.size,
    seen: theirs.size - missing.length,
    missing,
    more,
    ending: ours.ending,
  }
}

const PHASES = ['--phases', 'inventory,known']

/** Each text must be found as a phrase of its first words. */
function textsCompared(sample: Sample, file: string, folder: string, query: string): Compared {
  const texts = textsOf(file, query)
  const ours = examined(dirname(file), folder, ['--text', '--basis', 'public sample'])
  const missing = texts.filter((text) => !isFound(ours, text))
  return {
    sample,
    expected: texts.length,
    seen: texts.length - missing.length,
    missing,
    more: [],
    ending: ours.ending,
  }
}

function isFound({ ledger }: Answer, text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, 4) ?? []
  if (words.length === 0) return true
  const phrase = words.length === 1 ? words[0]! : `"${words.join(' ')}"`
  const { stdout } = seized(['search', ledger, phrase, '--format', 'jsonl', '--operator', 'corpora'])
  return stdout.includes('"path"')
}

/** Without the password the volume is named as locked and the run is not complete; with it the file system is there. */
function behindPassword(sample: Sample, file: string, folder: string): Compared {
  const { expected } = sample
  const closed = examined(expected.by === 'published' ? file : dirname(file), folder, PHASES)
  const wrong = closed.code === 0 || closed.code === 10 ? ['a locked or refused sample is complete'] : []
  if (expected.by !== 'published')
    return { sample, expected: 1, seen: 1 - wrong.length, missing: wrong, more: [], ending: closed.ending }
  const keys = join(folder, 'keys.txt')
  writeFileSync(keys, `${expected.secret.replace('FOLDER', dirname(file))}\n`, { mode: 0o600 })
  const opened = join(folder, 'opened')
  mkdirSync(opened)
  const open = examined(file, opened, [...PHASES, '--keys', keys, '--basis', 'public sample'])
  const found = open.fileSystems.some((one) => one.toLowerCase().includes(expected.fileSystem.toLowerCase()))
  const missing = found
    ? wrong
    : [...wrong, `${expected.fileSystem} (there is ${open.fileSystems.join(', ') || 'none'})`]
  return {
    sample,
    expected: 1,
    seen: found ? 1 : 0,
    missing,
    more: [],
    ending: `without the password ${closed.ending}; with it ${open.ending}`,
  }
}
