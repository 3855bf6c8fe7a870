import type { SettingTable } from './setting.ts'

export const fileSettings = {
  directory: {
    kind: 'path',
    variable: 'SECRET_MANAGER_DIRECTORY',
    description:
      'Directory of the files; required in a pod. Default on a laptop: the working directory.',
  },
} as const satisfies SettingTable
