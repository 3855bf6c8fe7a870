/** Answers that come in pages. */
import type { JsonObject } from '../../json.ts'
import { objectsIn, textIn } from './answer.ts'
import type { ServiceCall } from './sender.ts'
import type { CallService } from './service-client.ts'

export interface PagedCall {
  readonly call: CallService
  readonly request: ServiceCall
  /** The member with the page's objects. */
  readonly member: string
}

/** The objects of all pages, fetched as they are asked for. */
export async function* readPages({ call, request, member }: PagedCall): AsyncGenerator<JsonObject> {
  let token: string | undefined
  do {
    const next = token === undefined ? {} : { NextToken: token }
    const answer = await call({ ...request, input: { ...request.input, ...next } })
    yield* objectsIn(answer, member)
    token = textIn(answer, 'NextToken') || undefined
  } while (token !== undefined)
}
