/** The layout of the apt repository: apt itself reads it and takes the package out of it. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeAptRepository } from '../../scripts/package/apt.ts'
import { temporaryFolder } from '../e2e/seized.ts'

it.skipIf(!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb'))(
  'is read by apt, and the same package gives the same repository',
  () => {
    const folder = temporaryFolder()
    const arch = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()
    mkdirSync(join(folder, 'tree/DEBIAN'), { recursive: true })
    writeFileSync(
      join(folder, 'tree/DEBIAN/control'),
      `Package: seized\nVersion: 0.2.0\nArchitecture: ${arch}\nMaintainer: x <x@localhost>\nDescription: x\n`,
    )
    const deb = join(folder, `seized_0.2.0_${arch}.deb`)
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', join(folder, 'tree'), deb])
    const [one, two] = ['one', 'two'].map((name) => join(folder, name))
    for (const out of [one!, two!]) makeAptRepository(deb, out, 1_764_460_800)
    const release = (out: string) => readFileSync(join(out, 'dists/stable/Release'), 'utf8')
    expect(release(one!)).toBe(release(two!))

    for (const name of ['lists/partial', 'archives/partial', 'etc', 'got'])
      mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, 'sources.list'), `deb [trusted=yes] file:${one} stable main\n`)
    writeFileSync(join(folder, 'status'), '')
    const apt = (...words: string[]) =>
      execFileSync(
        'apt-get',
        [
          ...['-o', `Dir::Etc::sourcelist=${folder}/sources.list`, '-o', 'Dir::Etc::sourceparts=-'],
          ...['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::State::status=${folder}/status`],
          ...['-o', `Dir::Cache=${folder}`, '-o', 'APT::Sandbox::User=root', ...words],
        ],
        { cwd: join(folder, 'got'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      )
    apt('update')
    apt('download', 'seized')
    expect(readFileSync(join(folder, 'got', `seized_0.2.0_${arch}.deb`)).equals(readFileSync(deb))).toBe(true)
  },
)
