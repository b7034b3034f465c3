import { expect, test } from 'vitest'
import { seccompProfiles, security } from '../../../src/local/container/security.ts'
import { aFolder } from '../../kit/folder.ts'
import { aProject } from '../../kit/project.ts'

const options = (...security_opt: string[]) => security(aProject({}), { security_opt })

test('options go to the engine as they are', () => {
  expect(options('no-new-privileges:true', 'label=disable', 'seccomp=unconfined')).toEqual({
    security_opt: ['no-new-privileges:true', 'label=disable', 'seccomp=unconfined'],
  })
})

test('systempaths=unconfined shows the paths that engines hide', () => {
  expect(options('systempaths=unconfined')).toEqual({ security_opt: [], masked_paths: [], readonly_paths: [] })
})

test('a seccomp profile is sent as its text, found from the project’s directory', async () => {
  const working_dir = aFolder({ 'profile.json': '{ "defaultAction":  "SCMP_ACT_ALLOW" }\n' })
  const web = { security_opt: ['seccomp:profile.json', 'seccomp=builtin'] }
  const project = aProject({ web }, { working_dir })
  expect(security(project, web, await seccompProfiles(project))).toEqual({
    security_opt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}', 'seccomp=builtin'],
  })
})

test('a profile that is missing or no JSON is the user’s to mend', async () => {
  const working_dir = aFolder({ 'bad.json': '{' })
  const profiles = (file: string) =>
    seccompProfiles(aProject({ web: { security_opt: [`seccomp=${file}`] } }, { working_dir }))
  await expect(profiles('none.json')).rejects.toThrow(/^the seccomp profile ".*none.json" cannot be read/)
  await expect(profiles('bad.json')).rejects.toThrow(/^the seccomp profile ".*bad.json" is not JSON/)
})
