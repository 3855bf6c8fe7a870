/** Settings that cannot work, where the table of their type cannot know it. */
import { AppError } from '../errors.ts'
import type { StoreSettings } from './settings/store-settings.ts'

export function wrongSetting({ name }: StoreSettings, setting: string, expected: string): AppError {
  return new AppError('config_invalid', { store: name, setting, expected })
}
