/** sprig's lists. Source: sprig's list.go. */
import { anyList } from '../values.ts'
import { anyParameter, type GoFunction, variadic } from './function.ts'

export const sprigListFunctions: readonly GoFunction[] = [
  variadic('sprig_list', anyParameter, anyList),
  variadic('sprig_tuple', anyParameter, anyList),
]
