/** How a method that templates may call on a value is written: a function that is given its receiver. */
import type { GoFunction } from '../functions/function.ts'
import type { ConcreteValue, GoType, Value } from '../values.ts'

export interface Method {
  readonly name: string
  readonly parameters: readonly GoType[]
  readonly rest?: GoType
  /** Of the pointer to the type alone, not of the type. */
  readonly pointerOnly?: boolean
  /** Why no template can call it: it has more results than one and an error. */
  readonly complaint?: string
  readonly run: (receiver: ConcreteValue, values: readonly Value[]) => Value
}

/** A method without parameters. */
export function getter(name: string, run: (receiver: ConcreteValue) => Value): Method {
  return { name, parameters: [], run }
}

/** A method with more results than templates can take. */
export function unusable(name: string, complaint: string): Method {
  return { name, parameters: [], complaint, run: () => undefined }
}

export function bind(method: Method, receiver: ConcreteValue): GoFunction {
  const { name, parameters, rest, complaint } = method
  return {
    name,
    parameters,
    ...(rest === undefined ? {} : { rest }),
    ...(complaint === undefined ? {} : { complaint }),
    run: (values) => method.run(receiver, values),
  }
}

/** `[]byte` */
export function byteList(bytes: string): Value {
  const items = Array.from(bytes, (byte) => ({
    kind: 'uint' as const,
    type: 'uint8',
    value: BigInt(byte.charCodeAt(0)),
  }))
  return { kind: 'slice', type: '[]uint8', items }
}
