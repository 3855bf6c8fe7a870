/** A step whose login, reads and renewals are recorded. */

import type { Attributes, Recorder, Tracer } from '../../core/tracing/recorder.ts'
import type { NameSecret } from '../../core/tracing/secret-attributes.ts'
import { describeRequest } from '../../core/tracing/secret-attributes.ts'
import type { AuthMethod } from '../auth/auth-method.ts'
import type { StepPorts } from '../step/ports.ts'
import type { Step } from '../step/step.ts'

const vault: Attributes = { 'claviger.store.type': 'vault' }

/** The other stores record for themselves. */
export function tracePorts(ports: StepPorts, tracer: Tracer, nameSecret: NameSecret): StepPorts {
  const { method, read, renewToken, checkToken, renewLease } = ports
  return {
    ...ports,
    method: method === undefined ? undefined : traceMethod(method, tracer),
    read: (request, token) =>
      tracer.run<Awaited<ReturnType<typeof read>>>(describeRequest(request, nameSecret), () =>
        read(request, token),
      ),
    renewToken: (token) =>
      tracer.run({ name: 'renew_token', attributes: vault }, () => renewToken(token)),
    checkToken: (token) =>
      tracer.run({ name: 'check_token', attributes: vault }, () => checkToken(token)),
    renewLease: (leaseId, token) =>
      tracer.run({ name: 'renew_lease', attributes: vault }, () => renewLease(leaseId, token)),
  }
}

function traceMethod(method: AuthMethod, tracer: Tracer): AuthMethod {
  const { identity, facts } = method
  const attributes = {
    ...vault,
    'claviger.auth.path': facts.path,
    'claviger.auth.role': facts.role,
  }
  return {
    identity,
    facts,
    login: (remembered) =>
      tracer.run({ name: 'login', attributes }, () => method.login(remembered)),
    fingerprint: () => method.fingerprint(),
    hasUnsaved: () => method.hasUnsaved?.() === true,
  }
}

/** All that a step asks is below it. */
export function traceStep(step: Step, recorder: Recorder): Step {
  return (...given) =>
    recorder.runRoot(
      'agent_step',
      () => step(...given),
      ({ writes, complete, giveUp }) => ({
        attributes: { 'claviger.step.files': writes.length, 'claviger.step.complete': complete },
        error: giveUp?.code,
      }),
    )
}
